#include "postgres/store/change_apply.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_token.hpp"
#include "postgres/state/facts.hpp"

namespace chaos::pg {

void bind(sqlite3_stmt* statement, int i, const ChangeValue& value) {
  if (const auto* n = std::get_if<std::int64_t>(&value)) sqlite3_bind_int64(statement, i, *n);
  else if (const auto* d = std::get_if<double>(&value)) sqlite3_bind_double(statement, i, *d);
  else if (const auto* t = std::get_if<std::string_view>(&value)) sqlite3_bind_text(statement, i, t->data(), static_cast<int>(t->size()), SQLITE_STATIC);
  else if (const auto* b = std::get_if<Blob>(&value)) sqlite3_bind_blob(statement, i, b->bytes.data(), static_cast<int>(b->bytes.size()), SQLITE_STATIC);
  else sqlite3_bind_null(statement, i);
}

namespace {

bool run(Handle& handle, const Handle::Borrowed& statement, ServerError& error) {
  if (sqlite3_step(statement.get()) == SQLITE_DONE) return true;
  error = handle.last_error();
  return false;
}

}  // namespace

const std::string& ChangeApply::put_sql(std::string_view table, ServerError& error) {
  const auto found = put_sql_.find(table);
  if (found != put_sql_.end()) return found->second;
  std::string columns = "rowid", marks = "?";
  const auto query = handle_.internal("SELECT name FROM pragma_table_info(" + quote_text(table) + ")", error);
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    columns += ", " + quote_name(reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0)));
    marks += ", ?";
  }
  std::string sql = "INSERT OR REPLACE INTO " + quote_name(table) + "(" + columns + ") VALUES(" + marks + ")";
  return put_sql_.emplace(table, std::move(sql)).first->second;
}

bool ChangeApply::put(const Change& change, ServerError& error) {
  const auto statement = handle_.internal(put_sql(change.table, error), error);
  if (!statement) return false;
  if (sqlite3_bind_parameter_count(statement.get()) != static_cast<int>(change.values.size()) + 1) {
    error = make_error("XX001", "a change of table " + std::string(change.table) + " does not fit its columns");
    return false;
  }
  sqlite3_bind_int64(statement.get(), 1, change.rowid);
  int i = 2;
  for (const ChangeValue& value : change.values) bind(statement.get(), i++, value);
  return run(handle_, statement, error);
}

bool ChangeApply::erase(const Change& change, ServerError& error) {
  const auto statement = handle_.internal("DELETE FROM " + quote_name(change.table) + " WHERE rowid = ?", error);
  if (!statement) return false;
  sqlite3_bind_int64(statement.get(), 1, change.rowid);
  return run(handle_, statement, error);
}

bool ChangeApply::apply(std::string_view record, ServerError& error) {
  ChangeReader reader(record);
  Change change;
  while (reader.next(change)) {
    bool done = false;
    if (change.op == ChangeOp::put || change.op == ChangeOp::insert) done = put(change, error);
    else if (change.op == ChangeOp::erase) done = erase(change, error);
    else done = handle_.exec(std::string(change.table), error), put_sql_.clear(), handle_.facts().statistics().redefined();
    if (!done) return false;
  }
  if (!reader.ok()) error = make_error("XX001", "malformed change record");
  return reader.ok();
}

}  // namespace chaos::pg
