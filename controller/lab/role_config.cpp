#include "lab/role_config.hpp"

#include "runtime/schema.hpp"

namespace chaos {

void complete_config(v1::RolePlan& plan) {
  v1::RoleConfig& config = *plan.mutable_config();
  const auto* field = v1::RoleConfig::descriptor()->FindFieldByName(plan.role());
  if (field && field->real_containing_oneof()) config.GetReflection()->MutableMessage(&config, field);
  apply_presets(config);
}

}  // namespace chaos
