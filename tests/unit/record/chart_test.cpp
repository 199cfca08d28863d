#include "record/chart.hpp"
#include "record/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace chaos::record {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Scale, MapsLinesAndLogarithms) {
  const Scale line{0, 10, 100, 0, false};
  EXPECT_EQ(line(0), 100);
  EXPECT_EQ(line(5), 50);
  const Scale log{1, 1000, 0, 300, true};
  EXPECT_NEAR(log(10), 100, 1e-9);
  EXPECT_EQ(log(0), 0);
}

TEST(Ticks, AreNiceAndInside) {
  EXPECT_THAT(nice_ticks(0, 150, 5), ElementsAre(0, 50, 100, 150));
  EXPECT_THAT(nice_ticks(0.4, 1, 5), testing::Pointwise(testing::DoubleNear(1e-9), {0.4, 0.6, 0.8, 1.0}));
  EXPECT_THAT(log_ticks(20, 1100), ElementsAre(20, 50, 100, 200, 500, 1000));
  EXPECT_THAT(log_ticks(1, 10000), ElementsAre(1, 10, 100, 1000, 10000));
}

TEST(Ticks, TopsReachTheHighestValue) {
  EXPECT_EQ(nice_top(1970, 5), 2000);
  EXPECT_EQ(nice_top(128 * 1.06, 5), 150);
  EXPECT_EQ(nice_top(0, 5), 1);
}

TEST(Ticks, TimesAreRoundAtEveryLength) {
  EXPECT_THAT(time_ticks(0, 86400, 8), ElementsAre(0, 10800, 21600, 32400, 43200, 54000, 64800, 75600, 86400));
  EXPECT_THAT(time_ticks(61, 600, 10), ElementsAre(120, 180, 240, 300, 360, 420, 480, 540, 600));
  EXPECT_LE(time_ticks(0, 604800, 5).size(), 6u);
}

