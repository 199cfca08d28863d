#include "postgres/sql/sql_stored.hpp"

#include "postgres/sql/sql_plan_parts.hpp"

namespace chaos::pg {

namespace {

void append_sql(Tokens& out, std::string_view sql) {
  std::vector<StatementText> parts;
  ServerError ignored;
  if (split_statements(sql, parts, ignored) && !parts.empty()) out.insert(out.end(), parts[0].tokens.begin(), parts[0].tokens.end());
}

// The column rounds what the query gives it.
bool rounds(const OutputColumn* target, std::int32_t given) {
  return target && (target->type == oid::kNumeric || (is_whole(target->type) && (given == oid::kNumeric || is_double(given))));
}

std::string stored_value(const std::string& name, const OutputColumn& target, std::int32_t given) {
  const bool limited = target.type == oid::kNumeric && target.modifier >= 4;
  const int limits = target.modifier - 4;
  const std::string value = is_double(given) && is_whole(target.type) ? "pg_even(" + name + ")" : name;
  return value + "::" + std::string(cast_name(target.type)) + (limited ? "(" + std::to_string(limits >> 16) + "," + std::to_string(limits & 0xffff) + ")" : "");
}

}  // namespace

std::string_view cast_name(std::int32_t type) {
  switch (type) {
    case oid::kBool: return "bool";
    case oid::kInt2: return "int2";
    case oid::kInt4: return "int4";
    case oid::kInt8: return "int8";
    case oid::kFloat4: return "float4";
    case oid::kFloat8: return "float8";
    case oid::kNumeric: return "numeric";
    case oid::kTimestamp: return "timestamp";
    case oid::kTimestampTz: return "timestamptz";
    case oid::kDate: return "date";
    case oid::kInterval: return "interval";
    case oid::kBytea: return "bytea";
    case oid::kJson: return "json";
    case oid::kJsonb: return "jsonb";
    default: return {};
  }
}

std::size_t change_at(const Tokens& tokens) {
  if (!is_at(tokens, 0, "insert") && !is_at(tokens, 0, "update") && !is_at(tokens, 0, "with")) return tokens.size();
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
    if (depth != 0) continue;
    if (tokens[i].is("insert") || tokens[i].is("update")) return i;
    if (tokens[i].is("select") || tokens[i].is("delete") || tokens[i].is("values")) break;
  }
  return tokens.size();
}

std::vector<std::size_t> row_starts(const Tokens& in, std::size_t open) {
  if (!is_at(in, open, "(")) return {};
  std::vector<std::size_t> starts{open + 1};
  int depth = 0;
  for (std::size_t i = open; i < after_group(in, open); ++i) {
    if (in[i].is("(") || in[i].is("[")) ++depth;
    if (in[i].is(")") || in[i].is("]")) --depth;
    if (depth == 1 && in[i].is(",")) starts.push_back(i + 1);
  }
  return starts;
}

bool as_many(const RowsAt& rows, const std::vector<std::size_t>& listed, std::size_t columns, ServerError& error) {
  const Tokens& in = rows.tokens;
  const std::size_t open = rows.open;
  const std::vector<std::size_t> first = row_starts(in, open);
  const auto position = [&in](std::size_t at) { return at < in.size() ? in[at].position : 0; };
  if (first.size() > columns) return refuse(error, "42601", "INSERT has more expressions than target columns", position(first[columns]));
  if (first.size() < listed.size()) return refuse(error, "42601", "INSERT has more target columns than expressions", position(listed[first.size()]));
  for (std::size_t at = after_group(in, open); is_at(in, at, ",") && is_at(in, at + 1, "("); at = after_group(in, at + 1)) {
    if (row_starts(in, at + 1).size() != first.size()) return refuse(error, "42601", "VALUES lists must all be the same length", position(at + 2));
  }
  return true;
}

std::size_t stored_query(const StoredQuery& query, const std::vector<const OutputColumn*>& targets, Tokens& out) {
  const Tokens& in = query.tokens;
  std::size_t end = query.at;
  for (int depth = 0; end < in.size(); ++end) {
    depth += in[end].is("(") ? 1 : in[end].is(")") ? -1 : 0;
    if (depth == 0 && ((in[end].is("on") && is_at(in, end + 1, "conflict")) || in[end].is("returning"))) break;
  }
  const Tokens inner(in.begin() + static_cast<std::ptrdiff_t>(query.at), in.begin() + static_cast<std::ptrdiff_t>(end));
  if (inner.empty() || inner[0].is("default")) return query.at;
  const auto given = output_columns(inner, query.schema, query.parameters);
  if (!given || given->empty() || given->size() > targets.size()) return query.at;
  std::string names, shown;
  bool any = false;
  for (std::size_t i = 0; i < given->size(); ++i) {
    const std::string name = "c" + std::to_string(i), comma = i > 0 ? ", " : "";
    const bool rounded = rounds(targets[i], (*given)[i].type);
    names += comma + name;
    shown += comma + (rounded ? stored_value(name, *targets[i], (*given)[i].type) : name);
    any = any || rounded;
  }
  if (!any) return query.at;
  append_sql(out, "with pg_stored(" + names + ") as");
  out.push_back({TokenKind::symbol, "(", inner[0].position});
  out.insert(out.end(), inner.begin(), inner.end());
  out.push_back({TokenKind::symbol, ")", inner[0].position});
  append_sql(out, "select " + shown + " from pg_stored where true");
  return end;
}

}  // namespace chaos::pg
