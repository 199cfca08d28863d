#include "postgres/store/relations.hpp"

#include "postgres/sql/catalog_types.hpp"
#include "postgres/sql/sql_token.hpp"
#include "wire/text.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

std::string text(const Handle::Borrowed& query, int i) {
  const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), i));
  return value ? value : "";
}

bool step(const Handle::Borrowed& query) { return query && sqlite3_step(query.get()) == SQLITE_ROW; }

// pg_attrdef's text: a literal tells its type.
std::string preset_text(const std::string& stored, const std::string& type) {
  if (!stored.starts_with('\'') || !stored.ends_with('\'')) return stored == "CURRENT_TIMESTAMP" ? stored : lower(stored) == "true" || lower(stored) == "false" ? lower(stored) : stored;
  return stored + "::" + type_text(declared_type(type).oid);
}

// A table whose key is a whole number keeps its rows in that order: there is no index, but PostgreSQL shows one.
void add_key(Handle& handle, const Relation& table, std::vector<Relation>& out) {
  ServerError error;
  const auto key = handle.internal("SELECT count(*), max(upper(type) = 'INTEGER') FROM pragma_table_info(" + quote_text(table.name) + ") WHERE pk > 0", error);
  if (!step(key) || sqlite3_column_int(key.get(), 0) == 0) return;
  const bool listed = std::any_of(out.begin(), out.end(), [&](const Relation& r) { return r.kind == 'i' && r.table == table.oid && r.primary; });
  if (!listed) out.push_back({oid_of_key(table.oid), table.name + "_pkey", 'i', table.oid, table.name, {}, {}, true, true, true});
}

bool counts(const Relation& table) { return lower(table.sql).find("autoincrement") != std::string::npos; }

void add_sequence(Handle& handle, const Relation& table, std::vector<Relation>& out) {
  ServerError error;
  const auto key = handle.internal("SELECT name FROM pragma_table_info(" + quote_text(table.name) + ") WHERE pk > 0", error);
  if (step(key)) out.push_back({oid_of_sequence(table.oid), table.name + "_" + text(key, 0) + "_seq", 'S', table.oid, table.name, {}, {}});
}

// An index that came with its table has a name of SQLite's; PostgreSQL names it after its columns.
void name_index(Handle& handle, Relation& index) {
  ServerError error;
  const auto kind = handle.internal("SELECT \"unique\", origin FROM pragma_index_list(" + quote_text(index.table_name) + ") WHERE name = " + quote_text(index.stored), error);
  if (!step(kind)) return;
  const std::string origin = text(kind, 1);
  index.unique = sqlite3_column_int(kind.get(), 0) != 0;
  const bool made_so = index.stored.ends_with("_pkey") && index.unique;      // ALTER TABLE ADD PRIMARY KEY
  index.primary = origin == "pk" || made_so;
  index.constraint = origin != "c" || made_so;
  if (!index.stored.starts_with("sqlite_")) return;
  index.name = index.table_name;
  if (index.primary) {
    index.name += "_pkey";
    return;
  }
  for (const IndexColumn& column : columns_of_index(handle, index)) index.name += "_" + column.text;
  index.name += "_key";
}

// The parts of a list between its outermost brackets.
std::vector<std::string> list_items(std::string_view sql) {
  std::vector<std::string> items(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : sql.substr(std::min(sql.find('('), sql.size()))) {
    if (c == '\'') quoted = !quoted;
    if (!quoted && c == ')' && --depth == 0) break;
    if (!quoted && c == ',' && depth == 1) items.emplace_back();
    else if (depth > 0) items.back().push_back(c);
    if (!quoted && c == '(') ++depth;
  }
  for (std::string& item : items) {
    item.erase(0, std::min(item.find_first_not_of(' '), item.size()));
    while (item.ends_with(' ')) item.pop_back();
  }
  return items;
}

}  // namespace

