#include "record/chart.hpp"
#include "record/words.hpp"

#include <algorithm>
#include <utility>

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

Mark mark_at(double x, const TimelineEntry& entry) {
  return {{x}, {entry.number}, std::to_string(entry.number), title_of(entry), entry.mark};
}

void join(Mark* mark, const Mark& next) {
  mark->x.insert(mark->x.end(), next.x.begin(), next.x.end());
  if (weight(next.kind) > weight(mark->kind)) mark->kind = next.kind;
  for (const int number : next.numbers) {
    if (std::find(mark->numbers.begin(), mark->numbers.end(), number) == mark->numbers.end()) mark->numbers.push_back(number);
  }
  if (mark->title.find(next.title) == std::string::npos) mark->title += "\n" + next.title;
  const auto [low, high] = std::minmax_element(mark->numbers.begin(), mark->numbers.end());
  mark->label = std::to_string(*low);
  if (*high != *low) mark->label += "–" + std::to_string(*high);
}

/// What is drawn, by time.
std::vector<Mark> single_marks(const std::vector<TimelineEntry>& entries, const Scale& scale) {
  std::vector<Mark> marks;
  for (const auto& entry : entries) {
    if (entry.mark == MarkKind::none) continue;
    const std::size_t shown = entry.mark == MarkKind::alert ? 1 : entry.times.size();
    for (std::size_t i = 0; i < shown && i < entry.times.size(); ++i) {
      const double at = entry.times[i];
      if (at >= scale.from && at <= scale.to) marks.push_back(mark_at(at, entry));
    }
  }
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    return std::pair(a.x.front(), a.numbers.front()) < std::pair(b.x.front(), b.numbers.front());
  });
  return marks;
}

bool touch(const Mark& left, const Mark& right, const Scale& scale) {
  constexpr double kGap = 3;
  const double room = flag_middle(right, scale) - flag_middle(left, scale);
  return room < (flag_width(left.label) + flag_width(right.label)) / 2 + kGap;
}

}  // namespace

double flag_width(const std::string& label) {
  constexpr double kPad = 13;
  constexpr double kDigit = 7;
  const bool range = label.find("–") != std::string::npos;   // three bytes, one letter
  return kPad + kDigit * static_cast<double>(label.size() - (range ? 2 : 0));
}

double flag_middle(const Mark& mark, const Scale& scale) { return scale(mark.x.front()); }

std::vector<Mark> merge_marks(const std::vector<TimelineEntry>& entries, const Scale& scale) {
  std::vector<Mark> marks;
  for (auto& mark : single_marks(entries, scale)) {
    marks.push_back(std::move(mark));
    while (marks.size() > 1 && touch(marks[marks.size() - 2], marks.back(), scale)) {
      join(&marks[marks.size() - 2], marks.back());
      marks.pop_back();
    }
  }
  return marks;
}

}  // namespace chaos::record
