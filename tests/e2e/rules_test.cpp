// chaosctl rules against promtool: the file is good, and each alert fires when it should and is quiet when it should.
#include "support/process.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace chaos::test {
namespace {

namespace fs = std::filesystem;

const std::string kSource = CHAOSLAB_SOURCE_DIR;
std::string promtool() { return kSource + "/build/tools/usr/bin/promtool"; }
std::string ctl() { return (bin_dir() / "chaosctl").string(); }

class Rules : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fs::exists(promtool())) << "tools/setup.sh test unpacks it";
    folder_ = sh("mktemp -d | tr -d '\\n'").out;
  }
  void TearDown() override { fs::remove_all(folder_); }
  /// Runs the committed test of the rules at speed 60, for which it is written.
  Output try_rules(const std::string& name) const {
    return sh(ctl() + " rules --speed 60 > " + folder_ + "/rules.yml && cp " + kSource + "/tests/rules/" + name + " " + folder_ + " && " + promtool() + " test rules " + folder_ + "/" + name + " 2>&1", 60);
  }
  std::string folder_;
};

TEST_F(Rules, AreWellFormedForEveryDrillAndSpeed) {
  for (const std::string drill : {"guided-incident-response", "smoke"}) {
    for (const std::string speed : {"1", "60", "720", "1440"}) {
      const Output checked = sh(ctl() + " rules --drill " + drill + " --speed " + speed + " > " + folder_ + "/r.yml && " + promtool() + " check rules " + folder_ + "/r.yml 2>&1");
      EXPECT_EQ(checked.exit, 0) << drill << " at " << speed << ": " << checked.out;
    }
  }
}

TEST_F(Rules, BurnRatesOfTheContractAlertAsTheyShould) {
  const Output out = try_rules("contract.yml");
  EXPECT_EQ(out.exit, 0) << out.out;
}

TEST_F(Rules, SymptomsAlertBeyondTheirBoundsAndNotBelow) {
  const Output out = try_rules("symptoms.yml");
  EXPECT_EQ(out.exit, 0) << out.out;
}

TEST_F(Rules, EveryAlertHasItsRunbookAndItsDashboard) {
  const auto file = boost::json::parse(sh(ctl() + " -o json rules").out);
  int alerts = 0;
  for (const auto& group : file.at("groups").as_array()) {
    for (const auto& rule : group.at("rules").as_array()) {
      if (!rule.as_object().contains("alert")) continue;
      const std::string name(rule.at("alert").as_string());
      const std::string dashboard(rule.at("annotations").at("dashboard_url").as_string());
      EXPECT_FALSE(rule.at("annotations").at("summary").as_string().empty()) << name;
      EXPECT_FALSE(rule.at("annotations").at("description").as_string().empty()) << name;
      EXPECT_TRUE(rule.at("annotations").at("runbook_url").as_string().ends_with("/runbooks/" + name)) << name;
      EXPECT_TRUE(fs::exists(kSource + "/docs/runbooks/" + name + ".md")) << name;
      EXPECT_TRUE(fs::exists(kSource + "/dashboards/json/" + dashboard.substr(dashboard.rfind('/') + 1) + ".json")) << dashboard;
      ++alerts;
    }
  }
  EXPECT_GT(alerts, 25);
}

TEST_F(Rules, TheConfigurationsOfPrometheusAndAlertmanagerAreGood) {
  const Output prometheus = sh(promtool() + " check config " + kSource + "/compose/prometheus/prometheus.yml 2>&1");
  EXPECT_EQ(prometheus.exit, 0) << prometheus.out;
  const Output alertmanager = sh(kSource + "/build/tools/usr/bin/amtool check-config " + kSource + "/compose/alertmanager/alertmanager.yml 2>&1");
  EXPECT_EQ(alertmanager.exit, 0) << alertmanager.out;
}

}  // namespace
}  // namespace chaos::test
