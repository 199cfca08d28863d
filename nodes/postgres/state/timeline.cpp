#include "postgres/state/timeline.hpp"

#include <fmt/format.h>

#include <charconv>

namespace chaos::pg {

namespace {
constexpr std::size_t kMostLines = 1000;
}

std::optional<Lsn> left_at(const std::vector<TimelineEnd>& history, int timeline) {
  for (const TimelineEnd& end : history) {
    if (end.timeline == timeline) return end.at;
  }
  return std::nullopt;
}

bool in_history(const std::vector<TimelineEnd>& history, int current, int timeline, Lsn at) {
  if (timeline == current) return true;
  const auto left = left_at(history, timeline);
  return left && at <= *left;
}

std::string history_name(int timeline) { return fmt::format("{:08X}.history", timeline); }

std::string write_history(const std::vector<TimelineEnd>& history) {
  std::string out;
  for (const TimelineEnd& end : history) out += fmt::format("{}\t{}\tno recovery target specified\n", end.timeline, format_lsn(end.at));
  return out;
}

std::vector<TimelineEnd> read_history(std::string_view text) {
  std::vector<TimelineEnd> out;
  while (!text.empty() && out.size() < kMostLines) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    int timeline = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + tab, timeline);
    const auto at = parse_lsn(line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
    if (error == std::errc{} && end == line.data() + tab && timeline > 0 && at) out.push_back({timeline, *at});
  }
  return out;
}

}  // namespace chaos::pg
