#include "web/record_slice.hpp"

#include <algorithm>

namespace chaos::web {

namespace {

bool wanted(const SliceWish& wish, const Labels& labels) {
  return wish.selectors.empty() || std::any_of(wish.selectors.begin(), wish.selectors.end(), [&](const Selector& one) { return matches(one, labels); });
}

bool concerns(const SliceWish& wish, const RunInfo& run) {
  if (run.state != RunState::running && last_moment_us(run) / 1000 + 1000 < wish.range.from_ms) return false;      // its last words come after its last sample
  if (run.start_unix_us / 1000 > wish.range.to_ms) return false;
  return wish.selectors.empty() || std::any_of(wish.selectors.begin(), wish.selectors.end(), [&](const Selector& one) { return may_hold(one, run.id); });
}

bool hides(const SliceWish& wish, const RunInfo& run) {
  if (run.id == wish.current.id) return !wish.current.revealed;
  return run.state == RunState::running || run.state == RunState::cut_off;
}

RecordResult<void> add_events(RecordReader& reader, const SliceWish& wish, const RunInfo& run, Slice& out) {
  const bool hide = hides(wish, run);
  return reader.visit_events(run.id, {wish.range.from_ms * 1000, wish.range.to_ms * 1000 + 999}, [&](const v1::Event& event) {
    if (event.hidden() && hide) return true;
    Labels labels = labels_of(event, run.id);
    if (!wanted(wish, labels)) return true;
    if (out.events.size() >= wish.most) {
      out.cut = true;
      return false;
    }
    out.events.push_back({std::move(labels), event.unix_us() / 1000, event.unix_us() / 1000});
    return true;
  });
}

void add_run(const SliceWish& wish, const RunInfo& run, Slice& out) {
  Labels labels = labels_of(run);
  if (!wanted(wish, labels)) return;
  const std::int64_t to_ms = run.state == RunState::running ? wish.current.now_ms : last_moment_us(run) / 1000;
  out.runs.push_back({std::move(labels), run.start_unix_us / 1000, to_ms});
}

}  // namespace

// From the newest run to the oldest, so that a cut takes the oldest away.
RecordResult<Slice> read_slice(RecordReader& reader, const SliceWish& wish) {
  auto runs = reader.runs();
  if (!runs) return runs.error();
  if (runs->size() > kMaxRuns) runs->erase(runs->begin(), runs->end() - kMaxRuns);
  Slice out;
  for (auto run = runs->rbegin(); run != runs->rend(); ++run) {
    add_run(wish, *run, out);
    if (out.cut || !concerns(wish, *run)) continue;
    if (auto added = add_events(reader, wish, *run, out); !added) return added.error();
  }
  std::reverse(out.runs.begin(), out.runs.end());
  std::reverse(out.events.begin(), out.events.end());
  return out;
}

}  // namespace chaos::web
