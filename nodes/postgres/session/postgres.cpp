// The role postgres: the shop's primary database, or a standby once another node was named the primary.
#include "postgres/session/database_role.hpp"

namespace chaos {

namespace {

pg::DatabaseSettings settings(const v1::RoleConfig& config) {
  const v1::PostgresConfig& own = config.postgres();
  return {{station_settings(own.station()), own.max_connections()}, own.items()};
}

}  // namespace

std::unique_ptr<Role> make_postgres(NodeContext& ctx) { return std::make_unique<pg::DatabaseRole>(ctx, &settings); }

}  // namespace chaos
