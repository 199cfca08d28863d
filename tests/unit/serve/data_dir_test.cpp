#include "serve/data_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <unistd.h>

namespace chaos {
namespace {

struct DataDirTest : ::testing::Test {
  std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / ("data_" + std::to_string(getpid()));
  void TearDown() override { std::filesystem::remove_all(path); }
};

TEST_F(DataDirTest, HasOneControllerAtATime) {
  auto first = DataDir::open(path);
  ASSERT_TRUE(first);
  const auto second = DataDir::open(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Refusal::Kind::not_now);
  first->reset();
  EXPECT_TRUE(DataDir::open(path));
}

TEST_F(DataDirTest, LabJsonIsThereWhileTheControllerIs) {
  auto data = DataDir::open(path);
  (*data)->publish({42, "127.42.1.1:7000", "127.42.1.1:7070", "r1", "smoke"});
  std::stringstream text;
  text << std::ifstream(path / "lab.json").rdbuf();
  EXPECT_NE(text.str().find("\"grpc\":\"127.42.1.1:7000\""), std::string::npos);
  data->reset();
  EXPECT_FALSE(std::filesystem::exists(path / "lab.json"));
}

TEST_F(DataDirTest, TheTokenIsForItsOwner) {
  auto data = DataDir::open(path);
  EXPECT_EQ((*data)->make_token().size(), 32u);
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(path / "game_master").permissions() & others, std::filesystem::perms::none);
}

}  // namespace
}  // namespace chaos
