// The two services over real gRPC, with nodes played by the test.
#include "serve/lab_service.hpp"

#include "lab/role_config.hpp"
#include "serve/host.hpp"

#include <gtest/gtest.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/server_builder.h>

#include <thread>
#include <unistd.h>

namespace chaos {
namespace {

using namespace std::chrono_literals;

v1::Drill drill() {
  v1::Drill out;
  out.set_name("test");
  for (const char* role : {"client", "redis"}) {
    v1::RolePlan& plan = *out.add_topology();
    plan.set_role(role);
    plan.set_nodes(1);
    plan.set_version("v1");
  }
  out.mutable_topology(1)->set_standby(1);
  for (v1::RolePlan& plan : *out.mutable_topology()) complete_config(plan);
  return out;
}

/// An engine on a thread of its own behind a Unix socket.
struct LabServiceTest : ::testing::Test {
  std::filesystem::path socket = std::filesystem::path(::testing::TempDir()) / ("lab_" + std::to_string(getpid()) + ".sock");
  ControllerHost host{::testing::TempDir()};
  LabModel model{RunSettings{drill(), "", 1, 60, 86'400}, host.clock};
  std::uint64_t seq = 0;
  EventHub events{host.clock, host.log, [this](const v1::Event&) { return ++seq; }};
  Fleet fleet{model, events, host.log};
  Operations operations{model, fleet, events};
  LabApi api{{model, fleet, operations, events, {::testing::TempDir(), ""}, [](bool) {}}};
  LabService lab_service{api, host.io, host.tasks, "secret"};
  NodeControlService node_service{host.io, fleet.link_handlers()};
  std::unique_ptr<grpc::Server> server;
  std::thread engine;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Lab::Stub> lab;
  std::unique_ptr<v1::NodeControl::Stub> control;

  void SetUp() override {
    model.phase = RunPhase::running;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + socket.string(), grpc::InsecureServerCredentials());
    builder.RegisterService(&lab_service);
    builder.RegisterService(&node_service);
    server = builder.BuildAndStart();
    engine = std::thread([this] {
      auto work = asio::make_work_guard(host.io);
      host.io.run();
    });
    channel = grpc::CreateChannel("unix:" + socket.string(), grpc::InsecureChannelCredentials());
    lab = v1::Lab::NewStub(channel);
    control = v1::NodeControl::NewStub(channel);
  }
  void TearDown() override {
    server->Shutdown(std::chrono::system_clock::now() + 100ms);
    asio::post(host.io, [this] {
      host.tasks.cancel();
      asio::post(host.io, [this] { host.io.stop(); });
    });
    engine.join();
    server.reset();
  }
  /// A node that attaches and says which revision it has in force.
  struct PlayedNode {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::NodeMessage, v1::DesiredState>> stream;
    v1::DesiredState state;

    PlayedNode(v1::NodeControl::Stub& control, const std::string& name, const std::string& role, const std::string& process = {}) {
      stream = control.Attach(&context);
      v1::NodeMessage message;
      message.mutable_hello()->set_name(name);
      message.mutable_hello()->set_role(role);
      message.mutable_hello()->set_address("127.0.0.1");
      message.mutable_hello()->set_pid(7);
      message.mutable_hello()->set_process(process);
      stream->Write(message);
    }
    ~PlayedNode() { context.TryCancel(); }
    bool read() { return stream->Read(&state); }
    void report(std::uint64_t revision, const std::string& refusal = {}) {
      v1::NodeMessage message;
      message.mutable_report()->set_pid(7);
      message.mutable_report()->set_revision(revision);
      message.mutable_report()->set_refusal(refusal);
      message.mutable_report()->set_phase(v1::PHASE_READY);
      stream->Write(message);
    }
    /// Reads states until one satisfies, and reports each.
    template <class Test>
    bool read_until(Test test) {
      while (read()) {
        report(state.revision());
        if (test(state)) return true;
      }
      return false;
    }
  };
  static v1::InjectRequest flush(const std::string& node) {
    v1::InjectRequest request;
    request.mutable_fault()->mutable_target()->set_node(node);
    request.mutable_fault()->mutable_flush();
    return request;
  }
};

TEST_F(LabServiceTest, GivesANodeItsWholeStateWhenItAttaches) {
  PlayedNode node(*control, "redis-1", "redis");
  ASSERT_TRUE(node.read());
  EXPECT_GT(node.state.revision(), 0u);
  EXPECT_EQ(node.state.duty(), v1::DUTY_ACTIVE);
  EXPECT_TRUE(node.state.config().has_redis());
}

TEST_F(LabServiceTest, RefusesANodeThatTheLabDoesNotHave) {
  PlayedNode node(*control, "redis-9", "redis");
  EXPECT_FALSE(node.read());
  EXPECT_EQ(node.stream->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

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

TEST_F(LabServiceTest, ASecondProcessOfANameIsRefusedWhileTheFirstReports) {
  PlayedNode first(*control, "redis-1", "redis", "1@a");
  ASSERT_TRUE(first.read());
  first.report(first.state.revision());
  PlayedNode second(*control, "redis-1", "redis", "2@b");
  EXPECT_FALSE(second.read());
  EXPECT_EQ(second.stream->Finish().error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(LabServiceTest, AProcessThatAttachesAgainIsNoNewOne) {
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
