// Lab time and real time as types that do not mix.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace chaos {

/// Real time: service times, time-outs, network delay.
using RealClock = std::chrono::steady_clock;
using RealTime = RealClock::time_point;
using RealDuration = RealClock::duration;

/// A span of lab time: boot, drains, TTLs, leak rates, alert windows, fault durations.
struct LabDuration {
  std::int64_t us = 0;
  auto operator<=>(const LabDuration&) const = default;
  double seconds() const { return static_cast<double>(us) / 1e6; }
  static LabDuration from_seconds(double s) { return {static_cast<std::int64_t>(s * 1e6)}; }
};

/// An instant of lab time: microseconds since lab midnight of the run's first day.
struct LabTime {
  std::int64_t us = 0;
  auto operator<=>(const LabTime&) const = default;
  double seconds() const { return static_cast<double>(us) / 1e6; }
  std::int64_t minute() const { return us / 60'000'000; }
  static LabTime from_seconds(double s) { return {static_cast<std::int64_t>(s * 1e6)}; }
};

inline LabTime operator+(LabTime t, LabDuration d) { return {t.us + d.us}; }
inline LabTime operator-(LabTime t, LabDuration d) { return {t.us - d.us}; }
inline LabDuration operator-(LabTime a, LabTime b) { return {a.us - b.us}; }
inline LabDuration operator+(LabDuration a, LabDuration b) { return {a.us + b.us}; }

/// Milliseconds of real time from a configuration's number.
inline RealDuration real_ms(double ms) {
  return std::chrono::duration_cast<RealDuration>(std::chrono::duration<double, std::milli>(ms));
}
inline double to_ms(RealDuration d) { return std::chrono::duration<double, std::milli>(d).count(); }
inline double to_s(RealDuration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace chaos
