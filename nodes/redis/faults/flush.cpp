// Flush: the keyspace is emptied at once, as FLUSHALL by hand or a fail-over to an empty replica does.
#include "faults/fault.hpp"
#include "redis/keyspace.hpp"

namespace chaos::faults {
namespace {

class FlushFault final : public StateFault {
 public:
  using StateFault::StateFault;

  void begin(FaultHost& host) override {
    const auto found = host.node.states.find("redis.keyspace");
    if (found == host.node.states.end() || !rng().chance(spec().probability())) return;
    std::any_cast<redis::Keyspace*>(found->second)->clear();
    bite();
  }
};

}  // namespace

FaultEntry flush_fault() { return {"flush", &make_fault<FlushFault>}; }

}  // namespace chaos::faults
