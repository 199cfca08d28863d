#include "postgres/store/foreign_key_check.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_token.hpp"
#include "postgres/store/change_apply.hpp"
#include "postgres/store/key_text.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

std::vector<ChangeValue> values_at(const Change& change, const std::vector<std::size_t>& places) {
  std::vector<ChangeValue> values;
  for (const std::size_t place : places) values.push_back(place < change.values.size() ? change.values[place] : ChangeValue{});
  return values;
}

bool has_null(const std::vector<ChangeValue>& values) {
  return std::any_of(values.begin(), values.end(), [](const ChangeValue& value) { return std::holds_alternative<std::monostate>(value); });
}

// "a" = ?1 AND "b" = ?2
std::string conditions(const std::vector<std::string>& columns, std::size_t first = 1) {
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : " AND ") + quote_name(column) + " = ?" + std::to_string(first++);
  return out;
}

void bind_all(sqlite3_stmt* statement, const std::vector<ChangeValue>& values, int first = 1) {
  for (const ChangeValue& value : values) bind(statement, first++, value);
}

ServerError violation(const ForeignKey& key, std::string message, std::string detail) {
  ServerError error = make_error("23503", std::move(message));
  error.detail = std::move(detail);
  error.table = key.table;
  error.constraint = key.name;
  return error;
}

ChangeValue column_value(sqlite3_stmt* row, int i) {
  if (sqlite3_column_type(row, i) == SQLITE_INTEGER) return static_cast<std::int64_t>(sqlite3_column_int64(row, i));
  if (sqlite3_column_type(row, i) == SQLITE_FLOAT) return sqlite3_column_double(row, i);
  return std::string_view(reinterpret_cast<const char*>(sqlite3_column_text(row, i)), static_cast<std::size_t>(sqlite3_column_bytes(row, i)));
}

ServerError no_row(Handle& handle, const ForeignKey& key, const std::vector<ChangeValue>& values) {
  return violation(key, "insert or update on table \"" + key.table + "\" violates foreign key constraint \"" + key.name + "\"",
                   key_text(handle, key.table, key.columns, values) + " is not present in table \"" + key.parent + "\".");
}

}  // namespace

bool check_rows(Handle& handle, const ForeignKey& key, ServerError& error) {
  std::string list, present, same;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string own = "c." + quote_name(key.columns[i]);
    list += (i == 0 ? "" : ", ") + own;
    present += own + " IS NOT NULL AND ";
    same += (i == 0 ? "" : " AND ") + std::string("p.") + quote_name(key.parent_columns[i]) + " = " + own;
  }
  const auto query = handle.internal("SELECT " + list + " FROM " + quote_name(key.table) + " c WHERE " + present + "NOT EXISTS (SELECT 1 FROM " + quote_name(key.parent) +
                                     " p WHERE " + same + ") LIMIT 1", error);
  if (!query) return false;
  const int code = sqlite3_step(query.get());
  if (code == SQLITE_DONE) return true;
  if (code != SQLITE_ROW) return error = handle.last_error(), false;
  std::vector<ChangeValue> values;
  for (int i = 0; i < sqlite3_column_count(query.get()); ++i) values.push_back(column_value(query.get(), i));
  error = no_row(handle, key, values);
  return false;
}

bool ForeignKeyCheck::run(ServerError& error) {
  error.sqlstate.clear();
  note_own();
  for (std::size_t i = 0; i < handle_.key_touches.size(); ++i) {     // it grows with the cascades
    if (!look(i, error)) return false;
    if (!handle_.must_stop()) continue;
    error = handle_.stop_error();
    return false;
  }
  return true;
}

// Rows that the statement made of tables that refer to themselves: nobody else sees them, and their numbers may still change.
void ForeignKeyCheck::note_own() {
  const auto refers_to_itself = [](const ForeignKey& key) { return key.table == key.parent; };
  if (std::none_of(keys_->all().begin(), keys_->all().end(), refers_to_itself)) return;
  for (const KeyTouch& touch : handle_.key_touches) {
    if (touch.op != 'I') continue;
    const std::string entry = handle_.changes.entry(touch.at);
    Change change;
    if (ChangeReader(entry).next_head(change)) own_.emplace(change.table, change.rowid);
  }
}

bool ForeignKeyCheck::look(std::size_t i, ServerError& error) {
  const auto read = [](Row& row) { ChangeReader(row.record).next(row.change); };
  const KeyTouch touch = handle_.key_touches[i];
  Row row{handle_.changes.entry(touch.at), {}}, before, moved;
  read(row);
  const std::string table(row.change.table);
  const bool had = touch.before != KeyTouch::kNone;
  if (had) before.record = handle_.before.entry(touch.before), read(before);
  const bool moves = touch.op == 'D' && touch.moves && i + 1 < handle_.key_touches.size();
  if (moves) moved.record = handle_.changes.entry(handle_.key_touches[i + 1].at), read(moved);
  const Row* after = touch.op == 'U' ? &row : moves ? &moved : nullptr;
  for (const ForeignKey& key : keys_->all()) {
    if (key.parent == table && had && !look_at_parent(key, before, after, error)) return false;
    if (key.table == table && touch.op != 'D' && !look_at_child(key, row, had ? &before : nullptr, error)) return false;
  }
  return true;
}