TEST(Decimate, KeepsTheExtremesOfEachBucket) {
  std::vector<Point> points;
  for (int i = 0; i < 10'000; ++i) points.push_back({static_cast<double>(i), i == 4321 ? 99.0 : (i == 8765 ? -99.0 : 1.0)});
  const auto few = decimate(points, 0, 10'000, 100);
  EXPECT_LE(few.size(), 201u);
  EXPECT_TRUE(std::any_of(few.begin(), few.end(), [](const Point& p) { return p.x == 4321 && p.y == 99; }));
  EXPECT_TRUE(std::any_of(few.begin(), few.end(), [](const Point& p) { return p.x == 8765 && p.y == -99; }));
  EXPECT_TRUE(std::is_sorted(few.begin(), few.end(), [](const Point& a, const Point& b) { return a.x < b.x; }));
}

TEST(Decimate, KeepsGapsAndLeavesShortLinesAlone) {
  std::vector<Point> points;
  for (int i = 0; i < 1000; ++i) points.push_back({static_cast<double>(i), i >= 300 && i < 600 ? kNan : 1.0});
  const auto few = decimate(points, 0, 1000, 10);
  EXPECT_EQ(std::count_if(few.begin(), few.end(), [](const Point& p) { return std::isnan(p.y); }), 1);
  EXPECT_EQ(decimate(points, 0, 1000, 500).size(), 1000u);
}

TEST(ValueAt, HoldsTheLastPointWithinReach) {
  const std::vector<Point> points{{10, 1}, {20, 2}};
  EXPECT_EQ(value_at(points, 19, 60), 1);
  EXPECT_EQ(value_at(points, 20, 60), 2);
  EXPECT_TRUE(std::isnan(value_at(points, 5, 60)));
  EXPECT_TRUE(std::isnan(value_at(points, 100, 60)));
}

TimelineEntry entry(int number, double lab_s, MarkKind kind) {
  TimelineEntry e;
  e.number = number;
  e.lab_s = e.last_lab_s = lab_s;
  e.times = {lab_s};
  e.text = "event " + std::to_string(number);
  e.mark = kind;
  return e;
}

TEST(Marks, CloseOnesShareAFlagOfTheWeightiestKind) {
  const Scale scale{0, 1000, 0, 1000, false};
  const auto marks = merge_marks({entry(1, 100, MarkKind::alert), entry(2, 110, MarkKind::fault), entry(3, 115, MarkKind::none),
                                  entry(4, 118, MarkKind::action), entry(5, 400, MarkKind::node), entry(6, 1200, MarkKind::fault)},
                                 scale);
  ASSERT_EQ(marks.size(), 2u);
  EXPECT_EQ(marks[0].label, "1–4");
  EXPECT_EQ(marks[0].kind, MarkKind::fault);
  EXPECT_THAT(marks[0].x, ElementsAre(100, 110, 118));
  EXPECT_THAT(marks[0].title, HasSubstr("event 2"));
  EXPECT_EQ(marks[1].label, "5");
}

TEST(Marks, RepeatedActionsAreFlaggedEachTimeAlertsOnce) {
  const Scale scale{0, 1000, 0, 1000, false};
  auto action = entry(7, 100, MarkKind::action);
  action.times = {100, 300, 305};
  auto alert = entry(8, 500, MarkKind::alert);
  alert.times = {500, 700};
  const auto marks = merge_marks({action, alert}, scale);
  ASSERT_EQ(marks.size(), 3u);
  EXPECT_EQ(marks[1].label, "7");
  EXPECT_THAT(marks[1].x, ElementsAre(300, 305));
  EXPECT_EQ(marks[2].label, "8");
}

TEST(Marks, FlagsNeverTouch) {
  const Scale scale{0, 1000, 0, 400, false};
  std::vector<TimelineEntry> entries;
  for (int i = 0; i < 60; ++i) entries.push_back(entry(i + 1, i * 16.0, MarkKind::node));
  const auto marks = merge_marks(entries, scale);
  for (std::size_t i = 1; i < marks.size(); ++i) {
    EXPECT_GE(flag_middle(marks[i], scale) - flag_width(marks[i].label) / 2, flag_middle(marks[i - 1], scale) + flag_width(marks[i - 1].label) / 2);
  }
}

Chart small_chart() {
  Chart chart{.title = "A <title>", .unit = "ms", .x_from = 0, .x_to = 3600};
  chart.series = {{.name = "P95", .points = {{0, 10}, {600, kNan}, {1200, 30}, {1800, 20}}}};
  chart.limits = {{"contract", 25}};
  return chart;
}

TEST(Svg, BreaksLinesAtGapsAndNamesEverything) {
  const std::string svg = to_svg(small_chart(), {600, 200});
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 600 200\""));
  EXPECT_THAT(svg, HasSubstr("A &lt;title&gt;"));
  EXPECT_THAT(svg, HasSubstr(">contract</text>"));
  EXPECT_THAT(svg, HasSubstr("P95: 30 ms"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  const auto path = svg.substr(svg.find("class=\"line k0\""), 200);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
}

TEST(Svg, RangesCoverSeriesAndLimits) {
  EXPECT_EQ(y_range(small_chart()).to, 30);
  Chart log = small_chart();
  log.axis = Axis::log;
  EXPECT_EQ(y_range(log).from, 10);
  EXPECT_GE(y_range(log).to, 100);
  Chart empty;
  EXPECT_GT(y_range(empty).to, y_range(empty).from);
}

TEST(Words, ClocksSpansAndFigures) {
  EXPECT_EQ(clock_text(63'720), "17:42");
  EXPECT_EQ(clock_text(86'400 + 11'400), "+1d 03:10");
  EXPECT_EQ(span_text(45), "45 s");
  EXPECT_EQ(span_text(725), "12 min");
  EXPECT_EQ(span_text(11'100), "3 h 05 min");
  EXPECT_EQ(percent(0.97312, 2), "97.31 %");
  EXPECT_EQ(percent(0.999999, 2), "99.99 %");
  EXPECT_EQ(percent(0.000001, 1), "0.1 %");
  EXPECT_EQ(percent(kNan, 1), "not measured");
  EXPECT_EQ(whole(1'234'567), "1,234,567");
  EXPECT_EQ(number(0.456), "0.46");
  EXPECT_EQ(number(12.34), "12.3");
  EXPECT_EQ(number(1899.6), "1,900");
  EXPECT_EQ(plural(1, "order"), "1 order");
  EXPECT_EQ(plural(0, "order"), "0 orders");
}

}  // namespace
}  // namespace chaos::record
