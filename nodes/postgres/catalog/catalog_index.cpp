#include "postgres/catalog/catalog.hpp"
#include "postgres/sql/column_clauses.hpp"
#include "postgres/store/foreign_keys.hpp"
#include "postgres/store/relations.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

CatalogRows indexes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind != 'i') continue;
    std::string keys, options, expressions;
    std::int64_t count = 0;
    for (const IndexColumn& c : columns_of_index(handle, r)) {
      keys += (count == 0 ? "" : " ") + std::to_string(c.number);
      options += std::string(count == 0 ? "" : " ") + (c.descending ? "3" : "0");
      if (c.number == 0) expressions += (expressions.empty() ? "" : ", ") + c.text;
      ++count;
    }
    CatalogRow row{{"indexrelid", r.oid}, {"indrelid", r.table}, {"indnatts", count}, {"indnkeyatts", count}, {"indisunique", std::int64_t{r.unique}},
                   {"indisprimary", std::int64_t{r.primary}}, {"indkey", keys}, {"indoption", options}};
    if (!expressions.empty()) row.push_back({"indexprs", expressions});
    if (const std::string where = index_predicate(r); !where.empty()) row.push_back({"indpred", where});
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string numbers(const std::vector<std::size_t>& places) {
  std::string out;
  for (const std::size_t place : places) out += (out.empty() ? "{" : ",") + std::to_string(place + 1);
  return out + "}";
}

void add_foreign_keys(Handle& handle, const std::vector<Relation>& all, CatalogRows& rows) {
  const ForeignKeys keys = ForeignKeys::read(handle);
  for (const ForeignKey& key : keys.all()) {
    CatalogRow row{{"oid", kFirstForeignKeyOid + key.id}, {"conname", key.name}, {"contype", std::string("f")}, {"convalidated", std::int64_t{key.valid}},
                   {"confupdtype", std::string(1, static_cast<char>(key.on_update))}, {"confdeltype", std::string(1, static_cast<char>(key.on_delete))},
                   {"confmatchtype", std::string(key.full ? "f" : "s")}, {"conkey", numbers(key.places)}, {"confkey", numbers(key.parent_places)}};
    if (const Relation* index = index_of_key(handle, all, key)) row.push_back({"conindid", index->oid});
    for (const Relation& r : all) {
      if (r.kind == 'r' && r.name == key.table) row.push_back({"conrelid", r.oid});
      if (r.kind == 'r' && r.name == key.parent) row.push_back({"confrelid", r.oid});
    }
    rows.push_back(std::move(row));
  }
}

void add_checks(Handle& handle, const Relation& table, CatalogRows& rows) {
  const std::vector<CheckClause> checks = checks_of(table.sql, table.name);
  if (checks.empty()) return;
  const std::vector<TableColumn> columns = columns_of(handle, table);
  for (std::size_t i = 0; i < checks.size(); ++i) {
    std::string keys;
    for (const TableColumn& column : columns) {
      const bool read = std::find(checks[i].columns.begin(), checks[i].columns.end(), column.name) != checks[i].columns.end();
      if (read) keys += (keys.empty() ? "{" : ",") + std::to_string(column.number);
    }
    rows.push_back({{"oid", oid_of_check(table.oid, i)}, {"conname", checks[i].name}, {"contype", std::string("c")}, {"connoinherit", std::int64_t{0}},
                    {"conrelid", table.oid}, {"conkey", keys.empty() ? "{}" : keys + "}"}, {"conbin", check_text(checks[i], false)}});
  }
}

CatalogRows constraints(Handle& handle) {
  CatalogRows rows;
  const std::vector<Relation> all = relations(handle);
  for (const Relation& r : all) {
    if (r.kind != 'i' || !r.constraint) continue;
    std::string keys;
    for (const IndexColumn& c : columns_of_index(handle, r)) keys += (keys.empty() ? "{" : ",") + std::to_string(c.number);
    rows.push_back({{"oid", oid_of_constraint(r.oid)}, {"conname", r.name}, {"contype", std::string(r.primary ? "p" : "u")},
                    {"conrelid", r.table}, {"conindid", r.oid}, {"conkey", keys + "}"}});
  }
  for (const Relation& r : all) if (r.kind == 'r') add_checks(handle, r, rows);
  add_foreign_keys(handle, all, rows);
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& index_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_index", 'r',
       "indexrelid oid, indrelid oid, indnatts int2, indnkeyatts int2, indisunique bool, indnullsnotdistinct bool=0, "
       "indisprimary bool, indisexclusion bool=0, indimmediate bool=1, indisclustered bool=0, indisvalid bool=1, "
       "indcheckxmin bool=0, indisready bool=1, indislive bool=1, indisreplident bool=0, indkey int2vector, "
       "indcollation oidvector, indclass oidvector, indoption int2vector, indexprs pg_node_tree, indpred pg_node_tree",
       indexes},
      {"pg_constraint", 'r',
       "oid oid, conname name, connamespace oid=2200, contype char, condeferrable bool=0, condeferred bool=0, "
       "convalidated bool=1, conrelid oid, contypid oid=0, conindid oid, conparentid oid=0, confrelid oid=0, "
       "confupdtype char=, confdeltype char=, confmatchtype char=, conislocal bool=1, coninhcount int4=0, "
       "connoinherit bool=1, conkey int2[], confkey int2[], conpfeqop oid[], conppeqop oid[], conffeqop oid[], "
       "confdelsetcols int2[], conexclop oid[], conbin pg_node_tree",
       constraints}};
  return all;
}

}  // namespace chaos::pg