std::vector<Relation> relations(Handle& handle) {
  ServerError error;
  const auto query = handle.internal("SELECT rowid, type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('table', 'index', 'view') AND tbl_name NOT LIKE 'sqlite~_%' ESCAPE '~' "
                                     "AND tbl_name NOT LIKE 'pg~_%' ESCAPE '~' ORDER BY rowid", error);
  std::vector<Relation> out;
  while (step(query)) {
    const std::string type = text(query, 1);
    Relation r{kFirstOid + sqlite3_column_int64(query.get(), 0), text(query, 2), type == "table" ? 'r' : type == "index" ? 'i' : 'v', 0, {}, text(query, 2), text(query, 4)};
    if (r.kind == 'i') r.table_name = text(query, 3);
    out.push_back(std::move(r));
  }
  for (Relation& index : out) {
    if (index.kind != 'i') continue;
    const auto table = std::find_if(out.begin(), out.end(), [&](const Relation& r) { return r.kind == 'r' && r.name == index.table_name; });
    if (table != out.end()) index.table = table->oid;
    name_index(handle, index);
  }
  const std::size_t listed = out.size();
  for (std::size_t i = 0; i < listed; ++i) {
    if (out[i].kind != 'r') continue;
    const Relation table = out[i];
    add_key(handle, table, out);
    if (counts(table)) add_sequence(handle, table, out);
  }
  return out;
}

std::optional<Relation> relation_of(Handle& handle, std::int64_t oid) {
  for (Relation& r : relations(handle)) {
    if (r.oid == oid) return std::move(r);
  }
  return std::nullopt;
}

std::optional<Relation> relation_of(Handle& handle, std::string_view given) {
  if (given.starts_with("public.")) given.remove_prefix(7);
  const bool quoted = given.size() > 1 && given.front() == '"' && given.back() == '"';
  const std::string name = quoted ? std::string(given.substr(1, given.size() - 2)) : lower(given);
  for (Relation& r : relations(handle)) {
    if (r.name == name) return std::move(r);
  }
  return std::nullopt;
}

std::vector<TableColumn> columns_of(Handle& handle, const Relation& table) {
  ServerError error;
  const auto query = handle.internal("SELECT cid + 1, name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(" + quote_text(table.name) + ")", error);
  std::vector<TableColumn> out;
  while (step(query)) {
    TableColumn c{sqlite3_column_int64(query.get(), 0), text(query, 1), text(query, 2), sqlite3_column_int(query.get(), 3) != 0, {}, sqlite3_column_int(query.get(), 5)};
    c.preset = preset_text(text(query, 4), c.type);
    c.not_null = c.not_null || c.key > 0;
    c.serial = c.key > 0 && counts(table);
    if (c.serial) c.preset = "nextval('" + table.name + "_" + c.name + "_seq'::regclass)";
    out.push_back(std::move(c));
  }
  return out;
}

std::vector<IndexColumn> columns_of_index(Handle& handle, const Relation& index) {
  std::vector<IndexColumn> out;
  ServerError error;
  const bool key = index.stored.empty();
  const auto query = key ? handle.internal("SELECT cid, name, 0 FROM pragma_table_info(" + quote_text(index.table_name) + ") WHERE pk > 0 ORDER BY pk", error)
                         : handle.internal("SELECT cid, name, \"desc\" FROM pragma_index_xinfo(" + quote_text(index.stored) + ") WHERE key = 1", error);
  const std::vector<std::string> items = list_items(index.sql);
  while (step(query)) {
    IndexColumn c{sqlite3_column_int64(query.get(), 0) + 1, text(query, 1), sqlite3_column_int(query.get(), 2) != 0};
    if (c.text.empty()) c = {0, out.size() < items.size() ? items[out.size()] : "?", c.descending};
    out.push_back(std::move(c));
  }
  return out;
}

std::string index_predicate(const Relation& index) {
  const std::string text = lower(index.sql);
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0 && text.compare(i, 7, " where ") == 0) return index.sql.substr(i + 7);
  }
  return {};
}

std::string index_definition(Handle& handle, const Relation& index, bool plain) {
  std::string out = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  out += quote_ident(index.name) + " ON " + (plain ? "" : "public.") + quote_ident(index.table_name) + " USING btree (";
  bool first = true;
  for (const IndexColumn& column : columns_of_index(handle, index)) {
    out += (first ? "" : ", ") + (column.number == 0 ? column.text : quote_ident(column.text)) + (column.descending ? " DESC" : "");
    first = false;
  }
  const std::string where = index_predicate(index);
  return out + ")" + (where.empty() ? "" : plain ? " WHERE " + where : " WHERE (" + where + ")");
}

std::string view_definition(const Relation& view) {
  const std::size_t as = lower(view.sql).find(" as ");
  return as == std::string::npos ? view.sql : " " + view.sql.substr(as + 4) + ";";
}

std::string quote_ident(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool safe = !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), plain);
  return safe ? std::string(name) : quote_name(name);
}

}  // namespace chaos::pg
