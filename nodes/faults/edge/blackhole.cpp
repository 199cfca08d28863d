// Bytes and connection attempts vanish while it stands.
#include "faults/fault.hpp"

namespace chaos::faults {

namespace {

class Blackhole final : public EdgeFault {
 public:
  using EdgeFault::EdgeFault;

  EdgeVerdict on_bytes(Direction, std::size_t) override { return {RealDuration::zero(), true}; }
};

}  // namespace

FaultEntry blackhole_fault() { return {"blackhole", &make_fault<Blackhole>}; }

}  // namespace chaos::faults
