// A run's events, and the runs themselves, as series of Prometheus: lab_events{kind, verb, subject, text, actor, run, seq},
// a series an event, and lab_runs{run, drill, responder, state, from, to}, a series a run. Pure.
#pragma once

#include "record/run_data.hpp"
#include "web/selector.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::web {

inline constexpr std::string_view kEvents = "lab_events";
inline constexpr std::string_view kRuns = "lab_runs";

/// By name; without those whose value is empty.
using Labels = std::vector<std::pair<std::string_view, std::string>>;

Labels labels_of(const v1::Event& event, const std::string& run);
/// from and to: Unix milliseconds; to is "now" of a run that goes on, which is what Grafana's links take for it.
Labels labels_of(const RunInfo& run);

/// When the run ended; of one that goes on or was interrupted: its newest sample.
std::int64_t last_moment_us(const RunInfo& run);

bool matches(const Selector& selector, const Labels& labels);
/// Whether the selector may match a series of this metric, as far as its name says.
bool may_name(const Selector& selector, std::string_view metric);
/// Whether the selector may match an event of this run, as far as metric and run say.
bool may_hold(const Selector& selector, const std::string& run);

/// Everything a query's answer is made of.
struct Slice {
  struct One {
    Labels labels;
    std::int64_t from_ms = 0;     // an event: when it was; a run: its first and last moment
    std::int64_t to_ms = 0;
  };
  std::vector<One> events;        // by run, then by seq
  std::vector<One> runs;          // oldest first
  bool cut = false;               // there are more events than were asked for: the newest are here
};

/// Label names and the values of one label, sorted, each once.
std::vector<std::string> label_names(const Slice& slice);
std::vector<std::string> label_values(const Slice& slice, std::string_view label);

}  // namespace chaos::web
