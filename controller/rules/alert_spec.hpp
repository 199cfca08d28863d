// An alert as a person writes it: in PromQL, with windows in lab time.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace chaos::rules {

struct AlertSpec {
  std::string name;           // its runbook is docs/runbooks/NAME.md
  std::string expr;           // PromQL; a range [lab:300] is 300 seconds of lab time
  double for_lab_s = 0;       // it must hold this long
  std::string severity;       // page or ticket
  std::string summary;
  std::string description;    // a template of Prometheus': {{ $value }}, {{ $labels.node }}
  std::string dashboard;      // uid
  std::map<std::string, std::string> labels{};   // beside those of the expression
  double keep_lab_s = 0;      // it ends when it has not held for this long
};

/// What a team has beside the contract's own alerts: causes and near misses that are worth a look. For every drill.
const std::vector<AlertSpec>& symptom_alerts();

}  // namespace chaos::rules
