// What is measured of commands: histogram, slow log, latency monitor, text.
#include "redis/latency_counts.hpp"
#include "redis/values/text.hpp"
#include "unit/redis/desk.hpp"

#include <gmock/gmock.h>

namespace chaos::redis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(LatencyCounts, QuantilesAndPowersOfTwo) {
  LatencyCounts counts;
  for (int i = 0; i < 90; ++i) counts.add(std::chrono::nanoseconds(900));
  for (int i = 0; i < 10; ++i) counts.add(std::chrono::milliseconds(1));
  EXPECT_NEAR(counts.quantile_us(0.5), 0.9, 0.06);
  EXPECT_NEAR(counts.quantile_us(0.99), 1000, 63);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  counts.powers([&](std::uint64_t us, std::uint64_t count) { seen.emplace_back(us, count); });
  EXPECT_THAT(seen, ElementsAre(Pair(1, 90), Pair(1048, 100)));
  counts.add(std::chrono::hours(1));              // beyond the last bucket
  EXPECT_EQ(counts.total(), 101u);
}

TEST(Slowlog, ShortensWhatIsLongAndKeepsTheNewest) {
  Slowlog log;
  std::vector<std::string> words(40, std::string(200, 'x'));
  const std::vector<std::string_view> args(words.begin(), words.end());
  for (int i = 0; i < 3; ++i) log.add({}, args, 2);
  ASSERT_EQ(log.entries().size(), 2u);
  EXPECT_EQ(log.entries()[0].id, 2u);
  EXPECT_EQ(log.entries()[0].args.size(), 32u);
  EXPECT_EQ(log.entries()[0].args[31], "... (9 more arguments)");
  EXPECT_THAT(log.entries()[0].args[0], HasSubstr("... (72 more bytes)"));
}

TEST(Slowlog, CountsTheTimeBeforeAndTheSleep) {
  Desk desk;
  const std::vector<std::string_view> ping{"PING"};
  std::string bytes;
  resp::Writer out(bytes, 2);
  desk.engine.execute(desk.client, desk.engine.find(ping), ping, out, {desk.clock.now(), std::chrono::milliseconds(30)});
  desk.run({"DEBUG", "SLEEP", "2"});
  ASSERT_EQ(desk.engine.slowlog.entries().size(), 2u);
  EXPECT_EQ(desk.engine.slowlog.entries()[0].us, 2'000'000);
  EXPECT_EQ(desk.engine.slowlog.entries()[1].us, 30'000);
  EXPECT_EQ(desk.engine.gate(nullptr), desk.clock.now() + std::chrono::seconds(2));
}

TEST(LatencyMonitor, KeepsTheWorstOfASecondAndASecondsHistory) {
  LatencyMonitor monitor;
  monitor.add("command", 10, 20);
  monitor.add("command", 10, 50);
  for (int i = 0; i < 300; ++i) monitor.add("command", 11 + i, 10);
  const auto& series = monitor.events().at("command");
  EXPECT_EQ(series.samples.size(), 160u);
  EXPECT_EQ(series.worst, 50u);
  EXPECT_THAT(latency_graph("command", series, 400), HasSubstr("all time high 50 ms"));
  EXPECT_EQ(monitor.reset("command"), 1u);
}

TEST(Text, NumbersAsRedisReadsAndWritesThem) {
  EXPECT_EQ(parse_real("1e3"), 1000);
  EXPECT_EQ(parse_real("-inf"), -INFINITY);
  for (const char* wrong : {"", " 1", "1 ", "nan", "abc", "1x"}) EXPECT_EQ(parse_real(wrong), std::nullopt) << wrong;
  EXPECT_EQ(plain_real(3.0L), "3");
  EXPECT_EQ(plain_real(0.1L), "0.1");
  EXPECT_EQ(plain_real(-0.0L), "0");
  std::string quoted;
  append_quoted(quoted, std::string_view("a\"\n\x01", 4));
  EXPECT_EQ(quoted, R"("a\"\n\x01")");
}

TEST(Text, RangesAreClampedAsInRedis) {
  EXPECT_EQ(clamp_range(0, -1, 3)->count, 3u);
  EXPECT_EQ(clamp_range(-100, 1, 3)->count, 2u);
  EXPECT_FALSE(clamp_range(2, 1, 3));
  EXPECT_FALSE(clamp_range(3, 5, 3));
  EXPECT_FALSE(clamp_range(0, -1, 0));
}

}  // namespace
}  // namespace chaos::redis
