// Locks as PostgreSQL names them in views, errors and its log.
//   A session that waits for a row, or for a key that another one inserted, waits for the transaction that holds it; those behind
//   it wait for the row's tuple lock, which the first in line has.
#pragma once

#include "postgres/state/backends.hpp"
#include "postgres/state/lock_manager.hpp"

#include <optional>

namespace chaos::pg {

/// wait_event of type Lock.
std::string_view wait_event(const LockWant& want, bool first_in_line);

/// "ShareLock on transaction 748", "AccessExclusiveLock on relation items": what `pid` waits for.
std::string lock_text(const LockManager& locks, const Backends& backends, const LockWant& want, Pid pid);

/// "Process 12 waits for ShareLock on transaction 748; blocked by process 13." A line for each of a circle.
std::string circle_text(const LockManager& locks, const Backends& backends, const std::vector<Pid>& circle);

/// One row of pg_locks. Empty texts and nullopt are null.
struct LockRow {
  std::string_view type;                         // relation, transactionid, virtualxid, tuple, advisory
  std::string relation;
  std::optional<std::int64_t> page, tuple, transaction_id, class_id, object_id, object_sub_id;
  std::string virtual_id;                        // of a virtualxid row
  Pid pid = 0;
  LockMode mode = LockMode::exclusive;
  bool granted = true;
  std::int64_t wait_start_us = 0;
};
/// By pid. Row locks that nobody waits for are not in it, as in PostgreSQL.
std::vector<LockRow> lock_rows(const LockManager& locks, const Backends& backends);

}  // namespace chaos::pg
