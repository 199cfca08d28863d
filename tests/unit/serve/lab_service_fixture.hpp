// The two services over real gRPC, with nodes played by the test.
#pragma once

#include "serve/lab_service.hpp"

#include "lab/role_config.hpp"
#include "serve/host.hpp"

#include <gtest/gtest.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/server_builder.h>

#include <thread>
#include <unistd.h>

namespace chaos::test {

using namespace std::chrono_literals;

inline v1::Drill service_drill() {
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
  LabModel model{RunSettings{service_drill(), "", 1, 60, 86'400}, host.clock};
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

}  // namespace chaos::test
