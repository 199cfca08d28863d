// The form of the committed dashboards, and that they are what their source says.
#include "support/dashboard.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <set>

namespace chaos::test {
namespace {

namespace json = boost::json;

const std::string kSource = CHAOSLAB_SOURCE_DIR;
constexpr int kColumns = 24;
// A laptop's 1440x900 minus Grafana's own bars, in rows of 30 + 8 pixels.
constexpr int kRowsOfOneScreen = 21;

const std::set<std::string> kUids{"chaoslab-overview", "chaoslab-triage", "chaoslab-lb", "chaoslab-cdn", "chaoslab-redis",
                                  "chaoslab-postgres", "chaoslab-queue", "chaoslab-object-store", "chaoslab-postmortem"};
const std::set<std::string> kNumeric{"stat", "timeseries", "gauge", "bargauge", "barchart", "heatmap", "histogram", "piechart", "trend", "xychart"};

TEST(DashboardForm, TheUidsAreThoseThatAlertsAndPagesLinkTo) {
  std::set<std::string> found;
  for (const Dashboard& dashboard : dashboards()) {
    found.insert(dashboard.uid);
    EXPECT_EQ(text_at(dashboard.json.as_object(), "uid"), dashboard.uid) << "the file is named by the uid";
    EXPECT_NE(text_at(dashboard.json.as_object(), "title"), "") << dashboard.uid;
  }
  EXPECT_EQ(found, kUids);
}

// A unit of the field's own, or for single columns of a table.
bool has_unit(const json::object& panel) {
  const json::object& config = panel.at("fieldConfig").as_object();
  if (const auto* defaults = config.if_contains("defaults"); defaults && !text_at(defaults->as_object(), "unit").empty()) return true;
  return json::serialize(config).find("\"id\":\"unit\"") != std::string::npos;
}

TEST(DashboardForm, EveryPanelSaysWhatItShowsAndInWhichUnit) {
  for (const Dashboard& dashboard : dashboards()) {
    for (const json::object& panel : dashboard.panels()) {
      const std::string name = dashboard.uid + ", " + text_at(panel, "title");
      const std::string type = text_at(panel, "type");
      EXPECT_NE(text_at(panel, "title"), "") << name << " (" << type << ")";
      if (type != "text") EXPECT_GT(text_at(panel, "description").size(), 20u) << name;
      if (kNumeric.contains(type) || type == "table") EXPECT_TRUE(has_unit(panel)) << name << " has no unit";
    }
  }
}

TEST(DashboardForm, NothingReachesBeyondTheScreen) {
  for (const Dashboard& dashboard : dashboards()) {
    int lowest = 0;
    for (const json::object& panel : dashboard.panels()) {
      const auto at = [&](const char* name) { return panel.at("gridPos").at(name).to_number<int>(); };
      EXPECT_LE(at("x") + at("w"), kColumns) << dashboard.uid << ", " << text_at(panel, "title");
      EXPECT_GE(at("x"), 0) << dashboard.uid << ", " << text_at(panel, "title");
      lowest = std::max(lowest, at("y") + at("h"));
    }
    if (dashboard.uid == "chaoslab-overview") EXPECT_LE(lowest, kRowsOfOneScreen) << "the overview is one screen";
  }
}

TEST(DashboardForm, LinksLeadSomewhere) {
  static const std::regex link(R"((/d/|/runbooks/)([\w-]+))");
  std::set<std::string> linked;
  for (const Dashboard& dashboard : dashboards()) {
    const std::string text = json::serialize(dashboard.json);
    for (std::sregex_iterator it(text.begin(), text.end(), link), end; it != end; ++it) {
      const std::string target = (*it)[2];
      if (!linked.insert((*it)[0]).second) continue;
      if ((*it)[1] == "/d/") EXPECT_TRUE(kUids.contains(target)) << dashboard.uid << " links to the dashboard " << target;
      else EXPECT_TRUE(std::filesystem::exists(kSource + "/docs/runbooks/" + target + ".md")) << dashboard.uid << " links to the runbook " << target;
    }
  }
  for (const std::string& uid : kUids) EXPECT_TRUE(linked.contains("/d/" + uid)) << "no dashboard links to " << uid;
}

TEST(DashboardForm, TheCommittedFilesAreWhatTheirSourceMakes) {
  const Output checked = sh(kSource + "/tools/dashboards.sh check", 240);
  if (checked.exit == 77 && !std::getenv("CI")) GTEST_SKIP() << checked.out;
  EXPECT_EQ(checked.exit, 0) << checked.out;
}

TEST(DashboardForm, TheRendererKeepsItsRules) {
  const Output ran = sh("cd " + kSource + " && python3 -B -m unittest discover -s tests/render", 120);
  EXPECT_EQ(ran.exit, 0) << ran.out;
  EXPECT_EQ(ran.out.find("Ran 0 tests"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace chaos::test
