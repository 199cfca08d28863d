#include "postgres/catalog/catalog.hpp"
#include "postgres/functions/function_values.hpp"
#include "postgres/functions/functions.hpp"
#include "postgres/sql/catalog_types.hpp"
#include "postgres/sql/column_clauses.hpp"
#include "postgres/state/roles.hpp"
#include "postgres/store/foreign_keys.hpp"
#include "postgres/store/relations.hpp"

namespace chaos::pg {

namespace {

// An argument that names a relation: its oid, or its name.
std::optional<Relation> relation_argument(Context context, sqlite3_value* value) {
  Handle& handle = handle_of(context);
  if (sqlite3_value_numeric_type(value) == SQLITE_INTEGER) return relation_of(handle, sqlite3_value_int64(value));
  return relation_of(handle, text_of(value));
}

// format_type(oid, modifier)
void format_type(Context context, int count, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  const std::int32_t modifier = count > 1 && !is_null(values[1]) ? sqlite3_value_int(values[1]) : -1;
  answer(context, type_text(sqlite3_value_int(values[0]), modifier));
}

// pg_get_indexdef(oid [, column, pretty]): as PostgreSQL would be told to make it; of one column its name.
void index_text(Context context, int count, Values values) {
  const auto index = relation_argument(context, values[0]);
  if (!index || index->kind != 'i') return sqlite3_result_null(context);
  const int column = count > 1 ? sqlite3_value_int(values[1]) : 0;
  if (column == 0) return answer(context, index_definition(handle_of(context), *index, count > 2 && sqlite3_value_int(values[2]) != 0));
  const auto columns = columns_of_index(handle_of(context), *index);
  if (static_cast<std::size_t>(column) > columns.size()) return answer(context, "");
  const IndexColumn& c = columns[static_cast<std::size_t>(column) - 1];
  answer(context, c.number == 0 ? c.text : quote_ident(c.text));
}

// pg_get_constraintdef(oid [, pretty]): "PRIMARY KEY (id)"
// "CHECK ((qty > 0))"; empty: none has that oid.
std::string check_definition(Handle& handle, std::int64_t asked, bool plain) {
  const auto table = asked < kFirstCheckOid ? std::nullopt : relation_of(handle, kFirstOid + (asked - kFirstCheckOid) / kMostChecks);
  if (!table || table->kind != 'r') return {};
  const std::vector<CheckClause> checks = checks_of(table->sql, table->name);
  const auto at = static_cast<std::size_t>((asked - kFirstCheckOid) % kMostChecks);
  return at < checks.size() ? check_text(checks[at], plain) : std::string{};
}

void constraint_text(Context context, int count, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  Handle& handle = handle_of(context);
  const std::int64_t asked = sqlite3_value_int64(values[0]);
  const ForeignKeys keys = ForeignKeys::read(handle);
  for (const ForeignKey& key : keys.all()) {
    if (kFirstForeignKeyOid + key.id == asked) return answer(context, foreign_key_text(key));
  }
  const std::string check = check_definition(handle, asked, count > 1 && sqlite3_value_int(values[1]) != 0);
  if (!check.empty()) return answer(context, check);
  const auto index = relation_of(handle, asked - oid_of_constraint(0));
  if (!index) return sqlite3_result_null(context);
  std::string list;
  for (const IndexColumn& c : columns_of_index(handle, *index)) list += (list.empty() ? "" : ", ") + quote_ident(c.text);
  answer(context, (index->primary ? "PRIMARY KEY (" : "UNIQUE (") + list + ")");
}

void view_text(Context context, int, Values values) {
  const auto view = relation_argument(context, values[0]);
  if (view && view->kind == 'v') answer(context, view_definition(*view));
}

void owner_name(Context context, int, Values values) {
  const std::int64_t oid = sqlite3_value_int64(values[0]);
  if (oid == role_oid(kSuperuser)) return answer(context, kSuperuser);
  if (oid == role_oid(kOwner)) return answer(context, kOwner);
  if (oid == kDatabaseOwner) return answer(context, "pg_database_owner");
  for (const auto& [pid, b] : facts_of(context).backends().all()) {
    if (role_oid(b->user) == oid) return answer(context, b->user);
  }
  answer(context, "unknown (OID=" + std::to_string(oid) + ")");
}

// x::regclass. Of an oid: the name, as it is printed. Of a name, or a number in quotes: the oid, by which it is compared (42P01).
void regclass(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  Handle& handle = handle_of(context);
  const bool quoted = sqlite3_value_type(values[0]) == SQLITE_TEXT;       // asked first: the next question makes it a number
  const bool number = sqlite3_value_numeric_type(values[0]) == SQLITE_INTEGER;
  if (number && quoted) return sqlite3_result_int64(context, sqlite3_value_int64(values[0]));      // '16385'
  const std::string_view asked = text_of(values[0]);
  const auto at = static_cast<std::size_t>(sqlite3_value_int64(values[0]) - kFirstCatalogOid);
  if (number && at < catalog().size()) return answer(context, catalog()[at].table->name);
  const auto own = number ? std::nullopt : catalog_oid(asked.starts_with("pg_catalog.") ? asked.substr(11) : asked);
  if (own) return sqlite3_result_int64(context, *own);
  const auto relation = number ? relation_of(handle, sqlite3_value_int64(values[0])) : relation_of(handle, asked);
  if (relation && number) return answer(context, quote_ident(relation->name));
  if (relation) return sqlite3_result_int64(context, relation->oid);
  if (number) return sqlite3_result_value(context, values[0]);
  fail_with(context, "42P01", "relation \"" + std::string(asked) + "\" does not exist");
}

void to_regclass(Context context, int, Values values) {
  if (const auto relation = relation_of(handle_of(context), text_of(values[0]))) answer(context, quote_ident(relation->name));
}

// Bytes of the pages of what SQLite calls so; 0 when there are none of its own.
std::int64_t stored_bytes(Handle& handle, const std::string& stored) {
  ServerError error;
  const auto query = handle.internal("SELECT pgsize FROM dbstat WHERE name = ? AND aggregate = 1", error);
  if (!query || stored.empty()) return 0;
  sqlite3_bind_text(query.get(), 1, stored.c_str(), -1, SQLITE_STATIC);
  return sqlite3_step(query.get()) == SQLITE_ROW ? sqlite3_column_int64(query.get(), 0) : 0;
}

std::int64_t index_bytes(Handle& handle, const Relation& table) {
  std::int64_t sum = 0;
  for (const Relation& r : relations(handle)) {
    if (r.kind == 'i' && r.table == table.oid) sum += stored_bytes(handle, r.stored);
  }
  return sum;
}

template <bool kTable, bool kIndexes>
void size(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  const auto r = relation_argument(context, values[0]);
  if (!r && sqlite3_value_numeric_type(values[0]) == SQLITE_INTEGER) return sqlite3_result_null(context);
  if (!r) return fail_with(context, "42P01", "relation \"" + std::string(text_of(values[0])) + "\" does not exist");
  const std::int64_t own = kTable && r->kind != 'v' ? stored_bytes(handle_of(context), r->stored) : 0;
  sqlite3_result_int64(context, own + (kIndexes ? index_bytes(handle_of(context), *r) : 0));
}

void database_size(Context context, int, Values values) {
  const bool number = sqlite3_value_numeric_type(values[0]) == SQLITE_INTEGER;
  if (number ? sqlite3_value_int64(values[0]) != kDatabaseOid : text_of(values[0]) != kDatabase) {
    return fail_with(context, "3D000", "database \"" + std::string(text_of(values[0])) + "\" does not exist");
  }
  ServerError error;
  const auto query = handle_of(context).internal("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", error);
  if (query && sqlite3_step(query.get()) == SQLITE_ROW) sqlite3_result_int64(context, sqlite3_column_int64(query.get(), 0));
}

// There are no column or role privileges: whoever is let in may do all.
void visible(Context context, int, Values values) {
  const auto at = static_cast<std::size_t>(sqlite3_value_int64(values[0]) - kFirstCatalogOid);
  sqlite3_result_int(context, at >= catalog().size() || !std::string_view(catalog()[at].table->name).starts_with("information_schema_"));
}
void yes(Context context, int, Values) { sqlite3_result_int(context, 1); }
void none(Context context, int, Values) { sqlite3_result_null(context); }
void same(Context context, int, Values values) { sqlite3_result_value(context, values[0]); }
// convert_from(bytes, encoding): all text is UTF8.
void text_of_bytes(Context context, int, Values values) {
  if (!is_null(values[0])) answer(context, text_of(values[0]));
}
void encoding(Context context, int, Values) { answer(context, "UTF8"); }
void empty(Context context, int, Values) { answer(context, ""); }

constexpr FunctionEntry kFunctions[] = {
    {"format_type", -1, format_type}, {"pg_get_indexdef", -1, index_text}, {"pg_get_constraintdef", -1, constraint_text}, {"pg_get_viewdef", -1, view_text},
    {"pg_get_expr", -1, same}, {"pg_lsn", 1, same}, {"convert_from", 2, text_of_bytes}, {"pg_regclass", 1, regclass}, {"to_regclass", 1, to_regclass}, {"pg_get_userbyid", 1, owner_name},
    {"pg_table_size", 1, size<true, false>}, {"pg_relation_size", -1, size<true, false>}, {"pg_indexes_size", 1, size<false, true>},
    {"pg_total_relation_size", 1, size<true, true>}, {"pg_database_size", 1, database_size},
    {"has_database_privilege", -1, yes}, {"has_table_privilege", -1, yes}, {"has_schema_privilege", -1, yes}, {"has_column_privilege", -1, yes},
    {"has_function_privilege", -1, yes}, {"has_any_column_privilege", -1, yes}, {"has_sequence_privilege", -1, yes}, {"has_tablespace_privilege", -1, yes},
    {"pg_has_role", -1, yes}, {"pg_table_is_visible", 1, visible}, {"pg_type_is_visible", 1, yes}, {"pg_function_is_visible", 1, yes},
    {"pg_encoding_to_char", 1, encoding}, {"pg_tablespace_location", 1, empty}, {"obj_description", -1, none}, {"col_description", -1, none},
    {"shobj_description", -1, none}, {"pg_get_statisticsobjdef_columns", -1, none}, {"pg_get_function_result", -1, none},
    {"pg_get_function_arguments", -1, none}, {"pg_get_functiondef", -1, none}, {"pg_get_ruledef", -1, none}, {"pg_get_triggerdef", -1, none},
    {"pg_relation_is_publishable", -1, none},
};

}  // namespace

void register_catalog_functions(Handle& handle) { register_all(handle, kFunctions); }

}  // namespace chaos::pg
