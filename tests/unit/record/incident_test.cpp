#include "record/incident.hpp"

#include "record/fault_facts.hpp"
#include "record/figures.hpp"
#include "record/node_story.hpp"
#include "record/report.hpp"
#include "unit/record/event.hpp"

#include <gtest/gtest.h>

namespace chaos::record {
namespace {

using test::by;
using test::event;

/// Three lab hours with 20 requests a minute, all good, contract 95 % and 320 ms.
RunData quiet_run() {
  RunData data;
  data.info.plan.mutable_contract()->set_uptime_min(0.95);
  data.info.plan.mutable_contract()->set_p95_ms_max(320);
  data.info.last_lab_s = 10'800;
  data.info.state = RunState::ended;
  for (int m = 0; m < 180; ++m) {
    data.minutes.push_back({m, 20, 20});
    data.slis.push_back({.lab_s = m * 60.0 + 59, .users = 200, .p95_ms = 100});
  }
  return data;
}

void fail(RunData* data, int from, int to, std::uint64_t good) {
  for (int m = from; m < to; ++m) data->minutes[static_cast<std::size_t>(m)].good = good;
}

TEST(Windows, NoneWhenAllIsWell) { EXPECT_TRUE(incident_windows(quiet_run()).empty()); }

TEST(Windows, FollowTheSuccessRateOverTenMinutes) {
  RunData data = quiet_run();
  fail(&data, 60, 70, 10);
  const auto windows = incident_windows(data);
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].from, 61 * 60);        // one bad minute in ten is 95 %: still within
  EXPECT_EQ(windows[0].to, 78 * 60);          // and one left over is within again
  EXPECT_TRUE(windows[0].by_success);
  EXPECT_FALSE(windows[0].by_latency);
  EXPECT_EQ(windows[0].requests, 17u * 20);
  EXPECT_EQ(windows[0].failed, 90u);
}

TEST(Windows, FollowTheP95AndJoinWhenClose) {
  RunData data = quiet_run();
  for (std::size_t m = 60; m < 80; ++m) data.slis[m].p95_ms = 900;
  fail(&data, 90, 92, 0);
  const auto windows = incident_windows(data);
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_TRUE(windows[0].by_latency && windows[0].by_success);
}

TEST(Windows, TooFewRequestsSayNothing) {
  RunData data = quiet_run();
  data.minutes = {{0, 5, 0}, {30, 5, 0}};
  EXPECT_TRUE(incident_windows(data).empty());
}

TEST(Times, FromFaultToRecovery) {
  RunData data = quiet_run();
  fail(&data, 60, 70, 10);
  data.events = {event(100, "action", "scale"), event(3000, "fault", "inject"), event(3700, "action", "refused"),
                 event(3900, "alert", "firing"), event(4000, "action", "restart"), event(6000, "fault", "over")};
  const auto times = incident_times(data);
  EXPECT_EQ(times.fault, 3000);
  EXPECT_EQ(times.detected, 3900);
  EXPECT_EQ(times.detected_by, "alert");
  EXPECT_EQ(times.mitigated, 78 * 60);
  EXPECT_EQ(times.cause_gone, 6000);
  EXPECT_EQ(times.recovered, 6000);
}

/// A person's own latency fault, restart and rollback before the drill's deployment of v2 and its leak at 3000.
RunData busy_run() {
  RunData data = quiet_run();
  auto& fault = *data.info.plan.add_faults();
  fault.set_at(2999.5);
  fault.set_in_version("v2");
  fault.mutable_fault()->mutable_target()->set_role("server");
  fault.mutable_fault()->mutable_memory_leak()->set_mb_per_lab_hour(60);
  data.events = {by("operator", event(100, "fault", "inject", "", "latency on server->postgres (f1)")),
                 by("operator", event(160, "action", "restart")),
                 by("operator", event(200, "action", "rollback", "", "server goes to version v1, one by one")),
                 by("operator", event(220, "action", "rollback_done", "", "rollback of server to v1 is done")),
                 by("drill", event(900, "action", "deploy", "", "server goes to version v2, one by one")),
                 by("drill", event(3000, "fault", "inject", "server", "memory_leak on server (f2)")),
                 by("alerts", event(3600, "alert", "firing", "ServerMemoryHigh"))};
  return data;
}

