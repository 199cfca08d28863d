#include "postgres/catalog/catalog.hpp"
#include "postgres/sql/column_clauses.hpp"
#include "postgres/sql/catalog_types.hpp"
#include "postgres/state/roles.hpp"
#include "postgres/store/foreign_keys.hpp"
#include "postgres/store/relations.hpp"

#include <cstdlib>

namespace chaos::pg {

namespace {

constexpr std::int64_t kPublic = 2200, kPgCatalog = 11, kInformationSchema = 13207, kPostgres = 10;
constexpr std::int64_t kHeap = 2, kBtree = 403;

// Rows at the last ANALYZE: SQLite keeps them first in sqlite_stat1.stat. nullopt: there was none.
std::optional<std::int64_t> analyzed_rows(Handle& handle, const Relation& r) {
  ServerError error;
  const auto query = handle.internal("SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = ?", error);
  if (!query) return std::nullopt;
  const std::string& table = r.kind == 'i' ? r.table_name : r.name;
  sqlite3_bind_text(query.get(), 1, table.c_str(), -1, SQLITE_STATIC);
  if (sqlite3_step(query.get()) != SQLITE_ROW || sqlite3_column_type(query.get(), 0) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_int64(query.get(), 0);
}

CatalogRow class_of(Handle& handle, const Relation& r, const std::vector<Relation>& all, const ForeignKeys& keys) {
  CatalogRow row{{"oid", r.oid}, {"relname", r.name}, {"relkind", std::string(1, r.kind)}};
  if (r.kind == 'v') return row.push_back({"relnatts", static_cast<std::int64_t>(columns_of(handle, r).size())}), row.push_back({"relhasrules", std::int64_t{1}}), row;
  row.push_back({"relfilenode", r.oid});
  if (r.kind == 'S') return row.push_back({"relnatts", std::int64_t{3}}), row.push_back({"reltuples", std::int64_t{1}}), row;
  const std::size_t columns = r.kind == 'r' ? columns_of(handle, r).size() : columns_of_index(handle, r).size();
  row.push_back({"relnatts", static_cast<std::int64_t>(columns)});
  row.push_back({"relam", r.kind == 'r' ? kHeap : kBtree});
  if (const auto rows = analyzed_rows(handle, r)) row.push_back({"reltuples", *rows});
  if (r.kind == 'i') return row;
  bool indexed = false;
  for (const Relation& other : all) indexed = indexed || (other.kind == 'i' && other.table == r.oid);
  row.push_back({"relhasindex", std::int64_t{indexed}});
  row.push_back({"relhastriggers", std::int64_t{keys.watches(r.name)}});
  row.push_back({"relchecks", static_cast<std::int64_t>(checks_of(r.sql, r.name).size())});
  row.push_back({"relreplident", std::string("d")});
  return row;
}

CatalogRows classes(Handle& handle) {
  CatalogRows rows;
  const std::vector<Relation> all = relations(handle);
  const ForeignKeys keys = ForeignKeys::read(handle);
  for (const Relation& r : all) rows.push_back(class_of(handle, r, all, keys));
  std::int64_t oid = kFirstCatalogOid;
  for (const CatalogDefinition& d : catalog()) {
    const bool standard = std::string_view(d.table->name).starts_with("information_schema_");
    CatalogRow row{{"oid", oid++}, {"relname", std::string(d.table->name + (standard ? 19 : 0))}, {"relkind", std::string(1, d.table->kind)},
                   {"relnamespace", standard ? kInformationSchema : kPgCatalog}, {"relowner", kPostgres},
                   {"relnatts", static_cast<std::int64_t>(d.columns.size())}};
    if (d.table->kind == 'r') row.push_back({"relam", kHeap});
    rows.push_back(std::move(row));
  }
  return rows;
}

CatalogRow attribute(std::int64_t relation, std::int64_t number, const std::string& name, DeclaredType type) {
  CatalogRow row{{"attrelid", relation}, {"attname", name}, {"attnum", number}, {"atttypid", std::int64_t{type.oid}}, {"atttypmod", std::int64_t{type.modifier}}};
  const CatalogType* known = catalog_type(type.oid);
  if (!known) return row;
  const bool array = known->array == type.oid && type.oid != known->oid;
  row.push_back({"attlen", std::int64_t{array ? -1 : known->length}});
  row.push_back({"attndims", std::int64_t{array}});
  row.push_back({"attbyval", std::int64_t{!array && known->by_value}});
  row.push_back({"attalign", std::string(1, known->align)});
  row.push_back({"attstorage", std::string(1, array ? 'x' : known->storage)});
  row.push_back({"attcollation", std::int64_t{known->collation}});
  return row;
}

void add_index_attributes(Handle& handle, const Relation& index, CatalogRows& rows) {
  const auto table = relation_of(handle, index.table);
  if (!table) return;
  const std::vector<TableColumn> columns = columns_of(handle, *table);
  std::int64_t number = 0;
  for (const IndexColumn& c : columns_of_index(handle, index)) {
    const auto at = static_cast<std::size_t>(c.number - 1);
    const DeclaredType type = c.number > 0 && at < columns.size() ? declared_type(columns[at].type) : DeclaredType{oid::kText};
    rows.push_back(attribute(index.oid, ++number, c.number > 0 ? c.text : "expr", type));
  }
}

void add_sequence_attributes(const Relation& sequence, CatalogRows& rows) {
  std::int64_t number = 0;
  for (const char* name : {"last_value", "log_cnt"}) rows.push_back(attribute(sequence.oid, ++number, name, {oid::kInt8}));
  rows.push_back(attribute(sequence.oid, ++number, "is_called", {oid::kBool}));
}

CatalogRows attributes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'i') add_index_attributes(handle, r, rows);
    if (r.kind == 'S') add_sequence_attributes(r, rows);
    if (r.kind != 'r' && r.kind != 'v') continue;
    for (const TableColumn& c : columns_of(handle, r)) {
      CatalogRow row = attribute(r.oid, c.number, c.name, declared_type(c.type));
      row.push_back({"attnotnull", std::int64_t{c.not_null}});
      row.push_back({"atthasdef", std::int64_t{!c.preset.empty()}});
      rows.push_back(std::move(row));
    }
  }
  std::int64_t oid = kFirstCatalogOid;
  for (const CatalogDefinition& d : catalog()) {
    std::int64_t number = 0;
    for (const CatalogColumn& c : d.columns) rows.push_back(attribute(oid, ++number, c.name, declared_type(c.type)));
    ++oid;
  }
  return rows;
}

