// Stops the data thread: the service and /metrics hang, the control link still hears the order to recover.
#include "faults/fault.hpp"
#include "runtime/sleep.hpp"

namespace chaos::faults {

namespace {

class Pause final : public ProcessFault {
 public:
  using ProcessFault::ProcessFault;

  awaitable<void> run(FaultHost& host) override {
    do {      // the report that it is in force goes out first; what strikes once strikes at full strength
      co_await sleep_real(std::chrono::milliseconds(5));
    } while (level() < 1);
    if (!strikes()) co_return;
    RealTime until = RealTime::max();
    if (spec().duration_lab_s() > 0) {
      const LabTime end = LabTime{spec().start_lab_us()} + LabDuration::from_seconds(spec().duration_lab_s());
      until = host.node.clock.now() + host.node.clock.to_real(end - host.node.clock.lab_now());
    }
    host.block(spec().id(), until);
  }
};

}  // namespace

FaultEntry pause_fault() { return {"pause", &make_fault<Pause>}; }

}  // namespace chaos::faults
