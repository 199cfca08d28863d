// The server's state as tables that SQL can read: SQLite virtual tables without storage.
#pragma once

#include "postgres/handle.hpp"

#include <variant>
#include <vector>

namespace chaos::pg {

using CatalogValue = std::variant<std::monostate, std::int64_t, std::string>;
using CatalogRows = std::vector<std::vector<CatalogValue>>;

/// The oid of a relation is this plus its rowid in SQLite's schema table.
inline constexpr std::int64_t kFirstOid = 16385;

/// A table whose rows are made afresh for each scan; catalog_activity.cpp and catalog_schema.cpp list them.
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
/// The table function generate_series(start, stop [, step]) over whole numbers.
void register_series(Handle& handle);

}  // namespace chaos::pg
