#include "postgres/base/pg_time.hpp"
#include "postgres/catalog/catalog.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/store/relations.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

// Temporary files are never made here.
CatalogRows no_files(Handle&) { return {}; }

// A commit is in the data files when it is acknowledged: each moment is a checkpoint, at the end of the log, or of what was applied.
CatalogRows checkpoint(Handle& handle) {
  const Facts& facts = handle.facts();
  const bool standby = facts.in_recovery();
  const Lsn lsn = standby ? facts.replay_lsn().value_or(0) : facts.write_lsn();
  const std::int64_t at_us = standby ? facts.replay_time_us().value_or(facts.start_time_us()) : unix_now_us();
  std::int64_t next_oid = kFirstOid;
  for (const Relation& r : relations(handle)) next_oid = std::max(next_oid, r.oid + 1);
  const std::int64_t timeline = facts.timeline();
  return {{{"checkpoint_lsn", format_lsn(lsn)}, {"redo_lsn", format_lsn(lsn)}, {"redo_wal_file", wal_file_name(facts.timeline(), lsn)},
           {"timeline_id", timeline}, {"prev_timeline_id", timeline}, {"next_xid", "0:" + std::to_string(facts.next_transaction())}, {"next_oid", next_oid},
           {"checkpoint_time", format_timestamp(at_us)}}};
}

}  // namespace

const std::vector<CatalogTable>& control_functions() {
  static const std::vector<CatalogTable> all{
      {"pg_ls_tmpdir", 'f', "name text, size int8, modification timestamptz, tablespace HIDDEN", no_files},
      {"pg_control_checkpoint", 'f',
       "checkpoint_lsn pg_lsn, redo_lsn pg_lsn, redo_wal_file text, timeline_id int4, prev_timeline_id int4, full_page_writes bool=0, next_xid text, "
       "next_oid oid, next_multixact_id xid=1, next_multi_offset xid=0, oldest_xid xid=3, oldest_xid_dbid oid=1, oldest_active_xid xid=0, "
       "oldest_multi_xid xid=1, oldest_multi_dbid oid=1, oldest_commit_ts_xid xid=0, newest_commit_ts_xid xid=0, checkpoint_time timestamptz",
       checkpoint}};
  return all;
}

}  // namespace chaos::pg