TEST(Times, CountFromTheDrillsFaultNotFromAPersonsOwn) {
  const RunData data = busy_run();
  const auto fault = incident_fault(data);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->name, "memory_leak");
  EXPECT_EQ(fault->strength, "60 MB per lab hour");
  const auto times = incident_times(data);
  EXPECT_EQ(times.fault, 3000);
  EXPECT_EQ(times.detected, 3600);
  EXPECT_FALSE(times.cause_gone);      // the rollback was before
  EXPECT_EQ(run_figures(data).fault_lab_s, 3000);
  EXPECT_TRUE(summary_of(findings_of(data))[0].starts_with("At 00:50 the fault memory_leak began on server (60 MB per lab hour)."));
}

TEST(Times, TheCauseGoesWithItsOwnRollbackWhateverElseIsInForce) {
  RunData data = busy_run();
  data.events.push_back(event(5000, "action", "rollback", "", "worker goes to version v1, one by one"));
  data.events.push_back(event(5100, "action", "rollback_done", "", "rollback of worker to v1 is done"));
  EXPECT_FALSE(incident_times(data).cause_gone);
  data.events.push_back(event(5200, "action", "rollback", "", "server goes to version v1, one by one"));
  EXPECT_FALSE(incident_times(data).recovered);
  data.events.push_back(event(5400, "action", "rollback_done", "", "rollback of server to v1 is done"));
  EXPECT_EQ(incident_times(data).cause_gone, 5400);
  EXPECT_EQ(incident_times(data).recovered, 5400);
}

TEST(Times, AFaultThatEndsWithTheLabIsNotCured) {
  RunData data = quiet_run();
  data.events = {by("operator", event(3000, "fault", "inject", "server-2", "memory_leak on server-2 (f1)")),
                 event(4000, "run", "interrupted"), by("operator", event(4001, "fault", "over", "", "memory_leak on server-2 is over (f1)"))};
  EXPECT_FALSE(incident_times(data).cause_gone);
}

TEST(Times, SilenceAfterTheTroubleMendsItOnceTenMinutesPassed) {
  RunData data = quiet_run();
  fail(&data, 60, 70, 0);
  data.minutes.resize(70);                       // then the traffic stands
  for (std::size_t m = 70; m < 180; ++m) data.slis[m].p95_ms = kNotMeasured;
  for (std::size_t m = 60; m < 70; ++m) data.slis[m].p95_ms = 900;
  data.events = {event(3000, "fault", "inject")};
  EXPECT_EQ(incident_times(data).mitigated, 79 * 60);
  ASSERT_EQ(incident_windows(data).size(), 1u);
  EXPECT_EQ(incident_windows(data)[0].to, 79 * 60);
  data.events.push_back(event(70 * 60, "run", "settling"));
  EXPECT_TRUE(incident_times(data).out_at_end) << "the silence after the run's close says nothing";
}

TEST(Times, CountFromTheFirstInjectedFaultWhereTheDrillBeganNone) {
  RunData data = busy_run();
  data.info.plan.mutable_faults(0)->set_at(20'000);
  data.events.resize(2);
  data.events.push_back(by("operator", event(400, "fault", "clear", "", "f1 is cleared")));
  EXPECT_EQ(incident_fault(data)->name, "latency");
  const auto times = incident_times(data);
  EXPECT_EQ(times.fault, 100);
  EXPECT_EQ(times.detected, 160);
  EXPECT_EQ(times.cause_gone, 400);
}

TEST(Faults, AnInjectedOneIsToldFromTheCatalogue) {
  RunData data = quiet_run();
  data.events = {by("operator", event(2400, "fault", "inject", "server-2", "crash on server-2 (f2)")),
                 by("operator", event(2410, "fault", "over", "", "crash on server-2 is over (f2)")),
                 by("operator", event(3000, "fault", "inject", "", "latency on server->postgres (f3)")),
                 by("operator", event(3600, "fault", "clear", "", "f3 is cleared"))};
  const auto faults = faults_of(data);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].target, "server-2");
  EXPECT_EQ(faults[0].began, "00:40");
  EXPECT_EQ(faults[0].cure, "nothing; it restarts by itself");
  EXPECT_EQ(faults[0].where, "on server-2, injected by the operator");
  EXPECT_NE(faults[0].cause.find("kernel OOM kill"), std::string::npos);
  EXPECT_NE(faults[0].looks_like.find("connections are reset"), std::string::npos);
  EXPECT_EQ(faults[1].began, "00:50, until 01:00");
  EXPECT_EQ(faults[1].target, "server->postgres");
}

