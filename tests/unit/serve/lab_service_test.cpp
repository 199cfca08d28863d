// What an operator asks of a running lab.
#include "unit/serve/lab_service_fixture.hpp"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using test::LabServiceTest;

TEST_F(LabServiceTest, InjectReturnsWhenTheNodeHasItInForce) {
  PlayedNode node(*control, "redis-1", "redis");
  ASSERT_TRUE(node.read());
  std::thread plays([&] { node.read_until([](const v1::DesiredState& state) { return state.faults_size() == 1; }); });
  grpc::ClientContext context;
  v1::InjectReply reply;
  const grpc::Status status = lab->Inject(&context, flush("redis-1"), &reply);
  plays.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.id(), "f1");
  ASSERT_EQ(reply.nodes_size(), 1);
}

TEST_F(LabServiceTest, InjectSaysWhyANodeRefused) {
  PlayedNode node(*control, "redis-1", "redis");
  ASSERT_TRUE(node.read());
  node.report(node.state.revision());
  const std::uint64_t before = node.state.revision();
  std::thread plays([&] {
    while (node.read() && node.state.faults_size() == 0) node.report(node.state.revision());
    node.report(before, "it does not know it");
  });
  grpc::ClientContext context;
  v1::InjectReply reply;
  const grpc::Status status = lab->Inject(&context, flush("redis-1"), &reply);
  plays.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("it does not know it"), std::string::npos) << status.error_message();
}

TEST_F(LabServiceTest, AnUnknownTargetIsNotFoundAndTheNearestIsNamed) {
  grpc::ClientContext context;
  v1::InjectReply reply;
  const grpc::Status status = lab->Inject(&context, flush("redsi-1"), &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_NE(status.error_message().find("redis-1"), std::string::npos) << status.error_message();
}

TEST_F(LabServiceTest, OnlyTheGameMasterSeesWhatIsHidden) {
  asio::post(host.io, [this] { events.publish({"fault", "redis-1", "inject", "a secret", "drill", true}); });
  for (const bool master : {false, true}) {
    grpc::ClientContext context;
    if (master) context.AddMetadata("chaos-game-master", "secret");
    v1::LabStatus status;
    ASSERT_TRUE(lab->GetStatus(&context, {}, &status).ok());
    EXPECT_EQ(status.events_size(), master ? 1 : 0);
  }
}

TEST_F(LabServiceTest, WatchGivesStatusAfterStatus) {
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_interval_s(0.05);
  const auto stream = lab->Watch(&context, request);
  v1::LabStatus status;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Read(&status));
  EXPECT_EQ(status.nodes_size(), 3);
  context.TryCancel();
  while (stream->Read(&status)) {}
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(LabServiceTest, AStatusHasTheDaysCurveAndTheFaultsThatMayBeSeen) {
  asio::post(host.io, [this] {
    model.faults.inject({flush("redis-1").fault(), "drill", true, LabTime{}}, model.registry);
    model.faults.inject({flush("redis-1").fault(), "operator", false, LabTime{}}, model.registry);
  });
  grpc::ClientContext context;
  v1::LabStatus status;
  ASSERT_TRUE(lab->GetStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.traffic().curve_size(), 97);
  EXPECT_EQ(status.traffic().curve(96).lab_s(), 86'400);
  ASSERT_EQ(status.faults_in_force_size(), 1);
  EXPECT_EQ(status.faults_in_force(0), "f2 flush redis-1");
}

TEST_F(LabServiceTest, AStandbyIsRefusedAFaultAndARoleItsLog) {
  grpc::ClientContext context;
  v1::InjectReply reply;
  EXPECT_EQ(lab->Inject(&context, flush("redis-2"), &reply).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  grpc::ClientContext logs;
  v1::LogsRequest request;
  request.set_node("redis");
  const auto stream = lab->Logs(&logs, request);
  v1::LogLine line;
  while (stream->Read(&line)) {}
  EXPECT_EQ(stream->Finish().error_message(), "logs wants a node; redis has redis-1, redis-2");
}

TEST_F(LabServiceTest, AnOperationTellsItsProgressToTheEnd) {
  PlayedNode node(*control, "redis-1", "redis");
  std::thread plays([&] { node.read_until([](const v1::DesiredState&) { return false; }); });
  grpc::ClientContext context;
  v1::SetDutyRequest request;
  request.add_targets("redis-1");
  request.set_duty(v1::DUTY_ACTIVE);
  const auto stream = lab->SetDuty(&context, request);
  std::atomic<bool> over = false;
  std::thread ticks([&] {       // the engine's tick
    while (!over) {
      asio::post(host.io, [this] { operations.step(); });
      std::this_thread::sleep_for(1ms);
    }
  });
  v1::Progress progress;
  while (stream->Read(&progress)) {}
  over = true;
  ticks.join();
  node.context.TryCancel();
  plays.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(progress.finished());
}

TEST_F(LabServiceTest, RefusesASpeedOutOfRange) {
  grpc::ClientContext context;
  v1::SetSpeedRequest request;
  request.set_speed(5000);
  v1::SpeedReply reply;
  const grpc::Status status = lab->SetSpeed(&context, request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("1 to 1440"), std::string::npos);
}

TEST_F(LabServiceTest, InjectTellsWhichNodesAreDown) {
  grpc::ClientContext context;
  v1::InjectReply reply;
  const grpc::Status status = lab->Inject(&context, flush("redis-1"), &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.nodes_size(), 0);
  ASSERT_EQ(reply.down_size(), 1);
  EXPECT_EQ(reply.down(0), "redis-1");
}

TEST_F(LabServiceTest, NothingIsBrokenWhileTheLedgerIsChecked) {
  asio::post(host.io, [this] { model.phase = RunPhase::settling; });
  grpc::ClientContext context;
  v1::InjectReply reply;
  EXPECT_EQ(lab->Inject(&context, flush("redis-1"), &reply).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  grpc::ClientContext restart;
  v1::RestartRequest request;
  request.add_targets("redis-1");
  const auto stream = lab->Restart(&restart, request);
  v1::Progress progress;
  while (stream->Read(&progress)) {}
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace chaos
