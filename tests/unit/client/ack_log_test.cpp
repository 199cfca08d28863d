#include "client/ack_log.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include <stdlib.h>

namespace chaos {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AckLogTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "acks-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }
  std::filesystem::path dir_;
};

TEST_F(AckLogTest, KnowsWhatWasAppendedBefore) {
  {
    AckLog log;
    EXPECT_THAT(log.open(dir_, "r1").value(), IsEmpty());
    EXPECT_TRUE(log.append(5));
    EXPECT_TRUE(log.append(9'000'000'000));
  }
  AckLog log;
  EXPECT_THAT(log.open(dir_, "r1").value(), ElementsAre(5, 9'000'000'000));
}

TEST_F(AckLogTest, EachRunHasAFileOfItsOwn) {
  AckLog log;
  ASSERT_TRUE(log.open(dir_, "r1"));
  ASSERT_TRUE(log.append(5));
  EXPECT_THAT(log.open(dir_, "r2").value(), IsEmpty());
  ASSERT_TRUE(log.append(6));
  EXPECT_THAT(log.open(dir_, "r1").value(), ElementsAre(5));
}

TEST_F(AckLogTest, ALineCutOffByAKillIsDropped) {
  std::ofstream(dir_ / "acks-r1.log") << "5\n6\n71";
  AckLog log;
  EXPECT_THAT(log.open(dir_, "r1").value(), ElementsAre(5, 6));
  ASSERT_TRUE(log.append(8));
  EXPECT_THAT(log.open(dir_, "r1").value(), ElementsAre(5, 6, 8));
}

TEST_F(AckLogTest, ARunsNameCannotLeaveTheFolder) {
  AckLog log;
  ASSERT_TRUE(log.open(dir_, "../../x y"));
  EXPECT_TRUE(std::filesystem::exists(dir_ / "acks-______x_y.log"));
}

TEST_F(AckLogTest, SaysWhenItCannotWrite) {
  AckLog log;
  EXPECT_FALSE(log.append(1));
  EXPECT_FALSE(log.open(dir_ / "missing", "r1"));
}

}  // namespace
}  // namespace chaos