TEST(Times, OutAtTheEndIsNotMitigated) {
  RunData data = quiet_run();
  fail(&data, 150, 180, 0);
  data.events = {event(3000, "fault", "inject")};
  const auto times = incident_times(data);
  EXPECT_TRUE(times.out_at_end);
  EXPECT_FALSE(times.mitigated);
  EXPECT_FALSE(times.detected);
}

TEST(Times, NoFaultNoTimes) { EXPECT_FALSE(incident_times(quiet_run()).fault); }

TEST(ImpactOf, CountsRequestsAndUsers) {
  RunData data = quiet_run();
  fail(&data, 60, 70, 0);
  const auto windows = incident_windows(data);
  const Impact impact = impact_of(data, windows);
  EXPECT_EQ(impact.requests, 3600u);
  EXPECT_EQ(impact.failed, 200u);
  EXPECT_EQ(impact.window_failed, 200u);
  ASSERT_TRUE(impact.users);
  EXPECT_GT(*impact.users, 50u);      // 200 failures over 200 users, at most one request each or two
  EXPECT_LE(*impact.users, 200u);
  data.slis.clear();
  EXPECT_FALSE(impact_of(data, windows).users);
}

TEST(ImpactOf, AWindowBetweenTwoSamplesTakesTheNearestOrThePlan) {
  RunData data = quiet_run();
  data.slis = {{.lab_s = 3000, .users = 200}, {.lab_s = 9000, .users = 5}, {.lab_s = 3600, .users = 0}};
  const std::vector<IncidentWindow> windows{{.from = 3600, .to = 3660, .by_success = true, .requests = 200, .failed = 200}};
  EXPECT_EQ(impact_of(data, windows).users, 200u);
  data.slis.clear();
  data.info.plan.mutable_traffic()->set_base_users(50);
  data.info.plan.mutable_traffic()->set_peak_users(50);
  EXPECT_EQ(impact_of(data, windows).users, 50u);
}

TEST(NodeStory, DeathsAtTheLimitKnowHowLongTheyWereWarned) {
  RunData data;
  for (int i = 0; i < 10; ++i) {
    data.nodes.push_back({.lab_s = i * 60.0, .node = "server-1", .role = "server", .resident_bytes = static_cast<std::uint64_t>(50 + 5 * i),
                          .memory_limit_bytes = 100});
  }
  data.events = {event(600, "node", "killed", "server-1"), event(601, "node", "stopped", "server-2")};
  const auto deaths = deaths_of(data);
  ASSERT_EQ(deaths.size(), 1u);
  EXPECT_TRUE(deaths[0].at_memory_limit);
  EXPECT_EQ(deaths[0].warned_s, 600 - 360);
}

TEST(NodeStory, ReadinessCountsTheWorstMoment) {
  RunData data;
  const auto sample = [&](double t, const char* node, v1::Phase phase) {
    data.nodes.push_back({.lab_s = t, .node = node, .role = "server", .phase = phase, .attached = true});
  };
  for (double t : {0.0, 60.0, 120.0, 180.0}) {
    sample(t, "server-1", t == 60 ? v1::PHASE_BOOTING : v1::PHASE_READY);
    sample(t, "server-2", t == 60 ? v1::PHASE_BOOTING : v1::PHASE_READY);
  }
  const auto found = readiness(data, "server", 0);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->most, 2);
  EXPECT_EQ(found->least, 0);
  EXPECT_EQ(found->least_at, 60);
  EXPECT_EQ(found->none_s, 60);
  EXPECT_FALSE(readiness(data, "redis", 0));
}

}  // namespace
}  // namespace chaos::record
