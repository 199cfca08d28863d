// Which charts a run has. Pure.
#pragma once

#include "record/chart.hpp"
#include "record/incident.hpp"
#include "record/run_data.hpp"

#include <optional>
#include <vector>

namespace chaos::record {

struct LabSpan { double from = 0; double to = 0; };

/// What the charts show besides the samples.
struct ChartStory {
  std::vector<IncidentWindow> windows;      // shaded
  std::vector<TimelineEntry> timeline;      // its marks
};

LabSpan whole_run(const RunData& data);
/// From half an hour before the fault (or the first window) to half an hour after recovery (or the last window or
/// mark); none when there was no incident, or when it filled most of the run anyway.
std::optional<LabSpan> incident_span(const RunData& data, const ChartStory& story);

/// Users and rate, latency, success rate, memory of the servers, ready servers: those that have samples.
std::vector<Chart> charts_of(const RunData& data, const ChartStory& story, LabSpan span);

}  // namespace chaos::record
