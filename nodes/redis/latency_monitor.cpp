#include "redis/latency_monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

constexpr std::size_t kMost = 160;
constexpr std::size_t kColumns = 80;
constexpr std::size_t kRows = 4;

std::string age(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  return seconds < 86400 ? fmt::format("{}h", seconds / 3600) : fmt::format("{}d", seconds / 86400);
}

}  // namespace

void LatencyMonitor::add(std::string_view event, std::int64_t second, std::uint32_t ms) {
  auto& series = events_[std::string(event)];
  series.worst = std::max(series.worst, ms);
  if (!series.samples.empty() && series.samples.back().second == second) {
    series.samples.back().ms = std::max(series.samples.back().ms, ms);
    return;
  }
  series.samples.push_back({second, ms});
  if (series.samples.size() > kMost) series.samples.pop_front();
}

std::string latency_graph(std::string_view event, const LatencyMonitor::Series& series, std::int64_t now) {
  const auto columns = std::min(series.samples.size(), kColumns);
  const auto first = series.samples.end() - static_cast<std::ptrdiff_t>(columns);
  const auto by_ms = [](const auto& a, const auto& b) { return a.ms < b.ms; };
  const auto [low, high] = std::minmax_element(first, series.samples.end(), by_ms);
  std::string out = fmt::format("{} - high {} ms, low {} ms (all time high {} ms)\n{}\n", event, high->ms, low->ms, series.worst,
                                std::string(kColumns, '-'));
  const double range = std::max<double>(1, high->ms - low->ms);
  for (std::size_t row = kRows; row-- > 0;) {
    for (auto at = first; at != series.samples.end(); ++at) {
      const auto level = static_cast<std::size_t>((at->ms - low->ms) / range * (kRows * 2 - 1));   // two steps a row
      out += level > row * 2 + 1 ? '|' : level == row * 2 + 1 ? '#' : level == row * 2 ? '_' : ' ';
    }
    out += '\n';
  }
  out += '\n';
  constexpr std::size_t kAgeRows = 4;
  for (std::size_t row = 0; row < kAgeRows; ++row) {
    for (auto at = first; at != series.samples.end(); ++at) {
      const auto text = age(std::max<std::int64_t>(0, now - at->second));
      out += row < text.size() ? text[row] : ' ';
    }
    out += '\n';
  }
  return out;
}

}  // namespace chaos::redis
