#include "drill/schedule.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

v1::Drill drill() {
  v1::Drill d;
  auto* plan = d.add_topology();
  plan->set_role("server");
  plan->set_version("v1");
  auto* late = d.add_deploys();
  late->set_at(200);
  late->set_role("server");
  late->set_version("v3");
  auto* early = d.add_deploys();
  early->set_at(100);
  early->set_role("server");
  early->set_version("v2");
  for (const double at : {300.0, 100.0, 100.0}) {
    auto* fault = d.add_faults();
    fault->set_at(at);
    fault->set_where("number " + std::to_string(d.faults_size()));
  }
  return d;
}

TEST(Schedule, IsHalfOpenSoThatNothingComesTwice) {
  const auto d = drill();
  EXPECT_TRUE(due_between(d, 0, 100).faults.empty());
  const auto due = due_between(d, 100, 300);
  ASSERT_EQ(due.faults.size(), 2u);
  EXPECT_EQ(due.faults[0]->where(), "number 2");
  EXPECT_EQ(due.faults[1]->where(), "number 3");
  ASSERT_EQ(due.deploys.size(), 2u);
  EXPECT_EQ(due.deploys[0]->version(), "v2");
  EXPECT_EQ(due_between(d, 300, 301).faults.size(), 1u);
}

TEST(Schedule, KnowsWhatComesNext) {
  const auto d = drill();
  EXPECT_EQ(next_due(d, 0), 100);
  EXPECT_EQ(next_due(d, 100.5), 200);
  EXPECT_EQ(next_due(d, 201), 300);
  EXPECT_FALSE(next_due(d, 301));
  EXPECT_EQ(first_fault(d), 100);
  EXPECT_FALSE(first_fault({}));
}

TEST(Schedule, VersionsFollowTheDeploys) {
  auto d = drill();
  EXPECT_EQ(version_at(d, "server", 99), "v1");
  EXPECT_EQ(version_at(d, "server", 100.5), "v2");
  EXPECT_EQ(version_at(d, "server", 1000), "v3");
  EXPECT_EQ(version_at(d, "cdn", 1000), "");
  EXPECT_EQ(last_good_version(d, "server"), "v1");
  d.mutable_deploys(1)->set_silent(true);
  EXPECT_EQ(version_at(d, "server", 0), "v2") << "the code was there from the start";
  EXPECT_EQ(version_at(d, "server", 201), "v3");
}

TEST(Schedule, ADeployAtTheVeryStartIsCarriedOutOnce) {
  auto d = drill();
  EXPECT_EQ(version_at(d, "server", 100), "v1") << "the first processes run what was there before";
  ASSERT_EQ(due_between(d, 100, 101).deploys.size(), 1u);
  d.mutable_deploys(1)->set_at(0);
  EXPECT_EQ(version_at(d, "server", 0), "v1");
  d.mutable_deploys(1)->set_silent(true);
  EXPECT_EQ(version_at(d, "server", 0), "v2");
}

}  // namespace
}  // namespace chaos
