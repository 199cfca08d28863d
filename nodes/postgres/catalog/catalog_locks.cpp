// pg_locks and pg_blocking_pids: what the lock manager knows.
// Source: PostgreSQL 15 documentation, 54.11 "pg_locks", 9.26.1 "Session Information Functions".
#include "postgres/base/pg_time.hpp"
#include "postgres/catalog/catalog.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/lock_words.hpp"
#include "postgres/state/roles.hpp"
#include "postgres/store/relations.hpp"

namespace chaos::pg {

namespace {

CatalogValue text(std::string_view value) { return value.empty() ? CatalogValue{} : CatalogValue{std::string(value)}; }
CatalogValue number(const std::optional<std::int64_t>& n) { return n ? CatalogValue{*n} : CatalogValue{}; }

CatalogValue relation_oid(Handle& handle, const std::string& name) {
  ServerError ignored;
  const auto query = handle.internal("SELECT rowid FROM sqlite_schema WHERE name = ?", ignored);
  if (name.empty() || !query) return {};
  sqlite3_bind_text(query.get(), 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
  if (sqlite3_step(query.get()) != SQLITE_ROW) return {};
  return kFirstOid + sqlite3_column_int64(query.get(), 0);
}

std::string virtual_transaction(const Backends& backends, Pid pid) {
  const auto found = backends.all().find(pid);
  return found == backends.all().end() ? "-1/0" : found->second->virtual_id();
}

CatalogRows locks(Handle& handle) {
  CatalogRows rows;
  Facts& facts = handle.facts();
  if (!facts.locks()) return rows;
  for (const LockRow& row : lock_rows(*facts.locks(), facts.backends())) {
    const bool in_database = row.type == "relation" || row.type == "tuple" || row.type == "advisory";
    rows.push_back({{"locktype", text(row.type)}, {"database", in_database ? CatalogValue{kDatabaseOid} : CatalogValue{}},
                    {"relation", relation_oid(handle, row.relation)}, {"page", number(row.page)}, {"tuple", number(row.tuple)},
                    {"virtualxid", text(row.virtual_id)}, {"transactionid", number(row.transaction_id)}, {"classid", number(row.class_id)},
                    {"objid", number(row.object_id)}, {"objsubid", number(row.object_sub_id)},
                    {"virtualtransaction", text(virtual_transaction(facts.backends(), row.pid))}, {"pid", CatalogValue{std::int64_t{row.pid}}},
                    {"mode", text(mode_name(row.mode))}, {"granted", CatalogValue{std::int64_t{row.granted}}},
                    {"waitstart", row.wait_start_us == 0 ? CatalogValue{} : CatalogValue{format_timestamp(row.wait_start_us)}}});
  }
  return rows;
}

Handle& handle_of(sqlite3_context* context) { return *static_cast<Handle*>(sqlite3_user_data(context)); }

// '{12,15}': as int[] prints.
void blocking_pids(sqlite3_context* context, int, sqlite3_value** values) {
  std::string out;
  const LockManager* locks = handle_of(context).facts().locks();
  if (locks) {
    for (const Pid pid : locks->blockers(sqlite3_value_int(values[0]))) out += (out.empty() ? "" : ",") + std::to_string(pid);
  }
  out = "{" + out + "}";
  sqlite3_result_text(context, out.data(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
}

// pg_row_free(table, rowid, mode): whether SKIP LOCKED may take the row.
void row_free(sqlite3_context* context, int, sqlite3_value** values) {
  const Handle& handle = handle_of(context);
  LockManager* locks = handle.facts().locks();
  const auto* table = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  if (!locks || !table || !handle.backend) return sqlite3_result_int(context, 1);
  const LockWant want{{LockKind::row, locks->table(table), sqlite3_value_int64(values[1])}, static_cast<LockMode>(sqlite3_value_int(values[2]))};
  sqlite3_result_int(context, !locks->blocked(handle.backend->pid, want));
}

}  // namespace

const std::vector<CatalogTable>& lock_tables() {
  static const std::vector<CatalogTable> tables{
      {"pg_locks", 'v',
       "locktype text, database oid, relation oid, page int4, tuple int2, virtualxid text, transactionid xid, "
       "classid oid, objid oid, objsubid int2, virtualtransaction text, pid int4, mode text, granted bool, "
       "fastpath bool=0, waitstart timestamptz",
       locks}};
  return tables;
}

void register_lock_functions(Handle& handle) {
  sqlite3_create_function_v2(handle.db(), "pg_blocking_pids", 1, SQLITE_UTF8, &handle, blocking_pids, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(handle.db(), "pg_row_free", 3, SQLITE_UTF8, &handle, row_free, nullptr, nullptr, nullptr);
}

}  // namespace chaos::pg
