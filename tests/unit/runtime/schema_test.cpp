#include "runtime/schema.hpp"

#include "chaoslab/v1/config.pb.h"
#include "chaoslab/v1/drill.pb.h"
#include "chaoslab/v1/fault.pb.h"
#include "chaoslab/v1/options.pb.h"

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

TEST(Schema, AZeroThatWasSetStaysZero) {
  v1::RoleConfig config;
  config.mutable_node()->set_boot_lab_s(0);
  config.mutable_server()->mutable_station()->set_queue(0);
  apply_presets(config);
  apply_presets(config);
  EXPECT_EQ(config.node().boot_lab_s(), 0);
  EXPECT_EQ(config.server().station().queue(), 0);
  v1::Fault fault;
  fault.set_probability(0);
  fault.mutable_latency()->set_delay_ms(0);
  apply_presets(fault);
  EXPECT_EQ(fault.probability(), 0);
  EXPECT_EQ(fault.latency().delay_ms(), 0);
  EXPECT_EQ(fault.latency().direction(), "read");
}

// Zero with a preset is ambiguous unless the field knows whether it was set.
void expect_presence(const google::protobuf::Descriptor& descriptor) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const auto& field = *descriptor.field(i);
    const auto& meta = field.options().GetExtension(v1::meta);
    const bool number = field.cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING && field.cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
    if (number && !meta.preset().empty() && meta.preset() != "0" && meta.min() <= 0) EXPECT_TRUE(field.has_presence()) << field.full_name();
  }
}

TEST(Schema, FieldsWhoseZeroIsNotTheirPresetAreOptional) {
  for (const auto* file : {v1::RoleConfig::descriptor()->file(), v1::Fault::descriptor()->file(), v1::Drill::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) expect_presence(*file->message_type(i));
  }
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
