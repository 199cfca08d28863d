// Every role of the one binary ends politely: a signal, a drain, exit code 0.
#include "runtime/ports.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace chaos {
namespace {

class PoliteEnd : public testing::TestWithParam<const char*> {};

TEST_P(PoliteEnd, SigtermEndsWithZero) {
  test::LoneNode node(GetParam(), ports::kMetrics);
  node.process().signal(SIGTERM);
  EXPECT_EQ(node.process().wait(), 0) << node.log();
}

INSTANTIATE_TEST_SUITE_P(Roles, PoliteEnd,
                         testing::Values("client", "cdn", "lb", "server", "redis", "replica", "postgres", "queue", "worker", "object_store"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace chaos
