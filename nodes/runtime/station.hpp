// How work passes through a node: c slots, a bounded FIFO queue, lognormal service times. With exponential
// service it agrees with Erlang C (tests/unit/runtime/station_test.cpp). Slots are held by timers, not by CPU.
#pragma once

#include "runtime/clock.hpp"
#include "runtime/error.hpp"
#include "runtime/random.hpp"
#include "runtime/wait_list.hpp"

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace chaos {

struct StationLimits {
  int slots = 16;
  int queue = 256;
};

/// The rule alone: who starts, who waits, who is refused. No time, no sockets.
class StationRule {
 public:
  enum class Admission { start, wait, refuse };
  explicit StationRule(StationLimits limits) : limits_(limits) {}
  Admission arrive();
  /// A slot is given back. True when it passes straight to the oldest waiter.
  bool depart();
  /// A waiter left the queue without service.
  void abandon() { --waiting_; }
  void set_limits(StationLimits limits) { limits_ = limits; }
  int busy() const { return busy_; }
  int waiting() const { return waiting_; }

 private:
  StationLimits limits_;
  int busy_ = 0;
  int waiting_ = 0;
};

struct StationSettings {
  StationLimits limits;
  double service_ms = 0;   // mean; 0: no emulated work
  double service_cv = 0.5;
};

/// The rule with timers around it. Data thread only.
///   auto slot = co_await station.enter(deadline);      // waits its turn
///   if (!slot) co_return slot.error();                 // overloaded or timeout
///   co_await station.work();                           // the emulated work, one draw times the slowdown
/// The slot is held until it is destroyed: hold it over upstream calls to emulate a thread per request.
class Station {
 public:
  /// slowdown: read at each draw, >= 1 (runtime/pressure.hpp).
  Station(StationSettings settings, Rng rng, std::function<double()> slowdown);

  class Slot {
   public:
    explicit Slot(Station* station) : station_(station) {}
    Slot(Slot&& other) noexcept : station_(std::exchange(other.station_, nullptr)) {}
    Slot& operator=(Slot&& other) noexcept { std::swap(station_, other.station_); return *this; }
    ~Slot() { if (station_) station_->leave(); }

   private:
    Station* station_;
  };

  awaitable<Result<Slot>> enter(RealTime deadline);
  /// Sleeps one service time: `scale` times a draw times the slowdown; no longer than `until`.
  awaitable<void> work(double scale = 1, RealTime until = RealTime::max());
  void set(StationSettings settings);
  const StationSettings& settings() const { return settings_; }
  int busy() const { return rule_.busy(); }
  int waiting() const { return rule_.waiting(); }

 private:
  struct Turn;
  void leave();

  StationSettings settings_;
  StationRule rule_;
  Rng rng_;
  std::function<double()> slowdown_;
  std::vector<Turn*> line_;      // oldest first
};

}  // namespace chaos
