#include "postgres/sql/sql_plan_parts.hpp"

#include <charconv>

namespace chaos::pg {

namespace {

// PREPARE name [(types)] AS statement
bool plan_prepare(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::prepare;
  plan.tag = "PREPARE";
  if (tokens.size() < 4) return syntax_error(tokens, tokens.size(), error);
  plan.name = name_of(tokens[1]);
  std::size_t at = 2;
  std::vector<std::int32_t> types;
  if (is_at(tokens, at, "(")) {
    const std::size_t end = after_group(tokens, at);
    std::string name;
    for (++at; at < end; ++at) {
      const bool ends = tokens[at].is(",") || at + 1 == end;
      if (ends) types.push_back(type_by_name(name).oid), name.clear();
      else name += (name.empty() ? "" : " ") + name_of(tokens[at]);
    }
  }
  if (!is_at(tokens, at, "as")) return syntax_error(tokens, at, error);
  if (!plan_inner(tokens, at + 1, true, plan, error)) return false;
  plan.inner->types.resize(std::max(plan.inner->types.size(), types.size()), 0);
  for (std::size_t i = 0; i < types.size(); ++i) plan.inner->types[i] = types[i];
  plan.inner->parameters = std::max(plan.inner->parameters, static_cast<int>(types.size()));
  return true;
}

// EXECUTE name [(arguments)]: they become the columns of a SELECT.
bool plan_execute(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::execute;
  plan.tag = "EXECUTE";
  if (tokens.size() < 2) return syntax_error(tokens, tokens.size(), error);
  plan.name = name_of(tokens[1]);
  if (tokens.size() == 2) return true;
  if (!is_at(tokens, 2, "(") || !is_at(tokens, tokens.size() - 1, ")") || after_group(tokens, 2) != tokens.size()) return syntax_error(tokens, 2, error);
  Tokens query{make_word("select")};
  query.insert(query.end(), tokens.begin() + 3, tokens.end() - 1);
  if (query.size() == 1) return true;
  plan.inner = std::make_shared<Plan>();
  return make_plan({query, plan.text}, *plan.inner, error);
}

// DECLARE name [BINARY] [INSENSITIVE] [[NO] SCROLL] CURSOR [WITH HOLD] FOR query
bool plan_declare(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::declare;
  plan.tag = "DECLARE CURSOR";
  if (tokens.size() < 4) return syntax_error(tokens, tokens.size(), error);
  plan.name = name_of(tokens[1]);
  std::size_t at = 2;
  while (at < tokens.size() && !tokens[at].is("for")) {
    plan.hold = plan.hold || (tokens[at].is("hold") && is_at(tokens, at - 1, "with"));
    if (tokens[at].is("binary")) return refuse(error, "0A000", "binary cursors are not supported", tokens[at].position);
    ++at;
  }
  return plan_inner(tokens, at + 1, false, plan, error);
}

// FETCH | MOVE [NEXT | FORWARD | ALL | n | FORWARD n | FORWARD ALL | ABSOLUTE 0] [FROM | IN] name. Only forward.
bool plan_fetch(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::fetch;
  plan.tag = tokens[0].is("move") ? "MOVE" : "FETCH";
  plan.count = 1;
  std::size_t at = 1;
  for (; at + 1 < tokens.size(); ++at) {
    const Token& token = tokens[at];
    if (token.is("all")) plan.count = -1;
    else if (token.kind == TokenKind::number) std::from_chars(token.text.data(), token.text.data() + token.text.size(), plan.count);
    else if (token.is("prior") || token.is("backward") || token.is("last") || token.is("first") || token.is("absolute") || token.is("relative") || token.is("-")) {
      return refuse(error, "55000", "cursor can only scan forward", token.position);
    } else if (!token.is("next") && !token.is("forward") && !token.is("from") && !token.is("in")) return syntax_error(tokens, at, error);
  }
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  plan.name = name_of(tokens[at]);
  return true;
}

}  // namespace

bool plan_cursor(const Tokens& tokens, Plan& plan, ServerError& error) {
  const std::string& first = tokens[0].text;
  if (first == "prepare") return plan_prepare(tokens, plan, error);
  if (first == "execute") return plan_execute(tokens, plan, error);
  if (first == "declare") return plan_declare(tokens, plan, error);
  if (first == "fetch" || first == "move") return plan_fetch(tokens, plan, error);
  plan.verb = Verb::close_cursor;
  plan.tag = "CLOSE CURSOR";
  if (tokens.size() != 2) return syntax_error(tokens, tokens.size(), error);
  if (tokens[1].is("all")) plan.tag = "CLOSE CURSOR ALL";
  else plan.name = name_of(tokens[1]);
  return true;
}

}  // namespace chaos::pg
