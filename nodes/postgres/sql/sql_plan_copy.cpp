#include "postgres/sql/sql_plan_parts.hpp"

namespace chaos::pg {

namespace {

bool on(const Token& token) {
  const std::string value = token.kind == TokenKind::string ? string_value(token) : token.text;
  return value != "false" && value != "off" && value != "0";
}

bool set_format(const Token& token, CopyPlan& copy, ServerError& error) {
  const std::string format = token.kind == TokenKind::string ? string_value(token) : token.text;
  if (format != "csv" && format != "text") return refuse(error, format == "binary" ? "0A000" : "22023", format == "binary" ? "COPY in binary format is not supported" : "COPY format \"" + format + "\" not recognized", token.position);
  copy.format.csv = format == "csv";
  return true;
}

struct Seen { bool delimiter = false, null_text = false, escape = false; };

bool set_character(const Token& token, std::string_view name, char& out, ServerError& error) {
  const std::string value = string_value(token);
  if (value.size() != 1) return refuse(error, "0A000", "COPY " + std::string(name) + " must be a single one-byte character", token.position);
  out = value[0];
  return true;
}

// One option; `at` is behind it then.
bool option(const Tokens& tokens, std::size_t& at, CopyPlan& copy, Seen& seen, ServerError& error) {
  const Token& name = tokens[at++];
  if (name.is("csv") || name.is("binary")) return set_format(name, copy, error);
  if (is_at(tokens, at, "as")) ++at;
  const bool valued = at < tokens.size() && !tokens[at].is(",") && !tokens[at].is(")");
  if (name.is("header")) {
    const bool flag = valued && (tokens[at].is("true") || tokens[at].is("false") || tokens[at].is("on") || tokens[at].is("off"));
    copy.format.header = !flag || on(tokens[at]);
    at += flag ? 1 : 0;
    return true;
  }
  if (!valued) return syntax_error(tokens, at, error);
  const Token& value = tokens[at++];
  if (name.is("format")) return set_format(value, copy, error);
  if (name.is("delimiter") || name.is("delimiters")) return seen.delimiter = true, set_character(value, "delimiter", copy.format.delimiter, error);
  if (name.is("quote")) return set_character(value, "quote", copy.format.quote, error);
  if (name.is("escape")) return seen.escape = true, set_character(value, "escape", copy.format.escape, error);
  if (name.is("null")) return seen.null_text = true, copy.format.null_text = string_value(value), true;
  if (name.is("freeze") || name.is("encoding")) return true;
  return refuse(error, "0A000", "COPY option \"" + name.text + "\" is not supported", name.position);
}

bool options(const Tokens& tokens, std::size_t at, CopyPlan& copy, ServerError& error) {
  Seen seen;
  if (is_at(tokens, at, "with")) ++at;
  if (is_at(tokens, at, "(")) ++at;
  while (at < tokens.size() && !tokens[at].is(")")) {
    if (tokens[at].is(",")) ++at;
    else if (!option(tokens, at, copy, seen, error)) return false;
  }
  if (copy.format.csv && !seen.delimiter) copy.format.delimiter = ',';
  if (copy.format.csv && !seen.null_text) copy.format.null_text.clear();
  if (!seen.escape) copy.format.escape = copy.format.quote;
  return true;
}

}  // namespace

// COPY t [(columns)] FROM STDIN | TO STDOUT [WITH] [(options)], COPY (query) TO STDOUT
bool plan_copy(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.tag = "COPY";
  auto copy = std::make_shared<CopyPlan>();
  std::size_t at = 1;
  if (is_at(tokens, at, "(")) {
    const std::size_t end = after_group(tokens, at);
    const StatementText query{{tokens.begin() + 2, tokens.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(end - 1, 2))}, plan.text};
    plan.inner = std::make_shared<Plan>();
    if (!begins_query(query.tokens, 0, true)) return syntax_error(tokens, 2, error);
    if (!make_plan(query, *plan.inner, error)) return false;
    at = end;
  } else {
    const std::vector<std::string> names = name_list(tokens, at);
    if (names.empty()) return syntax_error(tokens, at, error);
    copy->table = names[0];
    at += is_at(tokens, at + 1, ".") ? 3 : 1;
    if (is_at(tokens, at, "(")) {
      copy->columns = name_list(tokens, at + 1);
      at = after_group(tokens, at);
    }
  }
  const bool in = is_at(tokens, at, "from");
  if (!in && !is_at(tokens, at, "to")) return syntax_error(tokens, at, error);
  if (in && plan.inner) return syntax_error(tokens, at, error);
  if (!is_at(tokens, at + 1, in ? "stdin" : "stdout")) return refuse(error, "42501", "COPY to or from a file of the server is not supported: use STDIN and STDOUT, or psql's \\copy");
  plan.verb = in ? Verb::copy_in : Verb::copy_out;
  if (!options(tokens, at + 2, *copy, error)) return false;
  if (!plan.inner && !in) {
    std::string columns;
    for (const std::string& column : copy->columns) columns += (columns.empty() ? "" : ", ") + column;
    std::vector<StatementText> query;
    plan.inner = std::make_shared<Plan>();
    if (!split_statements("SELECT " + (columns.empty() ? "*" : columns) + " FROM " + copy->table, query, error) || !make_plan(query[0], *plan.inner, error)) return false;
  }
  plan.copy = std::move(copy);
  return true;
}

}  // namespace chaos::pg
