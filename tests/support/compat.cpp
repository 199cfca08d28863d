#include "support/compat.hpp"

#include "support/process.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {

namespace {

std::string_view name_of(Compat verdict) {
  switch (verdict) {
    case Compat::works: return "works";
    case Compat::differs: return "differs";
    case Compat::refused: return "refused";
  }
  return "";
}

// Writes the rows of the test that runs once it has passed.
class Recorder final : public testing::EmptyTestEventListener {
 public:
  static Recorder& instance() {
    static auto* recorder = [] {
      auto* made = new Recorder;                        // gtest deletes its listeners
      testing::UnitTest::GetInstance()->listeners().Append(made);
      return made;
    }();
    return *recorder;
  }

  void add(boost::json::object row) {
    if (rows_.empty()) std::filesystem::remove(file(*testing::UnitTest::GetInstance()->current_test_info()));
    rows_.push_back(std::move(row));
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    if (rows_.empty()) return;
    if (test.result()->Passed() && !test.result()->Skipped()) {
      std::filesystem::create_directories(file(test).parent_path());
      std::ofstream(file(test)) << boost::json::serialize(rows_) << '\n';
    }
    rows_.clear();
  }

 private:
  static std::filesystem::path file(const testing::TestInfo& test) {
    return bin_dir().parent_path() / "compatibility" / (std::string(test.test_suite_name()) + "." + test.name() + ".json");
  }
  boost::json::array rows_;
};

}  // namespace

void compat(const std::string& protocol, const std::string& section, const std::string& feature, Compat verdict, const std::string& note) {
  if (verdict != Compat::works && note.empty()) ADD_FAILURE() << feature << ": say how it differs or why it is refused";
  Recorder::instance().add({{"protocol", protocol}, {"section", section}, {"feature", feature}, {"verdict", name_of(verdict)}, {"note", note}});
}

}  // namespace chaos::test
