#include "record/figures.hpp"
#include "record/postmortem.hpp"
#include "record/report.hpp"
#include "unit/record/event.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace chaos::record {
namespace {

using test::by;
using test::event;

bool has(const std::vector<std::string>& lines, const std::string& part) {
  return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.find(part) != std::string::npos; });
}

v1::Event loss(double lab_s, const std::string& text, const std::string& what = "failover_loss") {
  return by("supervisor", event(lab_s, "ledger", what, "replica-1", text));
}

/// A run that `chaosctl down` interrupted after a failover: without verdict and ledger check.
RunData interrupted() {
  RunData data;
  data.info.id = "r4";
  data.info.state = RunState::interrupted;
  data.orders = 1813;
  data.lost_in_failover.resize(93);
  std::iota(data.lost_in_failover.begin(), data.lost_in_failover.end(), 1721);
  data.events = {by("operator", event(30'000, "action", "failover", "", "failover from postgres-1 to replica-1")),
                 loss(30'600, "93 of 1813 acknowledged orders are lost (1721, 1722 and 91 more); replica-1 lacks at least 187 transactions"),
                 by("operator", event(30'660, "action", "failover_done", "", "failover to replica-1 is done")),
                 event(36'000, "run", "interrupted", "", "the lab ends before its run")};
  return data;
}

TEST(FailoverStory, AnInterruptedRunTellsWhatItsFailoverLostAndWhen) {
  const Report report = report_of(interrupted());
  const std::string told = "at 08:30: 93 of 1813 acknowledged orders are lost";
  EXPECT_TRUE(has(report.summary, "A failover lost 93 acknowledged orders (" + told));
  const auto fact = std::find_if(report.impact.begin(), report.impact.end(), [](const Fact& one) { return one.name == "Lost by failover"; });
  ASSERT_NE(fact, report.impact.end());
  EXPECT_EQ(fact->value, "93 acknowledged orders");
  EXPECT_TRUE(fact->note.starts_with(told)) << fact->note;
  EXPECT_TRUE(has(report.went_wrong, told));
  EXPECT_FALSE(has(report.went_wrong, "accounted for"));
  EXPECT_TRUE(has(report.action_items, "Who tells the customers"));
  ASSERT_EQ(report.ledger.size(), 3u);
  EXPECT_EQ(report.ledger[0], "1,813 orders acknowledged.");
  EXPECT_TRUE(report.ledger[1].starts_with("93 acknowledged orders lost by a failover (acknowledged before the new primary had them): 1721, 1722, ")) << report.ledger[1];
  EXPECT_EQ(report.ledger[2], "The ledger check was not made: of the others, whether each is in Postgres and has its receipt is not measured.");
  EXPECT_EQ(run_figures(interrupted()).orders_lost, 93u);
}

TEST(FailoverStory, WhatCouldNotBeCountedIsToldAsThat) {
  RunData data = interrupted();
  data.events[1] = loss(30'600, "whether acknowledged orders are lost could not be counted (timeout)", "failover_uncounted");
  const Report more = report_of(data);
  EXPECT_TRUE(has(more.went_wrong, "at least 93 acknowledged orders"));
  data.lost_in_failover.clear();
  const Report none = report_of(data);
  EXPECT_TRUE(has(none.summary, "A failover may have lost acknowledged orders (at 08:30: whether"));
  EXPECT_TRUE(has(none.went_wrong, "may have lost"));
  EXPECT_TRUE(has(none.ledger, "could not be counted"));
}

TEST(FailoverStory, AFailoverThatLostNothingIsNoLoss) {
  RunData data = interrupted();
  data.lost_in_failover.clear();
  data.events[1] = loss(30'600, "no acknowledged order is lost, of 1813", "failover");
  const Report report = report_of(data);
  EXPECT_FALSE(has(report.summary, "failover lost"));
  EXPECT_FALSE(has(report.went_wrong, "ailover"));
  EXPECT_EQ(report.ledger.size(), 1u);
}

TEST(FailoverStory, ALedgerCheckAccountsForTheOthers) {
  RunData data = interrupted();
  data.ledger = Ledger{.acknowledged = 1813, .lost_in_failover = data.lost_in_failover};
  const Report report = report_of(data);
  EXPECT_TRUE(has(report.went_wrong, "Every other one is accounted for."));
  EXPECT_FALSE(has(report.went_well, "No order was lost"));
  EXPECT_FALSE(has(report.ledger, "not measured"));
}

TEST(FailoverStory, TheTimelinesBoundNeverDropsIt) {
  RunData data = interrupted();
  for (int i = 0; i < 100; ++i) {      // more of what has the greatest weight else than there is room for
    data.events.push_back(by("drill", event(40'000 + i, "fault", "inject", "server", "latency on server (f" + std::to_string(i) + ")")));
  }
  const auto cut = timeline_of(data.events, {.reveal = true, .story_from = 40'000});
  EXPECT_GT(cut.left_out, 0u);
  const auto told = [&](const std::string& what) {
    return std::any_of(cut.entries.begin(), cut.entries.end(), [&](const auto& entry) { return entry.what == what; });
  };
  EXPECT_TRUE(told("failover_loss"));
  EXPECT_TRUE(told("failover_done"));
}

}  // namespace
}  // namespace chaos::record
