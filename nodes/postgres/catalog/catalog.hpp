// The server's state as tables that SQL can read: SQLite virtual tables without storage.
// Columns are those of PostgreSQL 15 (documentation, chapters 53 "System Catalogs", 54 "System Views" and 28.2 "The
// Cumulative Statistics System"), in its order.
#pragma once

#include "postgres/store/handle.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace chaos::pg {

using CatalogValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// What a row says; a column that it does not name has the table's preset, or NULL.
struct CatalogField {
  std::string_view column;
  CatalogValue value;
};
using CatalogRow = std::vector<CatalogField>;
using CatalogRows = std::vector<CatalogRow>;

/// A table whose rows are made afresh for each scan.
struct CatalogTable {
  const char* name;                    // information_schema.x is information_schema_x
  char kind;                           // as pg_class.relkind: 'r' or 'v'
  const char* columns;                 // "pid int4, usename name, relchecks int2=0": name, type, preset
  CatalogRows (*rows)(Handle& handle);
};

struct CatalogColumn {
  std::string name;
  std::string type;
  CatalogValue preset;
};
struct CatalogDefinition {
  const CatalogTable* table;
  std::vector<CatalogColumn> columns;
};

/// Every table, in the order in which it got its oid (kFirstCatalogOid + index).
const std::vector<CatalogDefinition>& catalog();
inline constexpr std::int64_t kFirstCatalogOid = 12000;
std::optional<std::int64_t> catalog_oid(std::string_view name);

// The parts of the catalog, one file each: catalog_NAME.cpp.
const std::vector<CatalogTable>& activity_tables();        // what sessions, walsenders and the walreceiver do
const std::vector<CatalogTable>& statistics_tables();      // what was counted
const std::vector<CatalogTable>& server_tables();          // databases, roles, settings
const std::vector<CatalogTable>& class_tables();           // relations and their columns
const std::vector<CatalogTable>& index_tables();           // indexes and constraints
const std::vector<CatalogTable>& type_tables();            // types, and other parts that every database has
const std::vector<CatalogTable>& summary_tables();         // pg_tables, information_schema: others' rows again
const std::vector<CatalogTable>& empty_tables();           // what clients ask for and this server does not have
const std::vector<CatalogTable>& lock_tables();            // pg_locks
/// Functions that stand in FROM; their arguments are hidden columns. In no list of tables. (catalog_control.cpp)
const std::vector<CatalogTable>& control_functions();

void register_catalog(Handle& handle);
/// What psql's \d commands call: format_type, pg_get_indexdef, pg_table_is_visible, ... (catalog_functions.cpp).
void register_catalog_functions(Handle& handle);
/// pg_blocking_pids, pg_row_free.
void register_lock_functions(Handle& handle);
/// The table function generate_series(start, stop [, step]) over whole numbers.
void register_series(Handle& handle);

}  // namespace chaos::pg
