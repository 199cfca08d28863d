// The server's state as tables that SQL can read: SQLite virtual tables without storage.
#pragma once

#include "postgres/handle.hpp"

#include <variant>
#include <vector>

namespace chaos::pg {

using CatalogValue = std::variant<std::monostate, std::int64_t, std::string>;
using CatalogRows = std::vector<std::vector<CatalogValue>>;

/// A table whose rows are made afresh for each scan; catalog_tables.cpp and catalog_schema.cpp list them.
struct CatalogTable {
  const char* name;
  const char* columns;                 // "pid INTEGER, usename TEXT"
  CatalogRows (*rows)(Handle& handle);
};

/// pg_stat_activity, pg_stat_replication, pg_settings, ...: what lives in memory.
const std::vector<CatalogTable>& activity_tables();
/// pg_class, pg_tables, ...: what is in the file.
const std::vector<CatalogTable>& schema_tables();

void register_catalog(Handle& handle);

}  // namespace chaos::pg
