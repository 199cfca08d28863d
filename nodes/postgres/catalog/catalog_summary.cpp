#include "postgres/catalog/catalog.hpp"
#include "postgres/sql/catalog_types.hpp"
#include "postgres/state/roles.hpp"
#include "postgres/store/foreign_keys.hpp"
#include "postgres/store/relations.hpp"

namespace chaos::pg {

namespace {

CatalogRows tables(Handle& handle) {
  CatalogRows rows;
  const std::vector<Relation> all = relations(handle);
  const ForeignKeys keys = ForeignKeys::read(handle);
  for (const Relation& r : all) {
    if (r.kind != 'r') continue;
    bool indexed = false;
    for (const Relation& other : all) indexed = indexed || (other.kind == 'i' && other.table == r.oid);
    rows.push_back({{"tablename", r.name}, {"hasindexes", std::int64_t{indexed}}, {"hastriggers", std::int64_t{keys.watches(r.name)}}});
  }
  for (const CatalogDefinition& d : catalog()) {
    if (d.table->kind == 'r') rows.push_back({{"schemaname", std::string("pg_catalog")}, {"tablename", std::string(d.table->name)}, {"tableowner", std::string(kSuperuser)}});
  }
  return rows;
}

CatalogRows views(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'v') rows.push_back({{"viewname", r.name}, {"definition", view_definition(r)}});
  }
  return rows;
}

CatalogRows indexes(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'i') rows.push_back({{"tablename", r.table_name}, {"indexname", r.name}, {"indexdef", index_definition(handle, r, false)}});
  }
  return rows;
}

CatalogRows standard_tables(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'r') rows.push_back({{"table_name", r.name}, {"table_type", std::string("BASE TABLE")}});
    if (r.kind == 'v') rows.push_back({{"table_name", r.name}, {"table_type", std::string("VIEW")}, {"is_insertable_into", std::string("NO")}});
  }
  for (const CatalogDefinition& d : catalog()) {
    const std::string name(d.table->name);
    const bool standard = name.starts_with("information_schema_");
    rows.push_back({{"table_schema", std::string(standard ? "information_schema" : "pg_catalog")}, {"table_name", standard ? name.substr(19) : name},
                    {"table_type", std::string(d.table->kind == 'r' ? "BASE TABLE" : "VIEW")}, {"is_insertable_into", std::string("NO")}});
  }
  return rows;
}

// numeric_precision and its like (information_schema.columns).
void add_precision(const DeclaredType& type, CatalogRow& row) {
  const auto bits = [&](std::int64_t n) {
    row.push_back({"numeric_precision", n});
    row.push_back({"numeric_precision_radix", std::int64_t{2}});
  };
  const bool whole = type.oid == oid::kInt2 || type.oid == oid::kInt4 || type.oid == oid::kInt8;
  if (whole) row.push_back({"numeric_scale", std::int64_t{0}});
  if (type.oid == oid::kInt2) bits(16);
  if (type.oid == oid::kInt4) bits(32);
  if (type.oid == oid::kInt8) bits(64);
  if (type.oid == oid::kFloat4) bits(24);
  if (type.oid == oid::kFloat8) bits(53);
  if (type.oid == oid::kTimestamp || type.oid == oid::kTimestampTz || type.oid == oid::kTime) row.push_back({"datetime_precision", std::int64_t{6}});
  if (type.oid == oid::kText) row.push_back({"character_octet_length", std::int64_t{1} << 30});
  if (type.oid == oid::kVarchar && type.modifier > 4) row.push_back({"character_maximum_length", std::int64_t{type.modifier} - 4});
  if (type.oid != oid::kNumeric || type.modifier < 4) return;
  row.push_back({"numeric_precision", std::int64_t{(type.modifier - 4) >> 16}});
  row.push_back({"numeric_precision_radix", std::int64_t{10}});
  row.push_back({"numeric_scale", std::int64_t{(type.modifier - 4) & 0x7ff}});
}

