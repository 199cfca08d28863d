// Spikes by event, as the LATENCY command tells them (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace chaos::redis {

/// Events are few fixed words: "command", "fast-command", "eviction-cycle", "expire-cycle".
class LatencyMonitor {
 public:
  struct Sample { std::int64_t second; std::uint32_t ms; };
  struct Series {
    std::deque<Sample> samples;      // the oldest first, at most 160; one a second, the worst of it
    std::uint32_t worst = 0;
  };

  /// second: Unix time.
  void add(std::string_view event, std::int64_t second, std::uint32_t ms);
  const std::map<std::string, Series, std::less<>>& events() const { return events_; }
  std::size_t reset(std::string_view event) { return events_.erase(std::string(event)); }

 private:
  std::map<std::string, Series, std::less<>> events_;
};

/// The samples as a picture: one column each, the higher the longer, the age below.
std::string latency_graph(std::string_view event, const LatencyMonitor::Series& series, std::int64_t now);

}  // namespace chaos::redis
