// Delays each chunk of bytes on an edge.
#include "faults/fault.hpp"

#include <algorithm>

namespace chaos::faults {

namespace {

class Latency final : public EdgeFault {
 public:
  using EdgeFault::EdgeFault;

  EdgeVerdict on_bytes(Direction direction, std::size_t bytes) override {
    const v1::Latency& latency = spec().latency();
    const bool read = direction == Direction::read;
    const bool hit = latency.direction() == "both" || (latency.direction() == "read") == read;
    if (!hit || bytes == 0) return {};
    const double spread = (rng().uniform() * 2 - 1) * latency.jitter_ms();
    return {real_ms(std::max(0.0, (latency.delay_ms() + spread) * level())), false};
  }
};

}  // namespace

FaultEntry latency_fault() { return {"latency", &make_fault<Latency>}; }

}  // namespace chaos::faults
