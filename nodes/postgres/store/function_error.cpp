#include "postgres/store/function_error.hpp"

#include "postgres/sql/catalog_types.hpp"
#include "postgres/sql/sql_clauses.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "postgres/store/schema_types.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

constexpr std::string_view kHint = "No function matches the given name and argument types. You might need to add explicit type casts.";

// The ranges between the commas of a call's brackets.
std::vector<TokenRange> arguments_of(const Tokens& tokens, std::size_t open) {
  std::vector<TokenRange> out;
  const std::size_t close = after_group(tokens, open) - 1;
  int depth = 0;
  std::size_t from = open + 1;
  for (std::size_t i = from; i <= close && i < tokens.size(); ++i) {
    depth += tokens[i].is("(") || tokens[i].is("[") ? 1 : 0;
    const bool ends = depth == 0 && (i == close || tokens[i].is(","));
    if (ends && i > from) out.emplace_back(from, i);
    if (ends) from = i + 1;
    depth -= tokens[i].is(")") || tokens[i].is("]") ? 1 : 0;
  }
  return out;
}

// SELECT arguments FROM what the statement reads: its columns' types are theirs.
Tokens typing_query(const Plan& plan, std::size_t open, bool source) {
  Tokens query{make_word("select")};
  query.insert(query.end(), plan.tokens.begin() + static_cast<std::ptrdiff_t>(open) + 1, plan.tokens.begin() + static_cast<std::ptrdiff_t>(after_group(plan.tokens, open)) - 1);
  const Clauses clauses = clauses_of(plan.tokens);
  const auto from = clauses.spans.find("from");
  if (source || (from == clauses.spans.end() && plan.verb != Verb::update)) return query;
  query.push_back(make_word("from"));
  if (from == clauses.spans.end()) {
    if (!clauses.tables.empty()) query.push_back({TokenKind::quoted, quote_name(clauses.tables.begin()->first), 0});
    return query;
  }
  query.insert(query.end(), plan.tokens.begin() + static_cast<std::ptrdiff_t>(from->second.first), plan.tokens.begin() + static_cast<std::ptrdiff_t>(from->second.second));
  return query;
}

std::string argument_types(Handle& handle, const Plan& plan, std::size_t open, bool source) {
  const std::vector<TokenRange> arguments = arguments_of(plan.tokens, open);
  if (arguments.size() == 1 && plan.tokens[arguments[0].first].is("*")) return {};
  HandleSchema schema(handle);
  const auto columns = arguments.empty() ? std::nullopt : output_columns(typing_query(plan, open, source), schema, plan.types);
  std::string out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto [from, to] = arguments[i];
    const bool untyped = to == from + 1 && (plan.tokens[from].kind == TokenKind::string || plan.tokens[from].is("null"));
    const std::int32_t type = !untyped && columns && columns->size() == arguments.size() ? (*columns)[i].type : 0;
    out += (i == 0 ? "" : ", ") + (type == 0 ? "unknown" : type_text(type));
  }
  return out;
}

}  // namespace

void name_function(Handle& handle, const Plan& plan, ServerError& error) {
  const bool relation = error.sqlstate == "42P01" && error.message.starts_with("relation \"");
  const bool function = error.sqlstate == "42883" && error.message.starts_with("function ") && error.message.ends_with(") does not exist");
  if (!relation && !function) return;
  const std::size_t begin = relation ? 10 : 9;
  const std::string name = error.message.substr(begin, error.message.find_first_of(relation ? "\"" : "(", begin) - begin);
  const Tokens& tokens = plan.tokens;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool named = (tokens[i].kind == TokenKind::word || tokens[i].kind == TokenKind::quoted) && name_of(tokens[i]) == name && tokens[i + 1].is("(");
    const std::size_t first = i > 1 && tokens[i - 1].is(".") ? i - 2 : i;
    const bool source = first > 0 && (tokens[first - 1].is("from") || tokens[first - 1].is("join") || tokens[first - 1].is(",") || tokens[first - 1].is("lateral"));
    if (!named || (relation && !source)) continue;
    const std::string schema = first < i ? name_of(tokens[first]) + "." : "";
    error.sqlstate = "42883";
    error.message = "function " + schema + name + "(" + argument_types(handle, plan, i + 1, relation) + ") does not exist";
    error.hint = kHint;
    error.position = tokens[first].position;
    return;
  }
}

}  // namespace chaos::pg
