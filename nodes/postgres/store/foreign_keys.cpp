#include "postgres/store/foreign_keys.hpp"

#include "postgres/store/relations.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

std::string text(const Handle::Borrowed& query, int i) {
  const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), i));
  return value ? value : "";
}

KeyAction action(const std::string& code) { return code.empty() ? KeyAction::no_action : static_cast<KeyAction>(code[0]); }

std::vector<std::size_t> places_of(Handle& handle, const std::string& table, const std::vector<std::string>& columns) {
  std::vector<std::size_t> places;
  ServerError ignored;
  for (const std::string& column : columns) {
    const auto query = handle.internal("SELECT cid FROM pragma_table_info(" + quote_text(table) + ") WHERE name = " + quote_text(column), ignored);
    const bool found = query && sqlite3_step(query.get()) == SQLITE_ROW;
    places.push_back(found ? static_cast<std::size_t>(sqlite3_column_int(query.get(), 0)) : 0);
  }
  return places;
}

std::string_view action_text(KeyAction action) {
  switch (action) {
    case KeyAction::restrict: return "RESTRICT";
    case KeyAction::cascade: return "CASCADE";
    case KeyAction::set_null: return "SET NULL";
    case KeyAction::set_default: return "SET DEFAULT";
    default: return "";
  }
}

std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quote_ident(name);
  return out;
}

}  // namespace

ForeignKeys ForeignKeys::read(Handle& handle) {
  ForeignKeys keys;
  ServerError ignored;
  const auto query = handle.internal("SELECT rowid, child, name, position, child_column, parent, parent_column, on_update, on_delete, match_full, valid"
                                     " FROM pg_foreign_keys ORDER BY child, name, position", ignored);
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    if (sqlite3_column_int(query.get(), 3) == 1) {
      keys.all_.push_back({sqlite3_column_int64(query.get(), 0), text(query, 2), text(query, 1), {}, text(query, 5), {}, action(text(query, 7)),
                           action(text(query, 8)), sqlite3_column_int(query.get(), 9) != 0, sqlite3_column_int(query.get(), 10) != 0, {}, {}});
    }
    if (keys.all_.empty()) break;
    keys.all_.back().columns.push_back(text(query, 4));
    keys.all_.back().parent_columns.push_back(text(query, 6));
  }
  std::sort(keys.all_.begin(), keys.all_.end(), [](const ForeignKey& a, const ForeignKey& b) { return a.id < b.id; });
  for (ForeignKey& key : keys.all_) {
    key.places = places_of(handle, key.table, key.columns);
    key.parent_places = places_of(handle, key.parent, key.parent_columns);
  }
  return keys;
}

bool ForeignKeys::watches(std::string_view table) const {
  return std::any_of(all_.begin(), all_.end(), [table](const ForeignKey& key) { return key.table == table || key.parent == table; });
}

const Relation* index_of_key(Handle& handle, const std::vector<Relation>& relations, const ForeignKey& key) {
  const auto serves = [&](const Relation& index) {
    if (index.kind != 'i' || !index.unique || index.table_name != key.parent || !index_predicate(index).empty()) return false;
    std::vector<std::string> over;
    for (const IndexColumn& column : columns_of_index(handle, index)) over.push_back(column.number > 0 ? column.text : "");
    return std::is_permutation(over.begin(), over.end(), key.parent_columns.begin(), key.parent_columns.end());
  };
  const auto found = std::find_if(relations.begin(), relations.end(), serves);
  return found == relations.end() ? nullptr : &*found;
}

std::string foreign_key_text(const ForeignKey& key) {
  std::string out = "FOREIGN KEY (" + list(key.columns) + ") REFERENCES " + quote_ident(key.parent) + "(" + list(key.parent_columns) + ")";
  if (key.full) out += " MATCH FULL";
  if (key.on_update != KeyAction::no_action) out += " ON UPDATE " + std::string(action_text(key.on_update));
  if (key.on_delete != KeyAction::no_action) out += " ON DELETE " + std::string(action_text(key.on_delete));
  return key.valid ? out : out + " NOT VALID";
}

}  // namespace chaos::pg
