// Ends the process as SIGKILL does: nothing is flushed, nothing is said.
#include "faults/fault.hpp"
#include "runtime/sleep.hpp"
#include "runtime/sudden_end.hpp"

namespace chaos::faults {

namespace {

class Crash final : public ProcessFault {
 public:
  using ProcessFault::ProcessFault;

  awaitable<void> run(FaultHost&) override {
    // The report that the state is in force goes out first. What strikes once strikes at full strength.
    do {
      co_await sleep_real(std::chrono::milliseconds(5));
    } while (level() < 1);
    if (strikes()) die_at_once();
  }
};

}  // namespace

FaultEntry crash_fault() { return {"crash", &make_fault<Crash>}; }

}  // namespace chaos::faults
