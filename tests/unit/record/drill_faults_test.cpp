#include "record/drill_faults.hpp"

#include "record/figures.hpp"
#include "record/report.hpp"
#include "unit/record/event.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace chaos::record {
namespace {

using test::by;
using test::event;

v1::Event ready(double lab_s, const std::string& node, const std::string& version) {
  return event(lab_s, "node", "ready", node, "is ready (" + version + ")");
}

v1::ScheduledFault* add_leak(RunData* data, double at, const std::string& target) {
  auto& fault = *data->info.plan.add_faults();
  fault.set_at(at);
  fault.set_in_version("v2");
  auto* aim = fault.mutable_fault()->mutable_target();
  if (target.find('-') == std::string::npos) aim->set_role(target);
  else aim->set_node(target);
  fault.mutable_fault()->mutable_memory_leak()->set_mb_per_lab_hour(60);
  return &fault;
}

void add(RunData* data, const std::vector<v1::Event>& events) { data->events.insert(data->events.end(), events.begin(), events.end()); }

/// Two servers, one by one from v1 to v2 at 1000; a leak in v2 of `target` at 3000.
RunData leak_run(const std::string& target) {
  RunData data;
  data.info.last_lab_s = 10'800;
  data.info.state = RunState::ended;
  auto* plan = data.info.plan.add_topology();
  plan->set_role("server");
  plan->set_version("v1");
  add_leak(&data, 3000, target);
  add(&data, {ready(0, "server-1", "v1"), ready(0, "server-2", "v1"), event(1000, "action", "deploy", "", "server goes to version v2, one by one"),
              ready(1100, "server-1", "v2"), ready(1200, "server-2", "v2"), event(1210, "action", "deploy_done", "", "deploy of server to v2 is done"),
              by("drill", event(3000, "fault", "inject", target, "memory_leak on " + target + " (f1)"))});
  return data;
}

FaultCourse course(const RunData& data) { return courses_of(data).at(0); }

TEST(Courses, ARollbackOfAnotherRoleIsNoCure) {
  for (const char* target : {"server", "server-2"}) {
    RunData data = leak_run(target);
    add(&data, {event(4000, "action", "rollback", "worker-1", "worker goes to version v1, one by one"), ready(4100, "worker-1", "v1"),
                event(4110, "action", "rollback_done", "worker-1", "rollback of worker to v1 is done")});
    EXPECT_EQ(course(data).began, 3000);
    EXPECT_FALSE(course(data).gone) << target;
    EXPECT_FALSE(course(data).rolled_back) << target;
  }
}

TEST(Courses, ARollbackToTheFaultsOwnVersionIsNoCure) {
  RunData data = leak_run("server-2");
  add(&data, {event(4000, "action", "rollback", "", "server goes to version v2, all at once"), ready(4100, "server-1", "v2"), ready(4100, "server-2", "v2"),
              event(4110, "action", "rollback_done", "", "rollback of server to v2 is done")});
  EXPECT_FALSE(course(data).gone);
}

TEST(Courses, TheFirstRollbackAfterWhichNoNodeRunsItCures) {
  RunData data = leak_run("server-2");
  add(&data, {event(4000, "action", "rollback", "", "server goes to version v1, one by one, drained for at most 60 lab s because memory"),
              ready(4100, "server-1", "v1"), ready(4200, "server-2", "v1"), event(4210, "action", "rollback_done", "", "rollback of server to v1 is done"),
              event(6000, "action", "rollback", "", "server goes to version v1, all at once"), ready(6100, "server-1", "v1"), ready(6100, "server-2", "v1"),
              event(6110, "action", "rollback_done", "", "rollback of server to v1 is done")});
  EXPECT_EQ(course(data).gone, 4210);
  EXPECT_TRUE(course(data).rolled_back);
}

TEST(Courses, ARollbackThatEndsEarlyCuresWhenTheLastProcessIsReplaced) {
  RunData data = leak_run("server");
  add(&data, {event(4000, "action", "rollback", "", "server goes to version v1, one by one"), ready(4100, "server-1", "v1"),
              event(4400, "action", "rollback_failed", "", "rollback of server to v1 ended early: server-2 is not ready again")});
  EXPECT_FALSE(course(data).gone);
  add(&data, {event(5000, "node", "killed", "server-2", "ended: OOMKilled (out of memory, exit code 137)"), ready(5060, "server-2", "v1")});
  EXPECT_EQ(course(data).gone, 5000);
}

TEST(Courses, WhatAProcessStartsWithTellsWhatTheNextOnesRun) {
  RunData data = leak_run("server-2");
  add(&data, {event(4000, "node", "stopped", "server-2", "ended: stopped as asked"), event(4010, "node", "booting", "server-2", "is booting (v1)"),
              ready(4070, "server-2", "v1")});
  EXPECT_EQ(course(data).gone, 4010);
}

TEST(Courses, AProcessThatIsDownComesBackWithItsFault) {
  RunData data = leak_run("server-2");
  add(&data, {event(4000, "node", "killed", "server-2", "ended: OOMKilled (out of memory, exit code 137)")});
  EXPECT_FALSE(course(data).gone);
}

TEST(Courses, TheEndOfTheLabIsNoCure) {
  RunData data = leak_run("server");
  add(&data, {event(4000, "action", "rollback", "", "server goes to version v1, one by one"), ready(4100, "server-1", "v1"), event(4150, "run", "interrupted"),
              event(4151, "node", "stopped", "server-1", "ended: stopped as asked"), event(4151, "node", "stopped", "server-2", "ended: stopped as asked")});
  EXPECT_FALSE(course(data).gone);
}

RunData rolled_back_before() {
  RunData data = leak_run("server");
  const auto fault = data.events.back();
  data.events.pop_back();
  add(&data, {by("operator", event(2000, "action", "rollback", "", "server goes to version v1, one by one")), ready(2100, "server-1", "v1"),
              ready(2200, "server-2", "v1"), by("operator", event(2210, "action", "rollback_done", "", "rollback of server to v1 is done")), fault});
  return data;
}

TEST(Courses, WithoutAProcessOfItsVersionAFaultNeverTakesHold) {
  RunData data = rolled_back_before();
  EXPECT_EQ(course(data).came, 3000);
  EXPECT_FALSE(course(data).began);
  EXPECT_EQ(never_held(course(data)), "never took hold: no process ran v2");
  EXPECT_FALSE(run_figures(data).fault_lab_s) << "time to mitigate is not applicable";
  const Report report = report_of(data);
  EXPECT_EQ(report.faults.at(0).began, "never took hold: no process ran v2");
  const auto mitigate = std::find_if(report.times.begin(), report.times.end(), [](const Fact& fact) { return fact.name == "To mitigate"; });
  ASSERT_NE(mitigate, report.times.end());
  EXPECT_EQ(mitigate->value, "not applicable");
  EXPECT_EQ(mitigate->note, "the fault never took hold: no process ran v2");
  EXPECT_EQ(report.summary.front(), "The fault never took hold: no process ran v2.");
  const auto still = [](const std::string& line) { return line.find("still in force") != std::string::npos; };
  EXPECT_TRUE(std::none_of(report.went_wrong.begin(), report.went_wrong.end(), still));
}

TEST(Courses, ALiveReportSaysNothingOfAFaultThatNeverTookHold) {
  RunData data = rolled_back_before();
  data.info.state = RunState::running;
  const Report report = report_of(data);
  for (const auto& line : report.summary) EXPECT_EQ(line.find("never took hold"), std::string::npos) << line;
  for (const auto& fact : report.times) EXPECT_EQ(fact.note.find("never took hold"), std::string::npos);
}

TEST(Courses, AFaultTakesHoldWhenItsVersionComesAfterIt) {
  RunData data = rolled_back_before();
  add(&data, {event(5000, "action", "rollback", "", "server goes to version v2, one by one"), ready(5100, "server-1", "v2")});
  EXPECT_EQ(course(data).came, 3000);
  EXPECT_EQ(course(data).began, 5100);
}

TEST(Courses, WhereNodesSayNothingThePlanAndTheActionsTell) {
  RunData data = rolled_back_before();
  std::erase_if(data.events, [](const v1::Event& e) { return e.kind() == "node"; });
  EXPECT_FALSE(course(data).began);
  data = leak_run("server");
  std::erase_if(data.events, [](const v1::Event& e) { return e.kind() == "node"; });
  EXPECT_EQ(course(data).began, 3000);
  add(&data, {event(4000, "action", "rollback", "", "server goes to version v1, one by one")});
  EXPECT_FALSE(course(data).gone);
  add(&data, {event(4210, "action", "rollback_done", "", "rollback of server to v1 is done")});
  EXPECT_EQ(course(data).gone, 4210);
}

TEST(Courses, ASilentDeployIsThereFromTheStart) {
  RunData data = leak_run("server");
  auto& deploy = *data.info.plan.add_deploys();
  deploy.set_at(3000);
  deploy.set_role("server");
  deploy.set_version("v2");
  deploy.set_silent(true);
  data.events = {by("drill", event(3000, "fault", "inject", "server", "memory_leak on server (f1)"))};
  EXPECT_EQ(course(data).began, 3000);
}

}  // namespace
}  // namespace chaos::record
