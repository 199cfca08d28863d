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
    const CatalogValue no = std::int64_t{0}, owner = std::int64_t{10}, heap = std::int64_t{r.kind == "i" ? 403 : 2};
    const CatalogValue has_index = std::int64_t{r.kind == "r"}, permanent = std::string("p"), by_default = std::string("d");
    rows.push_back({r.oid, r.name, kPublic, r.kind, owner, heap, no, has_index, permanent, no,
                    no, no, no, no, no, no, no, by_default, no, CatalogValue{}});
  }
  return rows;
}

CatalogRows namespaces(Handle&) {
  return {{kPublic, std::string("public"), std::int64_t{10}}, {std::int64_t{11}, std::string("pg_catalog"), std::int64_t{10}}};
}

CatalogRows access_methods(Handle&) { return {{std::int64_t{2}, std::string("heap")}, {std::int64_t{403}, std::string("btree")}}; }

CatalogRows tablespaces(Handle&) { return {{std::int64_t{1663}, std::string("pg_default")}}; }

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

// The columns of a table: name, declared type, NOT NULL, default (empty: none), part of the primary key.
struct TableColumn {
  std::int64_t number;
  std::string name, type;
  bool not_null;
  std::string preset;
  bool key;
};

std::vector<TableColumn> columns_of(Handle& handle, const std::string& table) {
  ServerError error;
  const auto query = handle.internal("SELECT cid + 1, name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(" + quote_text(table) + ")", error);
  std::vector<TableColumn> out;
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    out.push_back({sqlite3_column_int64(query.get(), 0), column_text(query.get(), 1), column_text(query.get(), 2),
                   sqlite3_column_int(query.get(), 3) != 0, column_text(query.get(), 4), sqlite3_column_int(query.get(), 5) != 0});
  }
  return out;
}

CatalogRows attributes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == "i") continue;
    for (const TableColumn& c : columns_of(handle, r.name)) {
      rows.push_back({r.oid, c.name, std::int64_t{type_of_declaration(c.type)}, c.number, std::int64_t{-1},
                      std::int64_t{c.not_null || c.key}, std::int64_t{!c.preset.empty()}, std::int64_t{0}, std::int64_t{0},
                      std::string(), std::string()});
    }
  }
  return rows;
}

CatalogRows defaults(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == "i") continue;
    for (const TableColumn& c : columns_of(handle, r.name)) {
      if (!c.preset.empty()) rows.push_back({r.oid, c.number, c.preset});
    }
  }
  return rows;
}

// Indexes that were made, and the primary keys that are the tables' own order.
CatalogRows index_list(Handle& handle) {
  CatalogRows rows;
  const std::vector<Relation> all = relations(handle);
  for (const Relation& r : all) {
    if (r.kind != "i") continue;
    ServerError error;
    const auto query = handle.internal("SELECT \"unique\" FROM pragma_index_list(" + quote_text(r.table) + ") WHERE name = " + quote_text(r.name), error);
    const bool unique = query && sqlite3_step(query.get()) == SQLITE_ROW && sqlite3_column_int(query.get(), 0) != 0;
    for (const Relation& table : all) {
      if (table.kind != "r" || table.name != r.table) continue;
      rows.push_back({r.oid, table.oid, std::int64_t{r.name.ends_with("_pkey")}, std::int64_t{unique}, std::int64_t{0}, std::int64_t{1}, std::int64_t{0}});
    }
  }
  return rows;
}

CatalogRows none(Handle&) { return {}; }

CatalogRows column_list(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == "i") continue;
    for (const TableColumn& c : columns_of(handle, r.name)) {
      rows.push_back({r.name, c.name, c.number, c.type, std::string(c.not_null ? "NO" : "YES")});
    }
  }
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& schema_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_class",
       "oid INTEGER, relname TEXT, relnamespace INTEGER, relkind TEXT, relowner INTEGER, relam INTEGER, reltuples INTEGER,"
       "relhasindex boolean, relpersistence TEXT, relispartition boolean, relchecks INTEGER, relhasrules boolean,"
       "relhastriggers boolean, relrowsecurity boolean, relforcerowsecurity boolean, reltablespace INTEGER, reloftype INTEGER,"
       "relreplident TEXT, reltoastrelid INTEGER, relpartbound TEXT",
       classes},
      {"pg_namespace", "oid INTEGER, nspname TEXT, nspowner INTEGER", namespaces},
      {"pg_am", "oid INTEGER, amname TEXT", access_methods},
      {"pg_tablespace", "oid INTEGER, spcname TEXT", tablespaces},
      {"pg_tables", "schemaname TEXT, tablename TEXT, tableowner TEXT", tables},
      {"pg_indexes", "schemaname TEXT, tablename TEXT, indexname TEXT", indexes},
      {"information_schema_tables", "table_catalog TEXT, table_schema TEXT, table_name TEXT, table_type TEXT", schema_list},
      {"information_schema_columns", "table_name TEXT, column_name TEXT, ordinal_position INTEGER, data_type TEXT, is_nullable TEXT", column_list},
      {"pg_attribute",
       "attrelid INTEGER, attname TEXT, atttypid INTEGER, attnum INTEGER, atttypmod INTEGER, attnotnull boolean, atthasdef boolean,"
       "attisdropped boolean, attcollation INTEGER, attidentity TEXT, attgenerated TEXT",
       attributes},
      {"pg_attrdef", "adrelid INTEGER, adnum INTEGER, adbin TEXT", defaults},
      {"pg_index",
       "indexrelid INTEGER, indrelid INTEGER, indisprimary boolean, indisunique boolean, indisclustered boolean, indisvalid boolean,"
       "indisreplident boolean",
       index_list},
      // What psql asks for and this server does not have.
      {"pg_type", "oid INTEGER, typname TEXT, typcollation INTEGER", none},
      {"pg_collation", "oid INTEGER, collname TEXT", none},
      {"pg_constraint", "oid INTEGER, conname TEXT, conrelid INTEGER, conindid INTEGER, contype TEXT, condeferrable boolean, condeferred boolean", none},
      {"pg_inherits", "inhrelid INTEGER, inhparent INTEGER, inhseqno INTEGER, inhdetachpending boolean", none},
      {"pg_policy", "polname TEXT, polrelid INTEGER, polpermissive boolean, polroles TEXT, polcmd TEXT, polqual TEXT, polwithcheck TEXT", none},
      {"pg_statistic_ext", "oid INTEGER, stxrelid INTEGER, stxname TEXT, stxnamespace INTEGER, stxkind TEXT, stxstattarget INTEGER", none},
      {"pg_publication", "oid INTEGER, pubname TEXT, puballtables boolean", none},
      {"pg_publication_rel", "prpubid INTEGER, prrelid INTEGER, prqual TEXT, prattrs TEXT", none},
      {"pg_publication_namespace", "pnpubid INTEGER, pnnspid INTEGER", none},
      {"pg_trigger", "oid INTEGER, tgname TEXT, tgrelid INTEGER, tgenabled TEXT, tgisinternal boolean, tgparentid INTEGER", none}};
  return all;
}

}  // namespace chaos::pg
