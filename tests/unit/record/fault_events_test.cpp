// Which event is which fault's, and by what a fault without a version ends.
#include "record/drill_faults.hpp"
#include "record/fault_facts.hpp"
#include "unit/record/event.hpp"

#include <gtest/gtest.h>

namespace chaos::record {
namespace {

using test::by;
using test::event;

RunData ended_run() {
  RunData data;
  data.info.last_lab_s = 10'800;
  data.info.state = RunState::ended;
  return data;
}

v1::Fault& add_fault(RunData* data, double at) {
  auto& scheduled = *data->info.plan.add_faults();
  scheduled.set_at(at);
  return *scheduled.mutable_fault();
}

void add_crash(RunData* data, double at, const std::string& node) {
  auto& fault = add_fault(data, at);
  fault.mutable_target()->set_node(node);
  fault.mutable_crash();
}

v1::Event came(double lab_s, const std::string& text) { return by("drill", event(lab_s, "fault", "inject", "", text)); }

TEST(FaultEvents, OfOneKindAtOneMomentAreToldApartByTheirTarget) {
  RunData data = ended_run();
  add_crash(&data, 3000, "server-1");
  add_crash(&data, 3000, "server-11");
  data.events = {came(3000, "crash on server-11 (f1)"), came(3000.2, "crash on server-1 (f2)"),
                 by("drill", event(3010, "fault", "over", "", "crash on server-1 is over (f2)"))};
  const auto courses = courses_of(data);
  EXPECT_EQ(courses[0].came, 3000.2);
  EXPECT_EQ(courses[1].came, 3000);
  EXPECT_EQ(courses[0].gone, 3010);
  EXPECT_FALSE(courses[1].gone);
}

TEST(FaultEvents, AShareOfARoleIsFoundByItsText) {
  RunData data = ended_run();
  auto& fault = add_fault(&data, 3000);
  fault.mutable_target()->set_role("server");
  fault.mutable_target()->set_share(0.5);
  fault.mutable_pause();
  data.events = {came(3000, "pause on server (share 0.5) (f1)")};
  EXPECT_EQ(courses_of(data)[0].event, &data.events[0]);
}

TEST(FaultEvents, EachIsUsedOnce) {
  RunData data = ended_run();
  for (const double at : {4000.0, 3000.0}) add_crash(&data, at, "server-1");
  data.events = {came(3000, "crash on server-1 (f1)"), came(4000, "crash on server-1 (f2)")};
  EXPECT_EQ(courses_of(data)[0].came, 4000);
  EXPECT_EQ(courses_of(data)[1].came, 3000);
  data.events = {by("drill", event(3000, "fault", "refused", "", "no node of server-1 is to serve")), came(4000, "crash on server-1 (f1)")};
  EXPECT_EQ(courses_of(data)[0].came, 4000);
  EXPECT_FALSE(courses_of(data)[1].came) << "it was refused";
}

TEST(FaultEvents, AnotherFaultsEventIsNotTaken) {
  RunData data = ended_run();
  add_crash(&data, 3000, "server-1");
  data.events = {came(3000, "crash on server-2 (f1)")};
  EXPECT_FALSE(courses_of(data)[0].came);
  EXPECT_EQ(faults_of(data)[0].began, "not begun in this run");
}

TEST(FaultEvents, WhatTheRunNeverGotToIsNotTold) {
  RunData data = ended_run();
  data.info.plan.clear_faults();
  add_crash(&data, data.info.last_lab_s + 600, "server-1");
  EXPECT_TRUE(faults_of(data).empty()) << "it would spoil the next try";
}

TEST(FaultEnds, OneThatHappensOnceIsGoneByItsOwnEventAlone) {
  RunData data = ended_run();
  add_crash(&data, 3000, "server-1");
  data.info.plan.mutable_faults(0)->mutable_fault()->set_duration_lab_s(60);
  data.events = {came(3000, "crash on server-1 (f1)")};
  EXPECT_FALSE(courses_of(data)[0].gone);
  data.events.push_back(by("drill", event(3002, "fault", "over", "", "crash on server-1 is over (f1)")));
  EXPECT_EQ(courses_of(data)[0].gone, 3002);
}

TEST(FaultEnds, ADurationPassesUnlessItIsClearedBefore) {
  RunData data = ended_run();
  auto& fault = add_fault(&data, 3000);
  fault.mutable_target()->set_role("server");
  fault.mutable_pause();
  fault.set_duration_lab_s(600);
  data.events = {came(3000, "pause on server (f1)")};
  EXPECT_EQ(courses_of(data)[0].gone, 3600);
  data.events.push_back(by("operator", event(3300, "fault", "clear", "", "f1 is cleared")));
  EXPECT_EQ(courses_of(data)[0].gone, 3300);
  data.events.resize(1);
  data.info.last_lab_s = 3500;
  EXPECT_FALSE(courses_of(data)[0].gone);
}

}  // namespace
}  // namespace chaos::record
