// Who may be who: every name is let in, as a member of nothing. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace chaos::pg {

/// The database that every session is connected to, under whatever name it asked for.
inline constexpr std::string_view kDatabase = "shop";
inline constexpr std::int64_t kDatabaseOid = 16384 + 1;
inline constexpr std::int64_t kDatabaseOwner = 6171;        // the role pg_database_owner

inline constexpr std::int64_t kSignalBackend = 4200;        // pg_signal_backend

/// The bootstrap superuser; everybody else is an ordinary role.
inline constexpr std::string_view kSuperuser = "postgres";
/// Who owns the shop's tables.
inline constexpr std::string_view kOwner = "shop";

/// As whom replicas connect: the role that may beside the superuser.
inline constexpr std::string_view kReplicator = "replicator";

/// postgres: 10, shop: 16384, others: one that their name gives.
std::int64_t role_oid(std::string_view name);

}  // namespace chaos::pg
