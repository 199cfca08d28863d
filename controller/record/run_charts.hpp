// Which charts a run has. Pure.
#pragma once

#include "record/chart.hpp"
#include "record/run_data.hpp"

#include <vector>

namespace chaos::record {

/// Users and rate, latency, success rate, memory of the servers, ready servers: those that have samples. `windows`
/// are shaded, the timeline's marks drawn.
struct IncidentWindow;
std::vector<Chart> charts_of(const RunData& data, const std::vector<IncidentWindow>& windows,
                             const std::vector<TimelineEntry>& timeline);

}  // namespace chaos::record
