// The end of a run: traffic ends, what is in flight finishes, the ledger is checked, the verdict is written.
#pragma once

#include "runtime/node.hpp"
#include "serve/fleet.hpp"
#include "serve/recorder.hpp"

namespace chaos {

struct SettlementParts {
  LabModel& model;
  Fleet& fleet;
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

 private:
  void close_traffic();
  awaitable<void> wait_quiet(RealTime deadline);
  awaitable<void> check();
  void judge(const Ledger& ledger);
  void verdict();
  std::optional<v1::Peer> peer(const std::string& role) const;

  SettlementParts p_;
};

}  // namespace chaos
