#include "postgres/sql/query_id.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace chaos::pg {

bool refuse(ServerError& error, std::string sqlstate, std::string message, int position) {
  error = {"ERROR", std::move(sqlstate), std::move(message), {}, {}, position};
  return false;
}

bool syntax_error(const Tokens& tokens, std::size_t at, ServerError& error) {
  if (at >= tokens.size()) return refuse(error, "42601", "syntax error at end of input");
  return refuse(error, "42601", "syntax error at or near \"" + tokens[at].text + "\"", tokens[at].position);
}

bool begins_query(const Tokens& tokens, std::size_t at, bool writes) {
  static const std::set<std::string_view> kReads{"select", "values", "with", "table", "("}, kWrites{"insert", "update", "delete"};
  return at < tokens.size() && tokens[at].kind != TokenKind::quoted && (kReads.contains(tokens[at].text) || (writes && kWrites.contains(tokens[at].text)));
}

bool plan_inner(const Tokens& tokens, std::size_t from, bool writes, Plan& plan, ServerError& error) {
  if (!begins_query(tokens, from, writes)) return syntax_error(tokens, from, error);
  plan.inner = std::make_shared<Plan>();
  return make_plan({tokens_from(tokens, from), plan.text}, *plan.inner, error);
}

std::size_t query_within(const Tokens& tokens) {
  std::size_t at = 1;
  if (tokens[0].is("explain")) {
    if (is_at(tokens, at, "(") && !begins_query(tokens, at + 1, false)) at = after_group(tokens, at);
    while (is_at(tokens, at, "analyze") || is_at(tokens, at, "verbose")) ++at;
  } else if (tokens[0].is("prepare")) {
    while (at < tokens.size() && !tokens[at].is("as")) ++at;
    ++at;
  }
  return at > 1 || tokens[0].is("explain") ? std::min(at, tokens.size()) : 0;
}

std::size_t after_group(const Tokens& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")") && --depth == 0) return i + 1;
  }
  return tokens.size();
}

std::string string_value(const Token& token) {
  if (token.kind != TokenKind::string) return token.text;
  std::string out;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    out.push_back(token.text[i]);
    if (token.text[i] == '\'') ++i;
  }
  return out;
}

std::vector<std::string> name_list(const Tokens& tokens, std::size_t at) {
  std::vector<std::string> names;
  while (at < tokens.size() && (tokens[at].kind == TokenKind::word || tokens[at].kind == TokenKind::quoted)) {
    if (is_at(tokens, at + 1, ".") && at + 2 < tokens.size()) at += 2;
    names.push_back(quote_name(name_of(tokens[at])));
    if (!is_at(tokens, at + 1, ",")) break;
    at += 2;
  }
  return names;
}

