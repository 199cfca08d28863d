// The end of a run: traffic ends, what is in flight finishes, the ledger is checked, the verdict is written.
#pragma once

#include "runtime/node.hpp"
#include "serve/operations.hpp"
#include "serve/recorder.hpp"

namespace chaos {

struct SettlementParts {
  LabModel& model;
  Fleet& fleet;
  Operations& operations;
  EventHub& events;
  Recorder& recorder;
  NodeContext& ctx;
};

/// Users' requests, jobs and messages are done. Pure.
bool quiet(const Registry& registry);

/// Engine's thread only; run once. Faults are cleared first, and a store or worker that was stopped serves again: what was
/// acknowledged must be provable. Each stage is bounded in time (20 s for the system to become quiet).
class Settlement {
 public:
  explicit Settlement(SettlementParts parts) : p_(parts) {}
  awaitable<void> run();
  /// What is still awaited is left out, and the record says so; the verdict is written.
  void give_up();

 private:
  void close_traffic();
  awaitable<void> wait_quiet(RealTime deadline);
  awaitable<void> check();
  awaitable<void> check_into(std::vector<std::int64_t> ids, std::shared_ptr<Result<Ledger>> ledger);
  void judge(const Ledger& ledger);
  void verdict();
  std::optional<v1::Peer> peer(const std::string& role) const;

  SettlementParts p_;
  WaitList wake_;
  bool given_up_ = false;
};

}  // namespace chaos