bool ForeignKeyCheck::look_at_child(const ForeignKey& key, const Row& row, const Row* before, ServerError& error) {
  const Values values = values_at(row.change, key.places);
  if (has_null(values) || (before && values_at(before->change, key.places) == values)) return true;
  const auto parent = find(key.parent, key.parent_columns, values, error);
  if (parent && !own_.contains({key.parent, *parent})) locks_.push_back({key.parent, *parent, LockMode::access_share});
  if (parent) return true;
  if (!error.sqlstate.empty()) return false;
  if (!still_there(key, row.change.rowid, values, error)) return error.sqlstate.empty();
  error = no_row(handle_, key, values);
  return false;
}

bool ForeignKeyCheck::look_at_parent(const ForeignKey& key, const Row& before, const Row* after, ServerError& error) {
  const Values old = values_at(before.change, key.parent_places);
  Values now;
  if (after) now = values_at(after->change, key.parent_places);
  if (has_null(old) || (after && now == old)) return true;
  if (after) locks_.push_back({key.parent, before.change.rowid, LockMode::access_exclusive});
  KeyAction action = after ? key.on_update : key.on_delete;
  if (action == KeyAction::set_default) {       // a row that had the default already has not moved: it needs its row all the same
    if (!act(key, action, old, nullptr, error)) return false;
    action = KeyAction::no_action;
  }
  const bool again = action == KeyAction::no_action && find(key.parent, key.parent_columns, old, error);
  if (again || !error.sqlstate.empty()) return again;
  if (action != KeyAction::no_action && action != KeyAction::restrict) return act(key, action, old, after ? &now : nullptr, error);
  const auto child = find(key.table, key.columns, old, error);
  if (!child) return error.sqlstate.empty();
  in_the_way_ = {{key.parent, before.change.rowid, LockMode::access_exclusive}, {key.table, *child, LockMode::access_share}};
  error = violation(key, "update or delete on table \"" + key.parent + "\" violates foreign key constraint \"" + key.name + "\" on table \"" + key.table + "\"",
                    key_text(handle_, key.parent, key.parent_columns, old) + " is still referenced from table \"" + key.table + "\".");
  return false;
}

// "a" = NULL, or its default, or the new key: ?1..
std::string ForeignKeyCheck::sets_of(const ForeignKey& key, KeyAction action) const {
  std::string sets;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    std::string value = action == KeyAction::cascade ? "?" + std::to_string(i + 1) : "NULL";
    if (action == KeyAction::set_default) {
      ServerError ignored;
      const auto preset = handle_.internal("SELECT dflt_value FROM pragma_table_info(" + quote_text(key.table) + ") WHERE name = " + quote_text(key.columns[i]), ignored);
      const bool there = preset && sqlite3_step(preset.get()) == SQLITE_ROW && sqlite3_column_type(preset.get(), 0) != SQLITE_NULL;
      if (there) value = "(" + std::string(reinterpret_cast<const char*>(sqlite3_column_text(preset.get(), 0))) + ")";
    }
    sets += (sets.empty() ? "" : ", ") + quote_name(key.columns[i]) + " = " + value;
  }
  return sets;
}

bool ForeignKeyCheck::act(const ForeignKey& key, KeyAction action, const Values& old, const Values* after, ServerError& error) {
  const std::string where = " WHERE " + conditions(key.columns, key.columns.size() + 1);
  const bool erases = action == KeyAction::cascade && !after;
  const std::string table = quote_name(key.table);
  const auto statement = handle_.internal(erases ? "DELETE FROM " + table + where : "UPDATE " + table + " SET " + sets_of(key, action) + where, error);
  if (!statement) return false;
  if (after && action == KeyAction::cascade) bind_all(statement.get(), *after);
  bind_all(statement.get(), old, static_cast<int>(key.columns.size()) + 1);
  if (sqlite3_step(statement.get()) == SQLITE_DONE) return true;
  error = handle_.last_error();
  return false;
}

// The row with these values; nullopt with an error: it could not be looked for.
std::optional<std::int64_t> ForeignKeyCheck::find(const std::string& table, const std::vector<std::string>& columns, const Values& values, ServerError& error) {
  error = {};
  error.sqlstate.clear();
  const auto query = handle_.internal("SELECT rowid FROM " + quote_name(table) + " WHERE " + conditions(columns) + " LIMIT 1", error);
  if (!query) return std::nullopt;
  bind_all(query.get(), values);
  const int code = sqlite3_step(query.get());
  if (code == SQLITE_ROW) return sqlite3_column_int64(query.get(), 0);
  if (code != SQLITE_DONE) error = handle_.last_error();
  return std::nullopt;
}

// Whether the row still has them: the same statement may have changed it again.
bool ForeignKeyCheck::still_there(const ForeignKey& key, std::int64_t rowid, const Values& values, ServerError& error) {
  const std::size_t last = values.size() + 1;
  const auto query = handle_.internal("SELECT 1 FROM " + quote_name(key.table) + " WHERE " + conditions(key.columns) + " AND rowid = ?" + std::to_string(last), error);
  if (!query) return false;
  bind_all(query.get(), values);
  sqlite3_bind_int64(query.get(), static_cast<int>(last), rowid);
  return sqlite3_step(query.get()) == SQLITE_ROW;
}

}  // namespace chaos::pg
