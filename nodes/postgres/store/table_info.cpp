#include "postgres/store/table_info.hpp"

#include "postgres/base/numeric.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/sql/catalog_types.hpp"
#include "postgres/sql/sql_token.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace chaos::pg {

namespace {

std::string_view text_at(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text ? text : "";
}

// 5 and 5.0 are one key.
std::string key_part(const ChangeValue& value) {
  if (const auto* n = std::get_if<std::int64_t>(&value)) return "n" + std::to_string(*n);
  if (const auto* d = std::get_if<double>(&value)) {
    const bool whole = std::abs(*d) < 9e15 && std::trunc(*d) == *d;
    return whole ? "n" + std::to_string(static_cast<std::int64_t>(*d)) : "d" + std::to_string(std::bit_cast<std::uint64_t>(*d));
  }
  if (const auto* t = std::get_if<std::string_view>(&value)) return "t" + std::string(*t);
  if (const auto* b = std::get_if<Blob>(&value)) return "b" + std::string(b->bytes);
  return {};
}

void read_columns(Handle& handle, const std::string& table, TableInfo& info) {
  ServerError ignored;
  std::string names = "rowid", marks = "?1", sets;
  int count = 1, keys = 0;
  bool integer_key = false;
  const auto query = handle.internal("SELECT name, type, pk FROM pragma_table_info(" + quote_text(table) + ")", ignored);
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    const std::string name = quote_name(std::string(text_at(query.get(), 0)));
    const bool key = sqlite3_column_int(query.get(), 2) > 0;
    const DeclaredType declared = declared_type(text_at(query.get(), 1));
    const std::int32_t type = declared.oid;
    info.numeric_limits.push_back(type == oid::kNumeric && declared.modifier >= 4 ? declared.modifier : 0);
    info.integer_bytes.push_back(type == oid::kInt2 ? 2 : type == oid::kInt4 ? 4 : type == oid::kInt8 ? 8 : 0);
    keys += key ? 1 : 0;
    integer_key |= key && sqlite3_stricmp(text_at(query.get(), 1).data(), "INTEGER") == 0;
    names += ", " + name;
    marks += ", ?" + std::to_string(++count);
    sets += (sets.empty() ? "" : ", ") + name + " = excluded." + name;
  }
  info.own_rowid = !(integer_key && keys == 1);
  info.put_sql = "INSERT INTO " + quote_name(table) + "(" + names + ") VALUES(" + marks + ") ON CONFLICT(rowid) DO UPDATE SET " + sets;
}

void read_unique(Handle& handle, const std::string& table, TableInfo& info) {
  ServerError ignored;
  const auto query = handle.internal("SELECT l.seq, i.cid FROM pragma_index_list(" + quote_text(table) + ") l, pragma_index_info(l.name) i"
                                     " WHERE l.\"unique\" AND NOT l.partial ORDER BY l.seq, i.seqno", ignored);
  int last = -1;
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    if (sqlite3_column_int(query.get(), 0) != last) info.unique.emplace_back();
    last = sqlite3_column_int(query.get(), 0);
    info.unique.back().push_back(sqlite3_column_int(query.get(), 1));
  }
  std::erase_if(info.unique, [](const std::vector<int>& columns) { return std::count_if(columns.begin(), columns.end(), [](int c) { return c < 0; }) > 0; });
}

}  // namespace

std::optional<std::int64_t> key_hash(const std::vector<int>& columns, std::size_t index, const std::vector<ChangeValue>& values) {
  std::string key = std::to_string(index);
  for (const int column : columns) {
    if (static_cast<std::size_t>(column) >= values.size()) return std::nullopt;
    const std::string part = key_part(values[static_cast<std::size_t>(column)]);
    if (part.empty()) return std::nullopt;
    key += '\x1f' + part;
  }
  return static_cast<std::int64_t>(std::hash<std::string>{}(key));
}

