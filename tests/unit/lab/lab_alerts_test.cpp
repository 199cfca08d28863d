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

TEST(LabAlerts, FromElsewhereAreBounded) {
  LabAlerts alerts(drill(), true);
  for (int i = 0; i < 1200; ++i) alerts.hear({told("server-" + std::to_string(i), true)}, kStart);
  EXPECT_EQ(alerts.firing().size(), 1000u);
  EXPECT_EQ(alerts.hear({told("server-0", false)}, kStart).size(), 1u);
  EXPECT_EQ(alerts.hear({told("server-1199", true)}, kStart).size(), 1u);
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

TEST(LabAlerts, ThatAlertsAreOverIsNoWordOfPrometheus) {
  LabAlerts alerts(drill(), true);
  alerts.update(queue(0), 60, kStart);
  alerts.hear({heartbeat(), told("server-1", true)}, kStart);
  ToldAlert ended = heartbeat();
  ended.change.firing = false;
  EXPECT_EQ(alerts.hear({ended, told("server-1", false)}, kStart + seconds(20)).size(), 1u);
  const auto fired = alerts.update(queue(0), 60, kStart + seconds(60));
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0].name, "AlertingSilent");
  EXPECT_TRUE(alerts.hear({ended}, kStart + seconds(61)).empty());
  EXPECT_EQ(alerts.hear({heartbeat()}, kStart + seconds(62)).size(), 1u);
}

v1::Event event(const std::string& name, bool firing) {
  v1::Event out;
  out.set_kind("alert");
  out.set_node(name);
  out.set_what(firing ? "firing" : "resolved");
  return out;
}

TEST(LabAlerts, OfARunThatGoesOnAreToldOnceAndEnd) {
  LabAlerts alerts(drill(), true);
  alerts.take_up({event("BackendDown server-1", true), event("BackendDown server-2", true), event("BackendDown server-3", true),
                  event("BackendDown server-4", true), event("BackendDown server-4", false)});
  EXPECT_EQ(alerts.firing().size(), 3u);
  EXPECT_TRUE(alerts.update(queue(0), 60, kStart).empty());
  EXPECT_TRUE(alerts.hear({told("server-1", true)}, kStart + seconds(5)).empty()) << "it stands in the record";
  const auto over = alerts.hear({told("server-2", false)}, kStart + seconds(6));
  ASSERT_EQ(over.size(), 1u) << "it ended while the controller was away";
  EXPECT_FALSE(over[0].firing);
  EXPECT_TRUE(alerts.hear({told("server-4", false)}, kStart + seconds(7)).empty());

  for (int s = 8; s < 66; ++s) {
    alerts.hear({heartbeat()}, kStart + seconds(s));
    EXPECT_TRUE(alerts.update(queue(0), 60, kStart + seconds(s)).empty()) << s;
  }
  const auto lost = alerts.update(queue(0), 60, kStart + seconds(68));
  ASSERT_EQ(lost.size(), 1u) << "nobody tells of it";
  EXPECT_EQ(lost[0].name, "BackendDown server-3");
  EXPECT_FALSE(lost[0].firing);
  EXPECT_EQ(alerts.firing(), std::vector<std::string>{"BackendDown server-1"});
  EXPECT_EQ(alerts.hear({told("server-1", false)}, kStart + seconds(69)).size(), 1u);
  EXPECT_TRUE(alerts.firing().empty());
}

TEST(LabAlerts, OfItsOwnGoOnToo) {
  LabAlerts alerts(drill(), false);
  alerts.take_up({event("OrdersPileUp", true), event("LatencyBudgetBurn 1h", true)});
  EXPECT_TRUE(alerts.update(queue(200), 60, kStart).empty()) << "it fires on";
  EXPECT_EQ(alerts.firing(), (std::vector<std::string>{"LatencyBudgetBurn 1h", "OrdersPileUp"}));
  const auto over = alerts.update(queue(0), 60, kStart + seconds(1));
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].name, "OrdersPileUp");
  const auto lost = alerts.update(queue(0), 60, kStart + seconds(60));
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].name, "LatencyBudgetBurn 1h");
}

TEST(LabAlerts, ASilenceThatAnotherControllerSawEndsWithTheFirstWord) {
  LabAlerts alerts(drill(), true);
  alerts.take_up({event("AlertingSilent", true)});
  EXPECT_TRUE(alerts.update(queue(0), 60, kStart).empty());
  EXPECT_TRUE(alerts.update(queue(0), 60, kStart + seconds(60)).empty()) << "it goes on";
  EXPECT_EQ(alerts.firing(), std::vector<std::string>{"AlertingSilent"});
  const auto back = alerts.hear({heartbeat()}, kStart + seconds(70));
  ASSERT_EQ(back.size(), 1u);
  EXPECT_FALSE(back[0].firing);
}

}  // namespace
}  // namespace chaos
