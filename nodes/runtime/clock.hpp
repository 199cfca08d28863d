// Where time comes from. Whatever needs time takes a Clock at its door, so that tests run on a manual one.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>

namespace chaos {

/// At real instant `real` it was `lab`; since then lab time runs `speed` times as fast. Pure.
struct LabAnchor {
  RealTime real{};
  LabTime lab{};
  double speed = 1;

  LabTime at(RealTime now) const;
  RealDuration to_real(LabDuration d) const;
  LabDuration to_lab(RealDuration d) const;
};

/// The wall clock: seconds since 1970 in UTC, for dates that clients see. Any thread.
std::int64_t wall_s();

/// Data thread only, but for NodeClock::set_anchor's caller, which must be the data thread too.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual RealTime now() const = 0;
  virtual LabAnchor anchor() const = 0;

  LabTime lab_now() const { return anchor().at(now()); }
  double speed() const { return anchor().speed; }
  /// How long `d` of lab time lasts at the speed now in force. The speed may change before it is over:
  /// long waits go through sleep_lab (runtime/sleep.hpp), which follows.
  RealDuration to_real(LabDuration d) const { return anchor().to_real(d); }
};

/// The clock of a process: steady time, and the lab anchor that the controller sent.
class NodeClock final : public Clock {
 public:
  RealTime now() const override { return RealClock::now(); }
  LabAnchor anchor() const override { return anchor_; }
  void set_anchor(LabAnchor anchor) { anchor_ = anchor; }

 private:
  LabAnchor anchor_{RealClock::now(), {}, 1};
};

class ManualClock final : public Clock {
 public:
  RealTime now() const override { return now_; }
  LabAnchor anchor() const override { return anchor_; }
  void advance(RealDuration d) { now_ += d; }
  void set_anchor(LabAnchor anchor) { anchor_ = anchor; }

 private:
  RealTime now_{};
  LabAnchor anchor_{};
};

}  // namespace chaos
