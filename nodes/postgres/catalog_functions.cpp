#include "postgres/catalog.hpp"
#include "postgres/functions.hpp"

#include <map>

namespace chaos::pg {

namespace {

using Context = sqlite3_context*;
using Values = sqlite3_value**;

void answer(Context context, std::string_view text) {
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

// format_type(oid, modifier): the type's name in SQL.
void format_type(Context context, int, Values values) {
  static const std::map<std::int32_t, std::string_view> names{
      {oid::kBool, "boolean"}, {oid::kBytea, "bytea"}, {oid::kInt8, "bigint"}, {oid::kInt2, "smallint"}, {oid::kInt4, "integer"},
      {oid::kFloat4, "real"}, {oid::kFloat8, "double precision"}, {oid::kNumeric, "numeric"}, {oid::kVarchar, "character varying"},
      {oid::kTimestamp, "timestamp without time zone"}, {oid::kTimestampTz, "timestamp with time zone"}, {oid::kDate, "date"},
      {oid::kTime, "time without time zone"}, {oid::kInterval, "interval"}, {oid::kUuid, "uuid"}, {oid::kJson, "json"}, {oid::kInet, "inet"}};
  const auto found = names.find(sqlite3_value_int(values[0]));
  answer(context, found == names.end() ? "text" : found->second);
}

// pg_get_indexdef(oid, ...): how the index was made, as PostgreSQL says it.
void index_definition(Context context, int, Values values) {
  Handle& handle = *static_cast<Handle*>(sqlite3_user_data(context));
  ServerError error;
  const auto query = handle.internal("SELECT name, tbl_name, sql FROM sqlite_schema WHERE rowid = ?", error);
  if (!query) return sqlite3_result_null(context);
  sqlite3_bind_int64(query.get(), 1, sqlite3_value_int64(values[0]) - kFirstOid);
  if (sqlite3_step(query.get()) != SQLITE_ROW) return sqlite3_result_null(context);
  const auto text = [&](int i) {
    const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), i));
    return std::string(value ? value : "");
  };
  const std::string sql = text(2), unique = sql.find("UNIQUE") < sql.find('(') || sql.find("unique") < sql.find('(') ? "UNIQUE " : "";
  const std::size_t columns = sql.find('(');
  const std::string list = columns == std::string::npos ? "" : sql.substr(columns);
  answer(context, "CREATE " + unique + "INDEX " + text(0) + " ON public." + text(1) + " USING btree " + list);
}

// pg_table_size(oid or name), pg_relation_size(...): the bytes of its pages.
void relation_size(Context context, int, Values values) {
  Handle& handle = *static_cast<Handle*>(sqlite3_user_data(context));
  ServerError error;
  const auto query = handle.internal("SELECT sum(pgsize) FROM dbstat WHERE name = (SELECT name FROM sqlite_schema WHERE rowid = ?1 OR name = ?2)", error);
  if (!query) return sqlite3_result_null(context);
  sqlite3_bind_int64(query.get(), 1, sqlite3_value_int64(values[0]) - kFirstOid);
  sqlite3_bind_value(query.get(), 2, values[0]);
  const bool found = sqlite3_step(query.get()) == SQLITE_ROW && sqlite3_column_type(query.get(), 0) != SQLITE_NULL;
  if (found) sqlite3_result_int64(context, sqlite3_column_int64(query.get(), 0));
}

// There is one owner, every table is visible, and stored expressions are their own text.
void yes(Context context, int, Values) { sqlite3_result_int(context, 1); }
void owner(Context context, int, Values) { answer(context, "postgres"); }
void none(Context context, int, Values) { sqlite3_result_null(context); }
void same(Context context, int, Values values) { sqlite3_result_value(context, values[0]); }
void encoding(Context context, int, Values) { answer(context, "UTF8"); }

struct Entry { const char* name; void (*run)(Context, int, Values); };

constexpr Entry kFunctions[] = {
    {"format_type", format_type}, {"pg_get_indexdef", index_definition}, {"pg_get_expr", same}, {"pg_regclass", same},
    {"pg_table_size", relation_size}, {"pg_relation_size", relation_size}, {"has_database_privilege", yes},
    {"pg_table_is_visible", yes}, {"pg_get_userbyid", owner}, {"pg_encoding_to_char", encoding}, {"obj_description", none},
    {"col_description", none}, {"shobj_description", none}, {"pg_get_constraintdef", none}, {"pg_get_statisticsobjdef_columns", none},
    {"pg_relation_is_publishable", none}, {"array_to_string", none}, {"pg_array_item", none}, {"array_upper", none},
};

}  // namespace

void register_catalog_functions(Handle& handle) {
  for (const Entry& entry : kFunctions) {
    sqlite3_create_function_v2(handle.db(), entry.name, -1, SQLITE_UTF8, &handle, entry.run, nullptr, nullptr, nullptr);
  }
}

}  // namespace chaos::pg
