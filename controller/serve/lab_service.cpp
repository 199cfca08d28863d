#include "serve/lab_service.hpp"

#include "serve/plans.hpp"

namespace chaos {

namespace {

constexpr char kGameMaster[] = "chaos-game-master";

template <class Reply>
grpc::Status settle(Answer<Reply> answer, Reply* reply) {
  if (!answer) return to_status(answer.error());
  *reply = std::move(*answer);
  return grpc::Status::OK;
}

// Finishes a unary call whatever becomes of its coroutine.
template <class Reply, class Task>
awaitable<void> finish_with(grpc::ServerUnaryReactor* reactor, Reply* reply, Task task) {
  grpc::Status status(grpc::StatusCode::UNAVAILABLE, "the lab is ending");
  try {
    status = settle<Reply>(co_await std::move(task), reply);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) status = {grpc::StatusCode::INTERNAL, e.what()};
  } catch (const std::exception& e) {
    status = {grpc::StatusCode::INTERNAL, e.what()};
  }
  reactor->Finish(status);
}

}  // namespace

grpc::Status to_status(const Refusal& refusal) {
  switch (refusal.kind) {
    case Refusal::Kind::invalid: return {grpc::StatusCode::INVALID_ARGUMENT, refusal.text};
    case Refusal::Kind::not_found: return {grpc::StatusCode::NOT_FOUND, refusal.text};
    case Refusal::Kind::not_now: return {grpc::StatusCode::FAILED_PRECONDITION, refusal.text};
    case Refusal::Kind::timed_out: return {grpc::StatusCode::DEADLINE_EXCEEDED, refusal.text};
  }
  return {grpc::StatusCode::INTERNAL, refusal.text};
}

LabService::LabService(LabApi& api, asio::io_context& io, TaskGroup& tasks, std::string token)
    : api_(api), io_(io), tasks_(tasks), token_(std::move(token)) {}

void LabService::close() {
  closed_ = true;
  api_.events().close();
}

bool LabService::game_master(const Context& context) const {
  const auto found = context.client_metadata().find(kGameMaster);
  return found != context.client_metadata().end() && std::string_view(found->second.data(), found->second.size()) == token_;
}

// work: bool see_hidden -> Answer<Reply>, on the engine's thread.
template <class Reply, class Work>
LabService::Unary* LabService::answer(Context* context, Reply* reply, Work work) {
  Unary* reactor = context->DefaultReactor();
  asio::post(io_, [reactor, reply, work = std::move(work), see = game_master(*context)] { reactor->Finish(settle<Reply>(work(see), reply)); });
  return reactor;
}

LabService::Unary* LabService::GetStatus(Context* context, const v1::StatusRequest*, v1::LabStatus* reply) {
  return answer(context, reply, [this](bool see) -> Answer<v1::LabStatus> { return api_.status(see); });
}

LabService::Unary* LabService::ListFaults(Context* context, const v1::ListFaultsRequest*, v1::ListFaultsReply* reply) {
  return answer(context, reply, [this](bool see) -> Answer<v1::ListFaultsReply> { return api_.faults(see); });
}

LabService::Unary* LabService::SetTraffic(Context* context, const v1::SetTrafficRequest* request, v1::TrafficStatus* reply) {
  return answer(context, reply, [this, request](bool) { return api_.traffic(*request); });
}

LabService::Unary* LabService::SetSpeed(Context* context, const v1::SetSpeedRequest* request, v1::SpeedReply* reply) {
  return answer(context, reply, [this, request](bool) { return api_.speed(*request); });
}

LabService::Unary* LabService::Shutdown(Context* context, const v1::ShutdownRequest* request, v1::ShutdownReply* reply) {
  return answer(context, reply, [this, request](bool) -> Answer<v1::ShutdownReply> { return api_.shutdown(*request); });
}

LabService::Unary* LabService::Inject(Context* context, const v1::InjectRequest* request, v1::InjectReply* reply) {
  Unary* reactor = context->DefaultReactor();
  asio::post(io_, [this, reactor, request, reply] { tasks_.spawn("inject", finish_with(reactor, reply, api_.inject(*request))); });
  return reactor;
}

LabService::Unary* LabService::Clear(Context* context, const v1::ClearRequest* request, v1::ClearReply* reply) {
  Unary* reactor = context->DefaultReactor();
  asio::post(io_, [this, reactor, request, reply, see = game_master(*context)] {
    tasks_.spawn("clear", finish_with(reactor, reply, api_.clear(*request, see)));
  });
  return reactor;
}

LabService::Writer<v1::Progress>* LabService::operate(Plan plan) {
  auto stream = ServerStream<v1::Progress>::open();
  asio::post(io_, [this, stream, plan = std::move(plan)] {
    auto on_progress = [stream](const v1::Progress& progress) { stream->push(progress); };
    auto on_end = [stream](const OperationEnd& end) {
      const auto code = end.abandoned ? grpc::StatusCode::ABORTED : grpc::StatusCode::DEADLINE_EXCEEDED;
      stream->finish(end.failure.empty() ? grpc::Status::OK : grpc::Status(code, end.failure));
    };
    const auto started = api_.start(plan(api_.model()), std::move(on_progress), std::move(on_end));
    if (!started) stream->finish(to_status(started.error()));
  });
  return stream.get();
}

LabService::Writer<v1::Progress>* LabService::Restart(Context*, const v1::RestartRequest* request) {
  return operate([request = *request](LabModel& model) { return plan_restart(model, request); });
}

LabService::Writer<v1::Progress>* LabService::Rollback(Context*, const v1::RollbackRequest* request) {
  return operate([request = *request](LabModel& model) { return plan_rollback(model, request); });
}

LabService::Writer<v1::Progress>* LabService::SetDuty(Context*, const v1::SetDutyRequest* request) {
  return operate([request = *request](LabModel& model) { return plan_duty(model, request); });
}

LabService::Writer<v1::Progress>* LabService::Scale(Context*, const v1::ScaleRequest* request) {
  return operate([request = *request](LabModel& model) { return plan_scale(model, request); });
}

LabService::Writer<v1::Progress>* LabService::Failover(Context*, const v1::FailoverRequest* request) {
  return operate([this, request = *request](LabModel&) { return api_.failover(request); });
}

}  // namespace chaos
