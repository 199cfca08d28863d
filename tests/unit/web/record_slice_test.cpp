#include "web/record_slice.hpp"

#include "unit/web/lab_record.hpp"

#include <gmock/gmock.h>

namespace chaos::web {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimeRange kAlways{0, 100'000'000};

// r1 was interrupted, r2 ended, r3 goes on.
class Slices : public ::testing::Test {
 protected:
  Slices() {
    record_.begin(1'000'000);
    record_.tell({1'001'000, "fault", "inject", "server-1"});
    record_.tell({1'002'000, "fault", "begin", "server-2", true});
    record_.sample(1'050'000);
    record_.begin(2'000'000);
    record_.tell({2'001'000, "fault", "begin", "redis-1", true});
    record_.tell({2'002'000, "run", "ended", ""});
    record_.end(2'003'000);
    record_.begin(3'000'000);
    record_.tell({3'001'000, "action", "restart", "server-1"});
    record_.tell({3'002'000, "fault", "begin", "server", true});
    record_.tell({3'003'000, "node", "killed", "server-1"});
  }

  Slice slice(const std::vector<std::string>& selectors, TimeRange range = kAlways, bool revealed = false, std::size_t most = kMaxEvents) {
    SliceWish wish{{}, range, {"r3", revealed, 3'100'000}, most};
    for (const std::string& text : selectors) wish.selectors.push_back(parse_selector(text).value());
    return read_slice(*record_.reader(), wish).value();
  }

  static std::vector<std::string> names(const std::vector<Slice::One>& list, std::string_view label) {
    std::vector<std::string> out;
    for (const Slice::One& one : list) {
      for (const auto& [name, value] : one.labels) {
        if (name == label) out.push_back(value);
      }
    }
    return out;
  }

  test::LabRecord record_;
};

TEST_F(Slices, HoldEventsOfEveryRunByTimeAndLabels) {
  const Slice all = slice({"lab_events"});
  EXPECT_THAT(names(all.events, "verb"), ElementsAre("inject", "begin", "begin", "ended", "restart", "killed"));
  EXPECT_THAT(all.runs, IsEmpty());
  EXPECT_THAT(names(slice({"lab_events{run=\"r3\"}"}).events, "verb"), ElementsAre("restart", "killed"));
  EXPECT_THAT(names(slice({"lab_events{kind=\"node\"}", "lab_events{verb=\"inject\"}"}).events, "subject"), ElementsAre("server-1", "server-1"));
  EXPECT_THAT(names(slice({"lab_events"}, {1'002'000, 2'001'000}).events, "run"), ElementsAre("r1", "r2"));
  EXPECT_EQ(slice({"lab_events{verb=\"inject\"}"}).events.at(0).from_ms, 1'001'000);
}

TEST_F(Slices, WhatIsHiddenInTheRunThatGoesOnIsNotThereUntilItIsRevealed) {
  EXPECT_THAT(names(slice({"lab_events{run=\"r3\",kind=\"fault\"}"}).events, "verb"), IsEmpty());
  EXPECT_THAT(names(slice({"lab_events{run=\"r3\",kind=\"fault\"}"}, kAlways, true).events, "verb"), ElementsAre("begin"));
  EXPECT_THAT(names(slice({"lab_events{kind=\"fault\",verb=\"begin\"}"}).events, "run"), ElementsAre("r1", "r2"));
}

TEST_F(Slices, RunsAreListedWhateverTheTime) {
  const Slice runs = slice({"lab_runs"}, {0, 1});
  EXPECT_THAT(names(runs.runs, "run"), ElementsAre("r1", "r2", "r3"));
  EXPECT_THAT(names(runs.runs, "state"), ElementsAre("interrupted", "ended", "running"));
  EXPECT_THAT(names(runs.runs, "from"), ElementsAre("1000000", "2000000", "3000000"));
  EXPECT_THAT(names(runs.runs, "to"), ElementsAre("1050000", "2003000", "now"));
  EXPECT_EQ(runs.runs.at(2).to_ms, 3'100'000);
  EXPECT_THAT(names(slice({"lab_runs{state!=\"ended\"}"}).runs, "run"), ElementsAre("r1", "r3"));
  EXPECT_THAT(slice({"lab_runs"}).events, IsEmpty());
}

TEST_F(Slices, ACutKeepsTheNewestAndSaysSo) {
  const Slice cut = slice({"lab_events"}, kAlways, false, 3);
  EXPECT_TRUE(cut.cut);
  EXPECT_THAT(names(cut.events, "verb"), ElementsAre("ended", "restart", "killed"));
  EXPECT_FALSE(slice({"lab_events"}, kAlways, false, 6).cut);
}

TEST_F(Slices, NamesAndValuesAreListedOnce) {
  const Slice all = slice({});
  EXPECT_THAT(label_names(all), ElementsAre("__name__", "drill", "from", "kind", "run", "seq", "state", "subject", "text", "to", "verb"));
  EXPECT_THAT(label_values(all, "kind"), ElementsAre("action", "fault", "node", "run"));
  EXPECT_THAT(label_values(all, "__name__"), ElementsAre("lab_events", "lab_runs"));
  EXPECT_THAT(label_values(all, "none"), IsEmpty());
}

}  // namespace
}  // namespace chaos::web
