#include "postgres/catalog/catalog.hpp"

#include "postgres/state/backends.hpp"
#include "postgres/state/roles.hpp"

#include <charconv>

namespace chaos::pg {

namespace {

// What SQLite keeps for a virtual table and a scan of it (https://www.sqlite.org/vtab.html).
struct Binding {
  Handle* handle;
  const CatalogDefinition* definition;
};
struct VirtualTable : sqlite3_vtab {
  Binding* binding = nullptr;
};
struct Cursor : sqlite3_vtab_cursor {
  const CatalogDefinition* definition = nullptr;
  CatalogRows rows;
  std::size_t at = 0;
};

CatalogValue preset_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc() && end == text.data() + text.size()) return number;
  return std::string(text);
}

CatalogColumn column_of(std::string_view declared) {
  declared.remove_prefix(std::min(declared.find_first_not_of(' '), declared.size()));
  const std::size_t space = declared.find(' '), equals = declared.find('=');
  CatalogColumn column{std::string(declared.substr(0, space)), std::string(declared.substr(space + 1, equals - space - 1)), {}};
  if (equals != std::string_view::npos) column.preset = preset_of(declared.substr(equals + 1));
  return column;
}

CatalogDefinition define(const CatalogTable& table) {
  CatalogDefinition out{&table, {}};
  std::string_view rest(table.columns);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    out.columns.push_back(column_of(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

int connect(sqlite3* db, void* aux, int, const char* const*, sqlite3_vtab** out, char**) {
  auto* binding = static_cast<Binding*>(aux);
  std::string declaration;
  for (const CatalogColumn& column : binding->definition->columns) {
    declaration += (declaration.empty() ? "CREATE TABLE x(\"" : ", \"") + column.name + "\" " + column.type;
  }
  if (const int code = sqlite3_declare_vtab(db, (declaration + ")").c_str()); code != SQLITE_OK) return code;
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

int open_cursor(sqlite3_vtab* base, sqlite3_vtab_cursor** out) {
  auto cursor = std::make_unique<Cursor>();
  cursor->definition = static_cast<VirtualTable*>(base)->binding->definition;
  *out = cursor.release();
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
  auto* cursor = static_cast<Cursor*>(base);
  const Binding& binding = *static_cast<VirtualTable*>(base->pVtab)->binding;
  const std::string_view name = binding.definition->table->name;
  const Backend* reader = binding.handle->backend;
  if (reader && reader->user != kSuperuser && (name == "pg_authid" || name == "pg_shadow")) {
    sqlite3_free(base->pVtab->zErrMsg);
    base->pVtab->zErrMsg = sqlite3_mprintf("access to %s is prohibited", name == "pg_authid" ? "table pg_authid" : "view pg_shadow");
    return SQLITE_ERROR;
  }
  cursor->rows = binding.definition->table->rows(*binding.handle);
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

void answer(sqlite3_context* context, const CatalogValue& value) {
  if (const auto* n = std::get_if<std::int64_t>(&value)) sqlite3_result_int64(context, *n);
  else if (const auto* d = std::get_if<double>(&value)) sqlite3_result_double(context, *d);
  else if (const auto* t = std::get_if<std::string>(&value)) sqlite3_result_text(context, t->data(), static_cast<int>(t->size()), SQLITE_TRANSIENT);
  else sqlite3_result_null(context);
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int i) {
  const auto* cursor = static_cast<Cursor*>(base);
  const CatalogColumn& wanted = cursor->definition->columns[static_cast<std::size_t>(i)];
  for (const CatalogField& field : cursor->rows[cursor->at]) {
    if (field.column == wanted.name) return answer(context, field.value), SQLITE_OK;
  }
  answer(context, wanted.preset);
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

const std::vector<CatalogDefinition>& table_functions() {
  static const std::vector<CatalogDefinition> all = [] {
    std::vector<CatalogDefinition> out;
    for (const CatalogTable& function : control_functions()) out.push_back(define(function));
    return out;
  }();
  return all;
}

}  // namespace

const std::vector<CatalogDefinition>& catalog() {
  static const std::vector<CatalogDefinition> all = [] {
    std::vector<CatalogDefinition> out;
    for (const auto* part : {&class_tables(), &index_tables(), &type_tables(), &server_tables(), &activity_tables(),
                             &statistics_tables(), &summary_tables(), &empty_tables(), &lock_tables()}) {
      for (const CatalogTable& table : *part) out.push_back(define(table));
    }
    return out;
  }();
  return all;
}

std::optional<std::int64_t> catalog_oid(std::string_view given) {
  const bool standard = given.starts_with("information_schema.");
  const std::string name = standard ? "information_schema_" + std::string(given.substr(19)) : std::string(given);
  for (std::size_t i = 0; i < catalog().size(); ++i) {
    if (name == catalog()[i].table->name) return kFirstCatalogOid + static_cast<std::int64_t>(i);
  }
  return std::nullopt;
}

void register_catalog(Handle& handle) {
  for (const auto* part : {&catalog(), &table_functions()}) {
    for (const CatalogDefinition& definition : *part) {
      auto binding = std::make_unique<Binding>(Binding{&handle, &definition});
      sqlite3_create_module_v2(handle.db(), definition.table->name, &kModule, binding.release(), [](void* p) { delete static_cast<Binding*>(p); });
    }
  }
}

}  // namespace chaos::pg
