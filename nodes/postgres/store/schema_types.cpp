#include "postgres/store/schema_types.hpp"

#include "postgres/sql/sql_types.hpp"

namespace chaos::pg {

namespace {
constexpr int kMaxViews = 16;      // one behind the other
}

OutputColumns HandleSchema::columns(const std::string& relation) {
  if (const auto found = known_.find(relation); found != known_.end()) return found->second;
  if (depth_ >= kMaxViews || relation.empty()) return {};
  ++depth_;
  OutputColumns columns = read(relation);
  --depth_;
  return known_[relation] = std::move(columns);
}

OutputColumns HandleSchema::read(const std::string& relation) {
  ServerError error;
  const Handle::Borrowed statement = handle_.internal("SELECT * FROM " + quote_name(relation) + " LIMIT 0", error);
  if (!statement) return {};
  OutputColumns out(static_cast<std::size_t>(sqlite3_column_count(statement.get())));
  bool complete = true;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* declared = sqlite3_column_decltype(statement.get(), static_cast<int>(i));
    out[i].name = sqlite3_column_name(statement.get(), static_cast<int>(i));
    complete = complete && declared;
    if (!declared) continue;
    out[i].type = type_of_declaration(declared);
    out[i].modifier = modifier_of_declaration(declared);
    out[i].scale = scale_of_modifier(out[i].type, out[i].modifier);
  }
  if (complete) return out;
  const auto derived = view_columns(relation);
  for (std::size_t i = 0; derived && derived->size() == out.size() && i < out.size(); ++i) {
    if (out[i].type == 0) out[i] = {out[i].name, (*derived)[i].type, -1, (*derived)[i].scale};
  }
  return out;
}

std::string HandleSchema::default_of(const std::string& relation, const std::string& column) {
  ServerError error;
  const Handle::Borrowed query = handle_.internal("SELECT dflt_value FROM pragma_table_info(?1) WHERE name = ?2", error);
  if (!query) return {};
  sqlite3_bind_text(query.get(), 1, relation.data(), static_cast<int>(relation.size()), SQLITE_TRANSIENT);
  sqlite3_bind_text(query.get(), 2, column.data(), static_cast<int>(column.size()), SQLITE_TRANSIENT);
  if (sqlite3_step(query.get()) != SQLITE_ROW) return {};
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0));
  return text ? text : "";
}

std::optional<OutputColumns> HandleSchema::view_columns(const std::string& relation) {
  ServerError error;
  const Handle::Borrowed query = handle_.internal("SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?", error);
  if (!query) return std::nullopt;
  sqlite3_bind_text(query.get(), 1, relation.data(), static_cast<int>(relation.size()), SQLITE_TRANSIENT);
  if (sqlite3_step(query.get()) != SQLITE_ROW) return std::nullopt;
  const std::string sql(reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0)));
  std::vector<StatementText> statements;
  if (!split_statements(sql, statements, error) || statements.size() != 1) return std::nullopt;
  Tokens& tokens = statements[0].tokens;
  std::size_t as = 0;
  while (as < tokens.size() && !tokens[as].is("as")) ++as;
  if (as == tokens.size()) return std::nullopt;
  tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(as) + 1);
  return output_columns(tokens, *this, {});
}

}  // namespace chaos::pg
