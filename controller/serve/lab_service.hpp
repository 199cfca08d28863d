// The Lab service: gRPC's threads only carry messages; every call is worked on the engine's thread.
#pragma once

#include "chaoslab/v1/lab.grpc.pb.h"
#include "serve/lab_api.hpp"
#include "serve/server_stream.hpp"

namespace chaos {

/// token: the game master's; a call that carries it in its metadata ("chaos-game-master") sees what a blind drill hides.
class LabService final : public v1::Lab::CallbackService {
 public:
  LabService(LabApi& api, asio::io_context& io, TaskGroup& tasks, std::string token);
  /// Ends every stream that goes on; unary calls in work end by themselves or with the task group.
  void close();

  using Context = grpc::CallbackServerContext;
  template <class T> using Writer = grpc::ServerWriteReactor<T>;
  using Unary = grpc::ServerUnaryReactor;

  Unary* GetStatus(Context*, const v1::StatusRequest*, v1::LabStatus*) override;
  Writer<v1::LabStatus>* Watch(Context*, const v1::WatchRequest*) override;
  Writer<v1::Event>* Events(Context*, const v1::EventsRequest*) override;
  Writer<v1::LogLine>* Logs(Context*, const v1::LogsRequest*) override;
  Unary* Inject(Context*, const v1::InjectRequest*, v1::InjectReply*) override;
  Unary* Clear(Context*, const v1::ClearRequest*, v1::ClearReply*) override;
  Unary* ListFaults(Context*, const v1::ListFaultsRequest*, v1::ListFaultsReply*) override;
  Writer<v1::Progress>* Restart(Context*, const v1::RestartRequest*) override;
  Writer<v1::Progress>* Rollback(Context*, const v1::RollbackRequest*) override;
  Writer<v1::Progress>* SetDuty(Context*, const v1::SetDutyRequest*) override;
  Writer<v1::Progress>* Scale(Context*, const v1::ScaleRequest*) override;
  Writer<v1::Progress>* Failover(Context*, const v1::FailoverRequest*) override;
  Unary* SetTraffic(Context*, const v1::SetTrafficRequest*, v1::TrafficStatus*) override;
  Unary* SetSpeed(Context*, const v1::SetSpeedRequest*, v1::SpeedReply*) override;
  Unary* Shutdown(Context*, const v1::ShutdownRequest*, v1::ShutdownReply*) override;

 private:
  using Plan = std::function<Answer<Operation>(LabModel&)>;
  bool game_master(const Context& context) const;
  Writer<v1::Progress>* operate(Plan plan);
  template <class Reply, class Work>
  Unary* answer(Context* context, Reply* reply, Work work);
  awaitable<void> watch(ServerStream<v1::LabStatus>::Ptr stream, v1::WatchRequest request, bool see_hidden);
  awaitable<void> tail(ServerStream<v1::LogLine>::Ptr stream, v1::LogsRequest request);

  LabApi& api_;
  asio::io_context& io_;
  TaskGroup& tasks_;
  std::string token_;
  bool closed_ = false;       // engine's thread
};

/// INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, DEADLINE_EXCEEDED.
grpc::Status to_status(const Refusal& refusal);

}  // namespace chaos
