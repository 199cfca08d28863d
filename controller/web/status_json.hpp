// The lab at one moment for the web page: /api/status. Pure.
#pragma once

#include "chaoslab/v1/lab.pb.h"
#include "record/run_data.hpp"
#include "web/reach.hpp"

#include <set>
#include <string>
#include <vector>

namespace chaos::web {

/// Where people find the monitoring; empty: not there.
struct MonitoringLinks {
  std::string grafana;
  std::string prometheus;
  std::string alertmanager;
};

struct StatusView {
  v1::LabStatus status;               // as everyone may see it, with the newest events
  std::string title;                  // of the drill
  std::vector<RunInfo> runs;          // oldest first
  MonitoringLinks links;
  Place place;
  std::set<std::string> runbooks;     // alerts that have a page
};

/// One JSON object; its texts are plain, the page must not take them for markup. Figures beside a bound are worded as
/// chaosctl words them.
std::string status_json(const StatusView& view);

}  // namespace chaos::web
