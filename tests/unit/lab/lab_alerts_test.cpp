#include "lab/lab_alerts.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

using std::chrono::seconds;

v1::Drill drill() {
  v1::Drill out;
  out.mutable_contract()->set_uptime_min(0.95);
  out.mutable_contract()->set_p95_ms_max(320);
  auto* rule = out.add_alerts();
  rule->set_name("OrdersPileUp");
  rule->set_severity("ticket");
  rule->mutable_when()->set_of("queue_depth");
  rule->mutable_when()->set_above(100);
  return out;
}

Observation queue(double depth) {
  Observation seen;
  seen.queue_depth = depth;
  return seen;
}

ToldAlert told(const std::string& key, bool firing) { return {key, {"BackendDown " + key, firing, "ticket", "text"}, false}; }
ToldAlert heartbeat() { return {"w", {"Watchdog", true, "none", ""}, true}; }

const RealTime kStart = RealTime{} + std::chrono::hours(1);

TEST(LabAlerts, AreTheControllersOwnWithoutPrometheus) {
  LabAlerts alerts(drill(), false);
  const auto fired = alerts.update(queue(200), 60, kStart);
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0].name, "OrdersPileUp");
  EXPECT_TRUE(alerts.update(queue(200), 60, kStart + seconds(600)).empty()) << "nobody else is waited for";
  EXPECT_EQ(alerts.firing(), std::vector<std::string>{"OrdersPileUp"});
}

TEST(LabAlerts, FromElsewhereAreTakenOnce) {
  LabAlerts alerts(drill(), true);
  EXPECT_TRUE(alerts.update(queue(200), 60, kStart).empty()) << "Prometheus says it";
  EXPECT_EQ(alerts.hear({heartbeat(), told("server-1", true), told("server-2", true)}, kStart).size(), 2u);
  EXPECT_TRUE(alerts.hear({told("server-1", true)}, kStart + seconds(10)).empty()) << "repeated";
  EXPECT_EQ(alerts.firing(), (std::vector<std::string>{"BackendDown server-1", "BackendDown server-2"}));
  const auto over = alerts.hear({told("server-1", false)}, kStart + seconds(20));
  ASSERT_EQ(over.size(), 1u);
  EXPECT_FALSE(over[0].firing);
  EXPECT_TRUE(alerts.hear({told("server-9", false)}, kStart + seconds(21)).empty()) << "the end of what never began";
}

TEST(LabAlerts, SilenceIsAnAlertAndTheControllerWatchesItself) {
  LabAlerts alerts(drill(), true);
  alerts.update(queue(0), 60, kStart);
  alerts.hear({heartbeat()}, kStart + seconds(30));
  EXPECT_TRUE(alerts.update(queue(200), 60, kStart + seconds(89)).empty());
  const auto fired = alerts.update(queue(200), 60, kStart + seconds(90));
  ASSERT_EQ(fired.size(), 2u);
  EXPECT_EQ(fired[0].name, "AlertingSilent");
  EXPECT_EQ(fired[1].name, "OrdersPileUp");

  const auto back = alerts.hear({heartbeat()}, kStart + seconds(100));
  ASSERT_EQ(back.size(), 2u);
  EXPECT_FALSE(back[0].firing);
  EXPECT_FALSE(back[1].firing) << "what still fires is told from elsewhere";
  EXPECT_TRUE(alerts.firing().empty());
  EXPECT_TRUE(alerts.update(queue(200), 60, kStart + seconds(101)).empty());
}

}  // namespace
}  // namespace chaos
