#include "lab/role_config.hpp"

#include "runtime/schema.hpp"

namespace chaos {

namespace {

template <class Config>
void take_keys(Config& user, const v1::ObjectStoreConfig& store) {
  if (!user.access_key().empty()) return;
  user.set_access_key(store.access_key());
  user.set_secret_key(store.secret_key());
}

}  // namespace

void complete_config(v1::RolePlan& plan) {
  v1::RoleConfig& config = *plan.mutable_config();
  const auto* field = v1::RoleConfig::descriptor()->FindFieldByName(plan.role());
  if (field && field->real_containing_oneof()) config.GetReflection()->MutableMessage(&config, field);
  apply_presets(config);
}

void share_store_keys(v1::Drill& drill) {
  v1::ObjectStoreConfig store;
  for (const v1::RolePlan& plan : drill.topology()) {
    if (plan.config().has_object_store()) store = plan.config().object_store();
  }
  if (store.access_key().empty()) return;
  for (v1::RolePlan& plan : *drill.mutable_topology()) {
    if (plan.config().has_cdn()) take_keys(*plan.mutable_config()->mutable_cdn(), store);
    if (plan.config().has_worker()) take_keys(*plan.mutable_config()->mutable_worker(), store);
  }
}

}  // namespace chaos
