#include "postgres/catalog.hpp"
#include "postgres/sql_token.hpp"
#include "postgres/sql_types.hpp"

namespace chaos::pg {

namespace {

struct Relation {
  std::int64_t oid;
  std::string name;
  std::string kind;      // r table, i index, v view
  std::string table;
};

constexpr std::int64_t kFirstOid = 16385;
constexpr std::int64_t kPublic = 2200;

std::string column_text(sqlite3_stmt* statement, int i) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
  return text ? text : "";
}

// The relations that are users' own; the server's tables are not shown.
std::vector<Relation> relations(Handle& handle) {
  ServerError error;
  const auto query = handle.internal("SELECT rowid, type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' "
                                     "AND tbl_name NOT LIKE 'pg~_%' ESCAPE '~' ORDER BY rowid", error);
  std::vector<Relation> out;
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    const std::string type = column_text(query.get(), 1);
    const std::string kind = type == "table" ? "r" : type == "index" ? "i" : "v";
    out.push_back({kFirstOid + sqlite3_column_int64(query.get(), 0), column_text(query.get(), 2), kind, column_text(query.get(), 3)});
  }
  return out;
}

CatalogRows classes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    rows.push_back({r.oid, r.name, kPublic, r.kind, std::int64_t{10}, std::int64_t{2}, std::int64_t{0}, std::int64_t{r.kind != "v"},
                    std::string("p"), std::int64_t{0}});
  }
  return rows;
}

CatalogRows namespaces(Handle&) {
  return {{kPublic, std::string("public"), std::int64_t{10}}, {std::int64_t{11}, std::string("pg_catalog"), std::int64_t{10}}};
}

CatalogRows access_methods(Handle&) { return {{std::int64_t{2}, std::string("heap")}, {std::int64_t{403}, std::string("btree")}}; }

CatalogRows tables(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == "r") rows.push_back({std::string("public"), r.name, std::string("postgres")});
  }
  return rows;
}

CatalogRows indexes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == "i") rows.push_back({std::string("public"), r.table, r.name});
  }
  return rows;
}

CatalogRows schema_list(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind != "i") rows.push_back({std::string("shop"), std::string("public"), r.name, std::string(r.kind == "r" ? "BASE TABLE" : "VIEW")});
  }
  return rows;
}

CatalogRows columns(Handle& handle) {
  CatalogRows rows;
  ServerError error;
  for (const Relation& r : relations(handle)) {
    if (r.kind == "i") continue;
    const auto query = handle.internal("SELECT cid + 1, name, type, \"notnull\" FROM pragma_table_info(" + quote_text(r.name) + ")", error);
    while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
      rows.push_back({r.name, column_text(query.get(), 1), sqlite3_column_int64(query.get(), 0), column_text(query.get(), 2),
                      std::string(sqlite3_column_int(query.get(), 3) ? "NO" : "YES")});
    }
  }
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& schema_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_class",
       "oid INTEGER, relname TEXT, relnamespace INTEGER, relkind TEXT, relowner INTEGER, relam INTEGER, reltuples INTEGER,"
       "relhasindex INTEGER, relpersistence TEXT, relispartition INTEGER",
       classes},
      {"pg_namespace", "oid INTEGER, nspname TEXT, nspowner INTEGER", namespaces},
      {"pg_am", "oid INTEGER, amname TEXT", access_methods},
      {"pg_tables", "schemaname TEXT, tablename TEXT, tableowner TEXT", tables},
      {"pg_indexes", "schemaname TEXT, tablename TEXT, indexname TEXT", indexes},
      {"information_schema_tables", "table_catalog TEXT, table_schema TEXT, table_name TEXT, table_type TEXT", schema_list},
      {"information_schema_columns", "table_name TEXT, column_name TEXT, ordinal_position INTEGER, data_type TEXT, is_nullable TEXT", columns}};
  return all;
}

}  // namespace chaos::pg
