#include "runtime/schema.hpp"

#include "chaoslab/v1/config.pb.h"
#include "chaoslab/v1/fault.pb.h"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(Schema, PresetsFillWhatIsUnsetAndKeepWhatIsSet) {
  v1::RoleConfig config;
  config.mutable_server()->set_redis_pool(3);
  apply_presets(config);
  EXPECT_EQ(config.server().redis_pool(), 3);
  EXPECT_EQ(config.server().postgres_pool(), 8);
  EXPECT_EQ(config.server().station().slots(), 16);
  EXPECT_EQ(config.node().memory_limit_mb(), 128);
  EXPECT_FALSE(config.has_redis());
}

TEST(Schema, EveryConfigurationIsValidWithItsPresets) {
  const auto* oneof = v1::RoleConfig::descriptor()->FindOneofByName("role");
  for (int i = 0; i < oneof->field_count(); ++i) {
    v1::RoleConfig config;
    config.GetReflection()->MutableMessage(&config, oneof->field(i));
    apply_presets(config);
    const auto faults = check(config);
    EXPECT_TRUE(faults.empty()) << oneof->field(i)->name() << ": " << faults[0].field << " " << faults[0].text;
  }
}

TEST(Schema, NamesFieldValueAndRangeOfEachFault) {
  v1::RoleConfig config;
  apply_presets(config);
  config.mutable_lb()->set_balance("random");
  config.mutable_lb()->set_rise(500);
  config.mutable_node()->set_memory_limit_mb(1);
  apply_presets(config);
  const auto faults = check(config);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0].field, "node.memory_limit_mb");
  EXPECT_EQ(faults[0].text, "1 is out of range: 32 to 65536 MB (default 128)");
  EXPECT_EQ(faults[1].field, "lb.balance");
  EXPECT_EQ(faults[1].text, "\"random\" is not allowed: one of roundrobin, leastconn (default leastconn)");
  EXPECT_EQ(faults[2].field, "lb.rise");
}

TEST(Schema, NearestFindsSlipsAndKeepsQuietOtherwise) {
  const std::vector<std::string> words{"memory_leak", "latency", "lag", "crash"};
  EXPECT_EQ(nearest("memory_leek", words), "memory_leak");
  EXPECT_EQ(nearest("memory", words), "memory_leak");
  EXPECT_EQ(nearest("latenci", words), "latency");
  EXPECT_EQ(nearest("quicksand", words), "");
}

}  // namespace
}  // namespace chaos
