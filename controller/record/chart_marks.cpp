#include "record/chart.hpp"
#include "record/words.hpp"

namespace chaos::record {
namespace {

int weight(MarkKind kind) {
  switch (kind) {
    case MarkKind::fault: return 5;
    case MarkKind::node: return 4;
    case MarkKind::deploy: return 3;
    case MarkKind::action: return 2;
    case MarkKind::alert: return 1;
    case MarkKind::none: return 0;
  }
  return 0;
}

std::string title_of(const TimelineEntry& entry) {
  const std::string times = entry.count > 1 ? " (×" + whole(entry.count) + ")" : "";
  return std::to_string(entry.number) + "  " + clock_text(entry.lab_s) + "  " + entry.text + times;
}

}  // namespace

std::vector<Mark> merge_marks(const std::vector<TimelineEntry>& entries, const Scale& scale, double apart) {
  std::vector<Mark> marks;
  int first = 0;
  for (const auto& entry : entries) {
    if (entry.mark == MarkKind::none || entry.lab_s < scale.from || entry.lab_s > scale.to) continue;
    const bool apart_enough = marks.empty() || scale(entry.lab_s) - scale(marks.back().x.front()) >= apart;
    if (apart_enough) {
      first = entry.number;
      marks.push_back({{entry.lab_s}, std::to_string(first), title_of(entry), entry.mark});
      continue;
    }
    auto& mark = marks.back();
    mark.x.push_back(entry.lab_s);
    mark.label = std::to_string(first) + "–" + std::to_string(entry.number);
    mark.title += "\n" + title_of(entry);
    if (weight(entry.mark) > weight(mark.kind)) mark.kind = entry.mark;
  }
  return marks;
}

}  // namespace chaos::record