CatalogRows standard_columns(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind != 'r' && r.kind != 'v') continue;
    for (const TableColumn& c : columns_of(handle, r)) {
      const DeclaredType type = declared_type(c.type);
      const CatalogType* known = catalog_type(type.oid);
      CatalogRow row{{"table_name", r.name}, {"column_name", c.name}, {"ordinal_position", c.number}, {"data_type", type_text(type.oid)},
                     {"udt_name", known ? std::string(known->name) : "text"}, {"dtd_identifier", std::to_string(c.number)}};
      if (!c.preset.empty()) row.push_back({"column_default", c.preset});
      if (c.not_null) row.push_back({"is_nullable", std::string("NO")});
      if (r.kind == 'v') row.push_back({"is_updatable", std::string("NO")});
      add_precision(type, row);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

CatalogRows schemata(Handle&) {
  return {{{"schema_name", std::string("public")}, {"schema_owner", std::string("pg_database_owner")}},
          {{"schema_name", std::string("pg_catalog")}}, {{"schema_name", std::string("information_schema")}}};
}

CatalogRows standard_views(Handle& handle) {
  CatalogRows rows;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'v') rows.push_back({{"table_name", r.name}, {"view_definition", view_definition(r)}});
  }
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& summary_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_tables", 'v',
       "schemaname name=public, tablename name, tableowner name=shop, tablespace name, hasindexes bool=0, "
       "hasrules bool=0, hastriggers bool=0, rowsecurity bool=0",
       tables},
      {"pg_views", 'v',
       "schemaname name=public, viewname name, viewowner name=shop, definition text",
       views},
      {"pg_indexes", 'v',
       "schemaname name=public, tablename name, indexname name, tablespace name, indexdef text",
       indexes},
      {"information_schema_tables", 'v',
       "table_catalog name=shop, table_schema name=public, table_name name, table_type varchar, "
       "self_referencing_column_name name, reference_generation varchar, user_defined_type_catalog name, "
       "user_defined_type_schema name, user_defined_type_name name, is_insertable_into varchar=YES, "
       "is_typed varchar=NO, commit_action varchar",
       standard_tables},
      {"information_schema_columns", 'v',
       "table_catalog name=shop, table_schema name=public, table_name name, column_name name, ordinal_position int4, "
       "column_default varchar, is_nullable varchar=YES, data_type varchar, character_maximum_length int4, "
       "character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, "
       "datetime_precision int4, interval_type varchar, interval_precision int4, character_set_catalog name, "
       "character_set_schema name, character_set_name name, collation_catalog name, collation_schema name, "
       "collation_name name, domain_catalog name, domain_schema name, domain_name name, udt_catalog name=shop, "
       "udt_schema name=pg_catalog, udt_name name, scope_catalog name, scope_schema name, scope_name name, "
       "maximum_cardinality int4, dtd_identifier name, is_self_referencing varchar=NO, is_identity varchar=NO, "
       "identity_generation varchar, identity_start varchar, identity_increment varchar, identity_maximum varchar, "
       "identity_minimum varchar, identity_cycle varchar=NO, is_generated varchar=NEVER, "
       "generation_expression varchar, is_updatable varchar=YES",
       standard_columns},
      {"information_schema_schemata", 'v',
       "catalog_name name=shop, schema_name name, schema_owner name=postgres, default_character_set_catalog name, "
       "default_character_set_schema name, default_character_set_name name, sql_path varchar",
       schemata},
      {"information_schema_views", 'v',
       "table_catalog name=shop, table_schema name=public, table_name name, view_definition varchar, "
       "check_option varchar=NONE, is_updatable varchar=NO, is_insertable_into varchar=NO, "
       "is_trigger_updatable varchar=NO, is_trigger_deletable varchar=NO, is_trigger_insertable_into varchar=NO",
       standard_views}};
  return all;
}

}  // namespace chaos::pg
