// The committed Grafana dashboards as a test sees them, and the variables of their expressions.
#pragma once

#include "support/prometheus.hpp"

#include <map>

namespace chaos::test {

struct PanelQuery {
  std::string dashboard;      // its uid
  std::string panel;          // its title
  std::string source;         // the data source's uid
  std::string expression;
  bool instant = false;
  int step_s = 1;             // its least step
};

/// dashboards/json/UID.json.
struct Dashboard {
  std::string uid;            // as the file is named
  boost::json::value json;
  /// Every panel but rows, those of folded rows too.
  std::vector<boost::json::object> panels() const;
  std::vector<PanelQuery> queries() const;
  /// Expressions of the annotations that ask a data source of the Prometheus kind.
  std::vector<PanelQuery> annotations() const;
};

/// All of them, in the order of their uids.
const std::vector<Dashboard>& dashboards();

/// A field of an object as text; empty when there is none.
std::string text_at(const boost::json::object& object, std::string_view name);

/// Data sources by uid.
using Sources = std::map<std::string, PrometheusApi>;
using Variables = std::map<std::string, std::string>;

/// What Grafana would put for each variable of the dashboard: all values where "All" can be chosen, else the first one.
Variables variables_of(const Dashboard& dashboard, const Sources& sources);

/// The expression with its variables replaced; fails the test on a variable that nothing defines.
std::string filled(const PanelQuery& query, const Variables& chosen);

/// Every word of an expression or a rule file that could name a metric.
std::vector<std::string> words_of(const std::string& text);

}  // namespace chaos::test