bool integers_fit(const std::vector<int>& bytes_of, const Change& change, ServerError& error) {
  for (std::size_t i = 0; i < std::min(bytes_of.size(), change.values.size()); ++i) {
    const int bytes = bytes_of[i];
    const auto* whole = std::get_if<std::int64_t>(&change.values[i]);
    const auto* real = std::get_if<double>(&change.values[i]);      // what no longer fits 64 bits
    const std::int64_t most = bytes == 2 ? INT16_MAX : bytes == 4 ? INT32_MAX : INT64_MAX;
    const bool fits = bytes == 0 || (whole ? *whole <= most && *whole >= -most - 1 : !real || std::abs(*real) < static_cast<double>(most));
    if (fits) continue;
    error = make_error("22003", std::string(bytes == 2 ? "smallint" : bytes == 4 ? "integer" : "bigint") + " out of range");
    return false;
  }
  return true;
}

bool numerics_fit(const std::vector<int>& limits_of, const Change& change, ServerError& error) {
  for (std::size_t i = 0; i < std::min(limits_of.size(), change.values.size()); ++i) {
    const auto* real = std::get_if<double>(&change.values[i]);
    const auto* whole = std::get_if<std::int64_t>(&change.values[i]);
    if (limits_of[i] == 0 || (!real && !whole)) continue;
    const int precision = (limits_of[i] - 4) >> 16, scale = (limits_of[i] - 4) & 0x7ff;
    const double value = real ? *real : static_cast<double>(*whole), rounded = round_numeric(value, scale);
    if (value == rounded && fits_numeric(rounded, precision, scale)) continue;
    const bool over = !fits_numeric(rounded, precision, scale);
    error = over ? make_error("22003", "numeric field overflow") : make_error("0A000", "a value of more digits than numeric(" + std::to_string(precision) + "," + std::to_string(scale) + ") has is not rounded here");
    if (over) error.detail = numeric_overflow_detail(precision, scale);
    else error.hint = "Cast the value to the column's type.";
    return false;
  }
  return true;
}

TableInfo TableInfos::read(Handle& handle, const std::string& table) {
  TableInfo info;
  read_columns(handle, table, info);
  read_unique(handle, table, info);
  ServerError ignored;
  const auto counter = handle.internal("SELECT sql LIKE '%autoincrement%' OR sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE type = 'table' AND name = " +
                                       quote_text(table), ignored);
  info.autoincrement = !info.own_rowid && counter && sqlite3_step(counter.get()) == SQLITE_ROW && sqlite3_column_int(counter.get(), 0) != 0;
  return info;
}

const TableInfo& TableInfos::of(Handle& handle, std::string_view table) {
  const auto found = known_.find(table);
  if (found != known_.end()) return found->second;
  std::string name(table);
  TableInfo info = read(handle, name);
  return known_.emplace(std::move(name), std::move(info)).first->second;
}

std::shared_ptr<const ForeignKeys> TableInfos::foreign_keys(Handle& handle) {
  if (!keys_) keys_ = std::make_shared<const ForeignKeys>(ForeignKeys::read(handle));
  return keys_;
}

void RowNumbers::used(std::string_view table, std::int64_t rowid, bool counter) {
  auto& all = counter ? counters_ : rowids_;
  const auto found = all.find(table);
  if (found == all.end()) all.emplace(table, rowid);
  else found->second = std::max(found->second, rowid);
}

std::int64_t RowNumbers::next(std::string_view table, std::int64_t seen) {
  const auto found = rowids_.find(table);
  const std::int64_t number = std::max(seen, found == rowids_.end() ? 0 : found->second) + 1;
  used(table, number, false);
  return number;
}

bool RowNumbers::raise_counters(Handle& handle, ServerError& error) {
  raised_ = false;
  for (const auto& [table, number] : counters_) {
    const std::string name = quote_text(table), least = std::to_string(number);
    const bool done = handle.exec("UPDATE sqlite_sequence SET seq = max(seq, " + least + ") WHERE name = " + name, error) &&
                      (sqlite3_changes(handle.db()) > 0 || handle.exec("INSERT INTO sqlite_sequence(name, seq) VALUES(" + name + ", " + least + ")", error));
    if (!done) return false;
  }
  raised_ = true;
  return true;
}

}  // namespace chaos::pg
