// The replica holds received changes back: reads on it see the past.
#include "faults/fault.hpp"
#include "postgres/replication/apply_holds.hpp"

namespace chaos::faults {

namespace {

class Lag final : public StateFault, private pg::ApplyHold {
 public:
  using StateFault::StateFault;
  ~Lag() override {
    if (holds_) holds_->leave(*this);
  }

  void begin(FaultHost& host) override {
    holds_ = pg::ApplyHolds::of(host.node);
    holds_->enter(*this);
  }

 private:
  LabDuration hold_next() override { return strikes() ? longest() : LabDuration{}; }
  LabDuration longest() const override { return LabDuration::from_seconds(spec().lag().delay_lab_s()); }

  std::shared_ptr<pg::ApplyHolds> holds_;
};

}  // namespace

FaultEntry lag_fault() { return {"lag", &make_fault<Lag>}; }

}  // namespace chaos::faults
