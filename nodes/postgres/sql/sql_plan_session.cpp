#include "postgres/sql/sql_plan_parts.hpp"

#include "wire/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace chaos::pg {

namespace {

bool has_sequence(const Tokens& tokens, std::string_view first, std::string_view second) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].is(first) && tokens[i + 1].is(second)) return true;
  }
  return false;
}

std::string joined_values(const Tokens& tokens, std::size_t at) {
  std::string value;
  for (; at < tokens.size(); ++at) {
    const std::string text = tokens[at].kind == TokenKind::string ? string_value(tokens[at]) : tokens[at].text;
    value += (value.empty() || text == "," || value == "-" ? "" : " ") + text;
  }
  return value;
}

// ISOLATION LEVEL ..., READ ONLY, READ WRITE behind BEGIN, SET TRANSACTION and SET SESSION CHARACTERISTICS.
void read_modes(const Tokens& tokens, Plan& plan) {
  plan.names_isolation = has_sequence(tokens, "isolation", "level");
  plan.serializable = has_sequence(tokens, "level", "serializable");
  plan.snapshot = plan.serializable || has_sequence(tokens, "repeatable", "read");
  plan.read_only = has_sequence(tokens, "read", "only");
  plan.names_access = plan.read_only || has_sequence(tokens, "read", "write");
}

// SET TRANSACTION modes; SET SESSION CHARACTERISTICS AS TRANSACTION modes is SET of a default.
bool plan_modes(const Tokens& tokens, Plan& plan, ServerError& error) {
  read_modes(tokens, plan);
  if (!plan.names_isolation && !plan.names_access) return syntax_error(tokens, tokens.size(), error);
  if (plan.name == "transaction") return plan.verb = Verb::set_transaction, true;
  if (plan.names_isolation && plan.names_access) return refuse(error, "0A000", "SET SESSION CHARACTERISTICS takes one transaction mode at a time");
  plan.name = plan.names_isolation ? "default_transaction_isolation" : "default_transaction_read_only";
  plan.value = plan.names_access ? (plan.read_only ? "on" : "off") : plan.serializable ? "serializable" : plan.snapshot ? "repeatable read" : "read committed";
  return true;
}

// SET transaction_isolation = 'level' is SET TRANSACTION in other words.
void modes_of_setting(Plan& plan) {
  static const std::set<std::string_view> kLevels{"serializable", "repeatable read", "read committed", "read uncommitted"};
  if (plan.name != "transaction_isolation" || !kLevels.contains(plan.value)) return;
  plan.verb = Verb::set_transaction;
  plan.names_isolation = true;
  plan.serializable = plan.value == "serializable";
  plan.snapshot = plan.serializable || plan.value == "repeatable read";
}

bool plan_setting(const Tokens& tokens, Plan& plan, ServerError& error) {
  static const std::map<std::string_view, std::pair<Verb, std::string_view>> kVerbs{
      {"set", {Verb::set, "SET"}}, {"show", {Verb::show, "SHOW"}}, {"reset", {Verb::reset, "RESET"}}};
  const auto& [verb, tag] = kVerbs.at(tokens[0].text);
  plan.verb = verb;
  plan.tag = tag;
  std::size_t at = 1;
  plan.local = verb == Verb::set && is_at(tokens, at, "local");
  if (plan.local || (verb == Verb::set && is_at(tokens, at, "session") && !is_at(tokens, at + 1, "authorization"))) ++at;
  if (is_at(tokens, at, "session") && is_at(tokens, at + 1, "authorization")) ++at, plan.name = "session_authorization";
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  plan.name = plan.name.empty() ? name_of(tokens[at]) : plan.name;
  ++at;
  if (plan.name == "time" && is_at(tokens, at, "zone")) plan.name = "timezone", ++at;
  if (verb == Verb::set && (plan.name == "transaction" || plan.name == "characteristics")) return plan_modes(tokens, plan, error);
  if (plan.name == "transaction") plan.name = "transaction_isolation", at = tokens.size();
  if (is_at(tokens, at, ".") && at + 1 < tokens.size()) plan.name += "." + name_of(tokens[at + 1]), at += 2;
  if (verb != Verb::set) return true;
  if (is_at(tokens, at, "=") || is_at(tokens, at, "to")) ++at;
  plan.value = joined_values(tokens, at);
  modes_of_setting(plan);
  return true;
}

