// How nodes attach.
#include "unit/serve/lab_service_fixture.hpp"

namespace chaos {
namespace {

using NodeControlTest = test::LabServiceTest;

TEST_F(NodeControlTest, GivesANodeItsWholeStateWhenItAttaches) {
  PlayedNode node(*control, "redis-1", "redis");
  ASSERT_TRUE(node.read());
  EXPECT_GT(node.state.revision(), 0u);
  EXPECT_EQ(node.state.duty(), v1::DUTY_ACTIVE);
  EXPECT_TRUE(node.state.config().has_redis());
}

TEST_F(NodeControlTest, RefusesANodeThatTheLabDoesNotHave) {
  PlayedNode node(*control, "redis-9", "redis");
  EXPECT_FALSE(node.read());
  EXPECT_EQ(node.stream->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(NodeControlTest, ASecondProcessOfANameIsRefusedWhileTheFirstReports) {
  PlayedNode first(*control, "redis-1", "redis", "1@a");
  ASSERT_TRUE(first.read());
  first.report(first.state.revision());
  PlayedNode second(*control, "redis-1", "redis", "2@b");
  EXPECT_FALSE(second.read());
  EXPECT_EQ(second.stream->Finish().error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(NodeControlTest, AProcessThatAttachesAgainIsNoNewOne) {
  {
    PlayedNode once(*control, "redis-1", "redis", "1@a");
    ASSERT_TRUE(once.read());
  }
  PlayedNode again(*control, "redis-1", "redis", "1@a");
  ASSERT_TRUE(again.read());
  grpc::ClientContext context;
  v1::LabStatus status;
  ASSERT_TRUE(lab->GetStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.nodes(1).name(), "redis-1");
  EXPECT_EQ(status.nodes(1).restarts(), 0u);
  EXPECT_EQ(status.nodes(1).last_exit(), "");
}

}  // namespace
}  // namespace chaos
