#include "serve/rule_publisher.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(RulesTarget, LinksLeadWherePeopleAre) {
  ControllerOptions options;
  EXPECT_EQ(rules_target(options, "127.42.1.1:7070").place.web, "http://127.42.1.1:7070") << "where it listens";
  EXPECT_EQ(rules_target(options, "0.0.0.0:7070").place.web, "http://127.0.0.1:7070") << "as compose.yaml publishes it";
  EXPECT_EQ(rules_target(options, "0.0.0.0:7070").place.grafana, "") << "without Grafana alerts link to no dashboard";
  options.web = "http://lab.example:7070";
  options.grafana = "http://lab.example:3000";
  const auto place = rules_target(options, "0.0.0.0:7070").place;
  EXPECT_EQ(place.web, "http://lab.example:7070");
  EXPECT_EQ(place.grafana, "http://lab.example:3000");
}

}  // namespace
}  // namespace chaos
