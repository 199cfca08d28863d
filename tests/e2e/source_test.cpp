// What the compiler and the linker do not say of the sources.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace chaos::test {
namespace {

using Homes = std::map<std::string, std::set<std::string>>;    // class with its namespace, folders that define it

// Top-level classes of one file that other files can see; the project's style puts them and their namespaces at column 0.
void add_classes(const std::filesystem::path& file, const std::string& home, Homes& homes) {
  static const std::regex opens("namespace ([\\w:]+) \\{.*");
  static const std::regex defines("(?:class|struct) (\\w+)[^;]*");
  std::ifstream in(file);
  std::string space;
  bool anonymous = false;
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_match(line, match, opens)) space = match[1];
    if (line == "namespace {") anonymous = true;
    if (line == "}  // namespace") anonymous = false;
    if (!anonymous && std::regex_match(line, match, defines)) homes[space + "::" + match[1].str()].insert(home);
  }
}

// All roles are one program: two classes of one name are one class to the linker, which keeps one destructor of the two.
TEST(Sources, NoTwoFoldersOfTheNodeDefineAClassOfTheSameName) {
  Homes homes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(CHAOSLAB_SOURCE_DIR) + "/nodes")) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    const auto below = std::filesystem::relative(entry.path(), std::string(CHAOSLAB_SOURCE_DIR) + "/nodes");
    add_classes(entry.path(), below.begin()->string(), homes);
  }
  EXPECT_GT(homes.size(), 100u);
  for (const auto& [name, folders] : homes) EXPECT_EQ(folders.size(), 1u) << name << " in " << *folders.begin() << " and " << *folders.rbegin();
}

}  // namespace
}  // namespace chaos::test
