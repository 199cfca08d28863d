#include "lab/edges.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace chaos {
namespace {

TEST(Edges, WhoCallsEndsBeforeWhomItCalls) {
  const std::vector<std::pair<std::string, std::string>> calls{{"client", "cdn"}, {"cdn", "lb"}, {"cdn", "object_store"}, {"lb", "server"}, {"server", "redis"},
                                                               {"server", "replica"}, {"server", "postgres"}, {"server", "queue"}, {"replica", "postgres"},
                                                               {"worker", "queue"}, {"worker", "postgres"}, {"worker", "object_store"}};
  for (const auto& [from, to] : calls) EXPECT_LT(callers_before(from), callers_before(to)) << from << " calls " << to;
}

}  // namespace
}  // namespace chaos
