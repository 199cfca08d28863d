// What a query asks of the record.
#pragma once

#include "record/record.hpp"
#include "web/form.hpp"
#include "web/lab_series.hpp"

namespace chaos::web {

inline constexpr std::size_t kMaxEvents = 5000;       // of one answer
inline constexpr std::size_t kMaxRuns = 1000;         // the newest ones

/// The run that goes on in this controller, as the engine sees it when the query comes.
struct CurrentRun {
  std::string id;
  bool revealed = false;       // its hidden events are shown to everyone
  std::int64_t now_ms = 0;     // Unix time
};

struct SliceWish {
  std::vector<Selector> selectors;       // of which a series matches one; empty: every series
  TimeRange range;                       // of the events; runs are listed whatever it is
  CurrentRun current;
  std::size_t most = kMaxEvents;
};

/// Blocks; for a reader's own thread. Hidden events of the current run are left out until they are revealed; a run that
/// is over is shown whole, as its post-mortem does.
RecordResult<Slice> read_slice(RecordReader& reader, const SliceWish& wish);

}  // namespace chaos::web
