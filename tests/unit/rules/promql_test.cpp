#include "rules/promql.hpp"

#include <gtest/gtest.h>

namespace chaos::rules {
namespace {

TEST(Promql, ARangeIsLabTimeAtTheSpeedButFourScrapesAtLeast) {
  EXPECT_EQ(real_range_s(900, {60, 1}), 15);
  EXPECT_EQ(real_range_s(900, {720, 1}), 4) << "1.25 s would hold a sample or two";
  EXPECT_EQ(real_range_s(900, {60, 15}), 60);
}

TEST(Promql, DurationsAreWrittenAsPrometheusReadsThem) {
  EXPECT_EQ(prometheus_duration(15), "15s");
  EXPECT_EQ(prometheus_duration(0.25), "250ms");
  EXPECT_EQ(prometheus_duration(1.5), "1500ms");
  EXPECT_EQ(prometheus_duration(21600), "21600s");
}

TEST(Promql, EveryRangeOfAnExpressionIsTurned) {
  EXPECT_EQ(in_real_time("rate(a[lab:600]) / rate(b[lab:300])", {60, 1}), "rate(a[10s]) / rate(b[5s])");
  EXPECT_EQ(in_real_time("min_over_time(a[lab:900:1s])", {60, 1}), "min_over_time(a[15s:1s])");
  EXPECT_EQ(in_real_time("a{b=\"c\"} > 1", {60, 1}), "a{b=\"c\"} > 1");
}

v1::Signal signal(const std::string& of, const std::string& role = "") {
  v1::Signal out;
  out.set_of(of);
  out.set_role(role);
  return out;
}

TEST(Promql, SignalsOfADrillAreConditions) {
  v1::Signal memory = signal("memory_ratio", "server");
  EXPECT_FALSE(condition(memory)) << "no bound, nothing to be beyond of";
  memory.set_above(0.7);
  EXPECT_EQ(*condition(memory), "max(process_resident_memory_bytes{job=\"nodes\",role=\"server\"} / (node_memory_limit_bytes{job=\"nodes\",role=\"server\"} > 0)) > 0.7");
  v1::Signal depth = signal("queue_depth");
  depth.set_below(1);
  EXPECT_EQ(*condition(depth), "sum(rabbitmq_queue_messages_ready) < 1");
  for (const auto* word : {"success_rate", "p95_ms", "nodes_ready_ratio"}) {
    v1::Signal one = signal(word, "server");
    one.set_below(1);
    EXPECT_TRUE(condition(one)) << word;
  }
}

}  // namespace
}  // namespace chaos::rules