CatalogRows defaults(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind != 'r') continue;
    for (const TableColumn& c : columns_of(handle, r)) {
      if (!c.preset.empty()) rows.push_back({{"oid", r.oid * 1000 + c.number}, {"adrelid", r.oid}, {"adnum", c.number}, {"adbin", c.preset}});
    }
  }
  return rows;
}

CatalogRows namespaces(Handle&) {
  return {{{"oid", std::int64_t{99}}, {"nspname", std::string("pg_toast")}},
          {{"oid", kPgCatalog}, {"nspname", std::string("pg_catalog")}, {"nspacl", std::string("{postgres=UC/postgres,=U/postgres}")}},
          {{"oid", kPublic}, {"nspname", std::string("public")}, {"nspowner", kDatabaseOwner}, {"nspacl", std::string("{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}")}},
          {{"oid", kInformationSchema}, {"nspname", std::string("information_schema")}, {"nspacl", std::string("{postgres=UC/postgres,=U/postgres}")}}};
}

CatalogRows sequences(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'S') rows.push_back({{"seqrelid", r.oid}});
  }
  return rows;
}

// The last number given out: SQLite's own counter.
CatalogRows sequence_list(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind != 'S') continue;
    CatalogRow row{{"sequencename", r.name}};
    ServerError error;
    const auto query = handle.internal("SELECT seq FROM sqlite_sequence WHERE name = ?", error);
    if (query) sqlite3_bind_text(query.get(), 1, r.table_name.c_str(), -1, SQLITE_STATIC);
    if (query && sqlite3_step(query.get()) == SQLITE_ROW) row.push_back({"last_value", std::int64_t{sqlite3_column_int64(query.get(), 0)}});
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& class_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_class", 'r',
       "oid oid, relname name, relnamespace oid=2200, reltype oid=0, reloftype oid=0, relowner oid=16384, relam oid=0, "
       "relfilenode oid=0, reltablespace oid=0, relpages int4=0, reltuples float4=-1, relallvisible int4=0, "
       "reltoastrelid oid=0, relhasindex bool=0, relisshared bool=0, relpersistence char=p, relkind char, "
       "relnatts int2=0, relchecks int2=0, relhasrules bool=0, relhastriggers bool=0, relhassubclass bool=0, "
       "relrowsecurity bool=0, relforcerowsecurity bool=0, relispopulated bool=1, relreplident char=n, "
       "relispartition bool=0, relrewrite oid=0, relfrozenxid xid=0, relminmxid xid=0, relacl aclitem[], "
       "reloptions text[], relpartbound pg_node_tree",
       classes},
      {"pg_attribute", 'r',
       "attrelid oid, attname name, atttypid oid, attstattarget int4=-1, attlen int2=-1, attnum int2, attndims int4=0, "
       "attcacheoff int4=-1, atttypmod int4=-1, attbyval bool=0, attalign char=i, attstorage char=p, "
       "attcompression char=, attnotnull bool=0, atthasdef bool=0, atthasmissing bool=0, attidentity char=, "
       "attgenerated char=, attisdropped bool=0, attislocal bool=1, attinhcount int4=0, attcollation oid=0, "
       "attacl aclitem[], attoptions text[], attfdwoptions text[], attmissingval anyarray",
       attributes},
      {"pg_attrdef", 'r',
       "oid oid, adrelid oid, adnum int2, adbin pg_node_tree",
       defaults},
      {"pg_namespace", 'r',
       "oid oid, nspname name, nspowner oid=10, nspacl aclitem[]",
       namespaces},
      {"pg_sequence", 'r',
       "seqrelid oid, seqtypid oid=23, seqstart int8=1, seqincrement int8=1, seqmax int8=2147483647, seqmin int8=1, "
       "seqcache int8=1, seqcycle bool=0",
       sequences},
      {"pg_sequences", 'v',
       "schemaname name=public, sequencename name, sequenceowner name=shop, data_type regtype=integer, "
       "start_value int8=1, min_value int8=1, max_value int8=2147483647, increment_by int8=1, cycle bool=0, "
       "cache_size int8=1, last_value int8",
       sequence_list}};
  return all;
}

}  // namespace chaos::pg