// ALTER SYSTEM SET name = value, ALTER SYSTEM RESET name | ALL
bool plan_alter_system(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::alter_system;
  plan.tag = "ALTER SYSTEM";
  const bool reset = is_at(tokens, 2, "reset");
  if ((!reset && !is_at(tokens, 2, "set")) || tokens.size() < 4) return syntax_error(tokens, 2, error);
  std::size_t at = 4;
  plan.name = reset && is_at(tokens, 3, "all") ? "" : name_of(tokens[3]);
  if (is_at(tokens, at, ".") && at + 1 < tokens.size()) plan.name += "." + name_of(tokens[at + 1]), at += 2;
  if (is_at(tokens, at, "=") || is_at(tokens, at, "to")) ++at;
  plan.value = reset ? "default" : joined_values(tokens, at);
  return reset || at < tokens.size() || syntax_error(tokens, at, error);
}

bool plan_begin(const Tokens& tokens, Plan& plan) {
  plan.verb = Verb::begin;
  plan.tag = tokens[0].is("start") ? "START TRANSACTION" : "BEGIN";
  read_modes(tokens, plan);
  return true;
}

// [WORK | TRANSACTION] [AND [NO] CHAIN] behind COMMIT and ROLLBACK.
bool read_chain(const Tokens& tokens, Plan& plan, ServerError& error) {
  std::size_t at = is_at(tokens, 1, "work") || is_at(tokens, 1, "transaction") ? 2 : 1;
  if (is_at(tokens, at, "and")) {
    const bool no = is_at(tokens, ++at, "no");
    if (no) ++at;
    if (!is_at(tokens, at, "chain")) return syntax_error(tokens, at, error);
    plan.chain = !no;
    ++at;
  }
  return at >= tokens.size() || syntax_error(tokens, at, error);
}

// ROLLBACK [WORK] [TO [SAVEPOINT] name], SAVEPOINT name, RELEASE [SAVEPOINT] name
bool plan_savepoint(const Tokens& tokens, Plan& plan, ServerError& error) {
  std::size_t at = 1;
  const bool rollback = tokens[0].is("rollback") || tokens[0].is("abort");
  plan.verb = rollback ? Verb::rollback : tokens[0].is("release") ? Verb::release : Verb::savepoint;
  plan.tag = rollback ? "ROLLBACK" : tokens[0].is("release") ? "RELEASE" : "SAVEPOINT";
  while (is_at(tokens, at, "work") || is_at(tokens, at, "transaction")) ++at;
  if (rollback && !is_at(tokens, at, "to")) return read_chain(tokens, plan, error);
  if (rollback) plan.verb = Verb::rollback_to, ++at;
  if (is_at(tokens, at, "savepoint")) ++at;
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  plan.name = name_of(tokens[at]);
  return true;
}

bool plan_discard(const Tokens& tokens, Plan& plan, ServerError& error) {
  const std::string& first = tokens[0].text;
  plan.verb = first == "discard" ? Verb::discard : Verb::deallocate;
  const std::size_t at = is_at(tokens, 1, "prepare") ? 2 : 1;
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  plan.name = is_at(tokens, at, "all") ? "" : name_of(tokens[at]);
  static const std::set<std::string_view> kKinds{"", "plans", "sequences", "temp", "temporary"};
  if (first == "discard" && !kKinds.contains(plan.name)) return syntax_error(tokens, at, error);
  plan.tag = upper(first) + (plan.name.empty() ? " ALL" : first == "discard" ? " " + upper(plan.name == "temporary" ? "temp" : plan.name) : "");
  return true;
}

}  // namespace

bool plan_session(const Tokens& tokens, Plan& plan, ServerError& error) {
  if (tokens[0].is("discard") || tokens[0].is("deallocate")) return plan_discard(tokens, plan, error);
  if (tokens[0].is("alter")) return plan_alter_system(tokens, plan, error);
  return plan_setting(tokens, plan, error);
}

bool plan_transaction(const Tokens& tokens, Plan& plan, ServerError& error) {
  const std::string& first = tokens[0].text;
  if (first == "begin" || first == "start") return plan_begin(tokens, plan);
  if (first == "commit" || first == "end") {
    plan.verb = Verb::commit;
    plan.tag = "COMMIT";
    return read_chain(tokens, plan, error);
  }
  return plan_savepoint(tokens, plan, error);
}

}  // namespace chaos::pg
