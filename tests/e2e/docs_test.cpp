// Generated pages are what the code says.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

TEST(Docs, TheFaultCatalogueIsTheOneThatTheBinaryPrints) {
  std::ifstream in(std::string(CHAOSLAB_SOURCE_DIR) + "/docs/faults.md");
  std::stringstream committed;
  committed << in.rdbuf();
  EXPECT_EQ(sh((bin_dir() / "chaosctl").string() + " faults --markdown").out, committed.str()) << "chaosctl faults --markdown > docs/faults.md";
}

// A fault has one stem in its four places; the catalogue is the fourth.
TEST(Docs, EveryFaultOfTheProtoHasItsFileAndItsTest) {
  const std::string source = CHAOSLAB_SOURCE_DIR;
  const std::string names = sh((bin_dir() / "chaosctl").string() + " -o json faults | tr ',' '\\n' | grep -o '\"name\":\"[a-z_]*\"' | cut -d'\"' -f4").out;
  std::istringstream lines(names);
  int count = 0;
  for (std::string name; std::getline(lines, name); ++count) {
    EXPECT_NE(sh("ls " + source + "/nodes/faults/*/" + name + ".cpp " + source + "/nodes/*/faults/" + name + ".cpp 2>/dev/null").out, "") << name;
    EXPECT_EQ(sh("grep -rqE '\\b" + name + "\\b' " + source + "/tests/chaos").exit, 0) << name;
  }
  EXPECT_GE(count, 8);
}

}  // namespace
}  // namespace chaos::test
