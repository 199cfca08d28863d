// The broker's events as log lines, a few a second of each kind: a client that errs in a loop must not fill the disk.
#pragma once

#include "runtime/log.hpp"

#include <map>

namespace chaos::broker {

/// Which lines of one kind may be written: at most kBurst at once, then one more each kPause. Pure.
class LineLimit {
 public:
  static constexpr int kBurst = 5;
  static constexpr std::chrono::seconds kPause{1};
  /// True: write it; `left_out` is how many before it were not.
  bool allow(RealTime now, std::uint64_t& left_out);

 private:
  int free_ = kBurst;
  RealTime refilled_{};
  std::uint64_t left_out_ = 0;
};

/// Data thread only.
class BrokerLog {
 public:
  BrokerLog(Log& log, const Clock& clock) : log_(log), clock_(clock) {}
  /// event: one of a few fixed words. connection: its name, or empty.
  void warn(std::string_view event, const std::string& connection, const std::string& reason);
  void info(std::string_view event, const std::string& reason) { log_.info(event, {{"reason", reason}}); }

 private:
  Log& log_;
  const Clock& clock_;
  std::map<std::string, LineLimit, std::less<>> limits_;
};

}  // namespace chaos::broker
