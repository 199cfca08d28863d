// Answers a request with the protocol's own error instead of serving it.
#include "faults/fault.hpp"

namespace chaos::faults {

namespace {

class Error final : public CallFault {
 public:
  using CallFault::CallFault;

  CallVerdict on_call() override { return {RealDuration::zero(), spec().error().status()}; }
};

}  // namespace

FaultEntry error_fault() { return {"error", &make_fault<Error>}; }

}  // namespace chaos::faults