namespace {

bool plan_query(const Tokens& given, Plan& plan, ServerError& error) {
  const bool locks = std::any_of(given.begin(), given.end(), [](const Token& token) { return token.is("for"); });
  Tokens without, rows;
  if (locks && !take_row_locks(without = given, rows, plan, error)) return false;
  const Tokens& tokens = locks ? without : given;
  static const std::map<std::string_view, std::pair<Verb, std::string_view>> kVerbs{
      {"insert", {Verb::insert, "INSERT 0"}}, {"update", {Verb::update, "UPDATE"}}, {"delete", {Verb::erase, "DELETE"}}};
  plan.tag = "SELECT";
  int depth = 0;
  for (const Token& token : tokens) {     // WITH ... INSERT: the first of these outside of brackets
    depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
    const auto found = depth == 0 && token.kind == TokenKind::word ? kVerbs.find(token.text) : kVerbs.end();
    if (token.is("select") && depth == 0) break;
    if (found == kVerbs.end()) continue;
    plan.verb = found->second.first;
    plan.tag = found->second.second;
    break;
  }
  plan.tokens = tokens;
  plan.sql.push_back(translate(tokens, plan));
  if (!rows.empty()) {
    const auto spots = plan.spots;
    plan.row_locks->sql = translate(rows, plan);
    plan.spots = spots;
  }
  if (!plan.no_type.first.empty()) return refuse(error, "42704", "type \"" + plan.no_type.first + "\" does not exist", plan.no_type.second);
  return plan.refused.empty() || refuse(error, "0A000", plan.refused);
}

// EXPLAIN [ANALYZE] [VERBOSE] [(option [value], ...)] statement
bool plan_explain(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::explain;
  plan.tag = "EXPLAIN";
  plan.explain = std::make_shared<ExplainPlan>();
  std::size_t at = 1;
  const auto take = [&](std::size_t i) {
    const bool off = is_at(tokens, i + 1, "off") || is_at(tokens, i + 1, "false");
    if (tokens[i].is("analyze")) plan.explain->analyze = !off;
    else if (tokens[i].is("costs")) plan.explain->costs = !off;
    else if (tokens[i].is("timing")) plan.explain->timing = !off;
    else if (tokens[i].is("summary")) plan.explain->summary = !off;
    else if (tokens[i].is("json")) plan.explain->json = true;
    else if (tokens[i].is("xml") || tokens[i].is("yaml")) return refuse(error, "0A000", "EXPLAIN format \"" + tokens[i].text + "\" is not supported", tokens[i].position);
    return true;
  };
  if (is_at(tokens, at, "(") && !is_at(tokens, at + 1, "select") && !is_at(tokens, at + 1, "with")) {
    for (const std::size_t end = after_group(tokens, at); at < end; ++at) if (!take(at)) return false;
  }
  for (; is_at(tokens, at, "analyze") || is_at(tokens, at, "verbose"); ++at) take(at);
  if (is_at(tokens, at, "execute") || is_at(tokens, at, "declare") || is_at(tokens, at, "create")) {
    return refuse(error, "0A000", "EXPLAIN of " + upper(tokens[at].text) + " is not supported", tokens[at].position);
  }
  if (!plan_inner(tokens, at, true, plan, error)) return false;
  plan.parameters = plan.inner->parameters;
  plan.types = plan.inner->types;
  return true;
}

bool plan_other(const Tokens& tokens, std::string_view first, Plan& plan, ServerError& error) {
  static const std::set<std::string_view> kNothing{"listen", "unlisten", "checkpoint", "cluster"};
  static const std::set<std::string_view> kRefused{"do", "call", "grant", "revoke", "comment", "notify", "security", "reassign", "import", "merge", "load"};
  if (first == "explain" && tokens.size() > 1) return plan_explain(tokens, plan, error);
  if (first == "table" && tokens.size() > 1) {      // TABLE name: SELECT * FROM name
    Tokens query{make_word("select"), {TokenKind::symbol, "*", tokens[0].position}, make_word("from")};
    query.insert(query.end(), tokens.begin() + 1, tokens.end());
    return plan_query(query, plan, error);
  }
  if (first == "copy") return plan_copy(tokens, plan, error);
  if (kRefused.contains(first)) return refuse(error, "0A000", upper(first) + " is not supported", tokens[0].position);
  if (!kNothing.contains(first)) return syntax_error(tokens, 0, error);
  plan.verb = Verb::nothing;
  plan.tag = upper(first);
  return true;
}

// Constants make commands different, not queries.
bool is_command(const Token& first) {
  static const std::set<std::string_view> kQueries{"(", "select", "insert", "update", "delete", "with", "values", "explain"};
  return !kQueries.contains(first.text);
}

}  // namespace

bool make_plan(const StatementText& statement, Plan& plan, ServerError& error) {
  const Tokens& tokens = statement.tokens;
  plan = {};
  plan.text = statement.text;
  plan.query_id = query_id(tokens, is_command(tokens[0]));
  using Maker = bool (*)(const Tokens&, Plan&, ServerError&);
  static const std::map<std::string_view, Maker> kMakers{
      {"select", plan_query}, {"insert", plan_query}, {"update", plan_query}, {"delete", plan_query}, {"with", plan_query}, {"values", plan_query},
      {"create", plan_definition}, {"alter", plan_definition}, {"drop", plan_definition}, {"truncate", plan_definition}, {"vacuum", plan_definition},
      {"analyze", plan_definition}, {"reindex", plan_definition}, {"begin", plan_transaction}, {"start", plan_transaction}, {"commit", plan_transaction},
      {"end", plan_transaction}, {"rollback", plan_transaction}, {"abort", plan_transaction}, {"savepoint", plan_transaction}, {"release", plan_transaction},
      {"set", plan_session}, {"show", plan_session}, {"reset", plan_session}, {"discard", plan_session}, {"deallocate", plan_session},
      {"prepare", plan_cursor}, {"execute", plan_cursor}, {"declare", plan_cursor}, {"fetch", plan_cursor}, {"move", plan_cursor}, {"close", plan_cursor}, {"lock", plan_lock}};
  if (tokens[0].is("(")) return plan_query(tokens, plan, error);
  const std::string_view first = tokens[0].kind == TokenKind::word ? std::string_view(tokens[0].text) : "";
  const auto maker = kMakers.find(first);
  return maker == kMakers.end() ? plan_other(tokens, first, plan, error) : maker->second(tokens, plan, error);
}

}  // namespace chaos::pg
