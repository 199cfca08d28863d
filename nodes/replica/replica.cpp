// The role replica: a read-only copy of the primary that follows it, or the primary once it was promoted.
#include "postgres/session/database_role.hpp"

namespace chaos {

namespace {

pg::DatabaseSettings settings(const v1::RoleConfig& config) {
  const v1::ReplicaConfig& own = config.replica();
  return {{station_settings(own.station()), own.max_connections()}, 0};
}

}  // namespace

std::unique_ptr<Role> make_replica(NodeContext& ctx) { return std::make_unique<pg::DatabaseRole>(ctx, &settings); }

}  // namespace chaos
