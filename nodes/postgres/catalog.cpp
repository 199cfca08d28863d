#include "postgres/catalog.hpp"

#include "postgres/sql_token.hpp"

namespace chaos::pg {

namespace {

// What SQLite keeps for a virtual table and a scan of it (https://www.sqlite.org/vtab.html).
struct Binding {
  Handle* handle;
  const CatalogTable* table;
};
struct VirtualTable : sqlite3_vtab {
  Binding* binding = nullptr;
};
struct Cursor : sqlite3_vtab_cursor {
  CatalogRows rows;
  std::size_t at = 0;
};

int connect(sqlite3* db, void* aux, int, const char* const*, sqlite3_vtab** out, char**) {
  auto* binding = static_cast<Binding*>(aux);
  const std::string declaration = std::string("CREATE TABLE x(") + binding->table->columns + ")";
  if (const int code = sqlite3_declare_vtab(db, declaration.c_str()); code != SQLITE_OK) return code;
  auto table = std::make_unique<VirtualTable>();
  table->binding = binding;
  *out = table.release();
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<VirtualTable*>(table);
  return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
  info->estimatedCost = 100;
  info->estimatedRows = 100;
  return SQLITE_OK;
}

int open_cursor(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = std::make_unique<Cursor>().release();
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
  auto* cursor = static_cast<Cursor*>(base);
  const Binding& binding = *static_cast<VirtualTable*>(base->pVtab)->binding;
  cursor->rows = binding.table->rows(*binding.handle);
  cursor->at = 0;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  ++static_cast<Cursor*>(cursor)->at;
  return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* base) {
  auto* cursor = static_cast<Cursor*>(base);
  return cursor->at >= cursor->rows.size();
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int i) {
  auto* cursor = static_cast<Cursor*>(base);
  const CatalogValue& value = cursor->rows[cursor->at][static_cast<std::size_t>(i)];
  if (const auto* n = std::get_if<std::int64_t>(&value)) sqlite3_result_int64(context, *n);
  else if (const auto* t = std::get_if<std::string>(&value)) sqlite3_result_text(context, t->data(), static_cast<int>(t->size()), SQLITE_TRANSIENT);
  else sqlite3_result_null(context);
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = static_cast<sqlite3_int64>(static_cast<Cursor*>(cursor)->at + 1);
  return SQLITE_OK;
}

// Without xCreate the table is there under its module's name alone.
constexpr sqlite3_module kModule = {
    .iVersion = 0, .xCreate = nullptr, .xConnect = connect, .xBestIndex = best_index, .xDisconnect = disconnect,
    .xDestroy = nullptr, .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = at_end,
    .xColumn = column, .xRowid = row_id, .xUpdate = nullptr, .xBegin = nullptr, .xSync = nullptr, .xCommit = nullptr,
    .xRollback = nullptr, .xFindFunction = nullptr, .xRename = nullptr, .xSavepoint = nullptr, .xRelease = nullptr,
    .xRollbackTo = nullptr, .xShadowName = nullptr};

}  // namespace

void register_catalog(Handle& handle) {
  for (const auto* tables : {&activity_tables(), &schema_tables()}) {
    for (const CatalogTable& table : *tables) {
      auto binding = std::make_unique<Binding>(Binding{&handle, &table});
      sqlite3_create_module_v2(handle.db(), table.name, &kModule, binding.release(), [](void* p) { delete static_cast<Binding*>(p); });
    }
  }
}

}  // namespace chaos::pg
