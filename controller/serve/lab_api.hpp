// What the Lab service's calls do, on the engine's thread; no gRPC here.
#pragma once

#include "serve/lab_status.hpp"
#include "serve/operations.hpp"

#include <functional>

namespace chaos {

struct LabApiParts {
  LabModel& model;
  Fleet& fleet;
  Operations& operations;
  EventHub& events;
  LabPlace place;
  std::function<void(bool settle)> shutdown;
  std::function<void(std::shared_ptr<FailoverLoss>)> count_loss;
};

/// Refusals are documented in lab.proto. see_hidden: the caller is the game master.
class LabApi {
 public:
  explicit LabApi(LabApiParts parts) : p_(std::move(parts)) {}

  /// With the newest events.
  v1::LabStatus status(bool see_hidden, std::size_t events = 10);
  /// One for Watch: with the events after `seq`.
  v1::LabStatus watch(std::uint64_t seq, bool see_hidden);

  awaitable<Answer<v1::InjectReply>> inject(v1::InjectRequest request);
  awaitable<Answer<v1::ClearReply>> clear(v1::ClearRequest request, bool see_hidden);
  v1::ListFaultsReply faults(bool see_hidden) const;

  /// Starts it for the operator; the callbacks tell how it goes on.
  Answer<void> start(Answer<Operation> operation, std::function<void(const v1::Progress&)> on_progress,
                     std::function<void(const OperationEnd&)> on_end);
  /// A failover that counts what it loses.
  Answer<Operation> failover(const v1::FailoverRequest& request);
  /// Goes on with the failover that a cut-off run was in; nothing when it was in none.
  void go_on();
  Answer<v1::TrafficStatus> traffic(const v1::SetTrafficRequest& request);
  Answer<v1::SpeedReply> speed(const v1::SetSpeedRequest& request);
  v1::ShutdownReply shutdown(const v1::ShutdownRequest& request);

  LabModel& model() { return p_.model; }
  EventHub& events() { return p_.events; }
  std::filesystem::path logs_dir() const { return std::filesystem::path(p_.place.data_dir) / "logs"; }

 private:
  /// Refuses while the lab starts, and while a run that is over is settled.
  Answer<void> now_open() const;
  Operation counting(Operation failover) const;

  LabApiParts p_;
};

}  // namespace chaos
