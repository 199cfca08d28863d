// What can be locked, how strongly, and what excludes what.
// Source: PostgreSQL 15 documentation, 13.3 "Explicit Locking", tables 13.2 and 13.3; 54.11 "pg_locks". Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace chaos::pg {

/// The table-level modes in PostgreSQL's order. Rows use four of them, as PostgreSQL's tuple locks do: FOR KEY SHARE is
/// access_share, FOR SHARE row_share, FOR NO KEY UPDATE exclusive, FOR UPDATE access_exclusive. Advisory locks are share or
/// exclusive.
enum class LockMode : std::uint8_t {
  access_share = 1, row_share, row_exclusive, share_update_exclusive, share, share_row_exclusive, exclusive, access_exclusive
};
bool conflicts(LockMode a, LockMode b);
/// "AccessShareLock", as pg_locks shows it.
std::string_view mode_name(LockMode mode);

enum class LockKind : std::uint8_t { relation, row, key, advisory };

/// table: a number of LockManager::table(); of an advisory lock 1 for a key of 64 bits, 2 for one of two halves (pg_locks'
/// objsubid). id: rowid, hash of a unique key, advisory key; 0 of a relation.
struct LockTag {
  LockKind kind = LockKind::relation;
  std::uint32_t table = 0;
  std::int64_t id = 0;
  bool operator==(const LockTag&) const = default;
};

struct LockTagHash {
  std::size_t operator()(const LockTag& tag) const {
    const auto kind = static_cast<std::uint64_t>(tag.kind) << 32 | tag.table;
    return std::hash<std::uint64_t>{}((static_cast<std::uint64_t>(tag.id) * 0x9e3779b97f4a7c15u) ^ (kind * 0xc2b2ae3d27d4eb4fu));
  }
};

}  // namespace chaos::pg
