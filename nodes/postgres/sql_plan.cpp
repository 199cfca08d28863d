#include "postgres/sql_plan.hpp"

#include "postgres/query_id.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace chaos::pg {

namespace {

bool refuse(ServerError& error, std::string sqlstate, std::string message, int position = 0) {
  error = {"ERROR", std::move(sqlstate), std::move(message), {}, {}, position};
  return false;
}

bool syntax_error(const Tokens& tokens, std::size_t at, ServerError& error) {
  if (at >= tokens.size()) return refuse(error, "42601", "syntax error at end of input");
  return refuse(error, "42601", "syntax error at or near \"" + tokens[at].text + "\"", tokens[at].position);
}

bool is_at(const Tokens& tokens, std::size_t at, std::string_view text) { return at < tokens.size() && tokens[at].is(text); }

bool has_sequence(const Tokens& tokens, std::string_view first, std::string_view second) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].is(first) && tokens[i + 1].is(second)) return true;
  }
  return false;
}

Token word(std::string text) { return {TokenKind::word, std::move(text), 0}; }

// The index after the bracket that closes the one at `open`.
std::size_t after_group(const Tokens& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")") && --depth == 0) return i + 1;
  }
  return tokens.size();
}

// serial and identity columns become SQLite's own counter: INTEGER PRIMARY KEY AUTOINCREMENT.
class ColumnTypes {
 public:
  explicit ColumnTypes(const Tokens& in) : in_(in) {}
  Tokens run() {
    while (at_ < in_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const bool serial = is_at(in_, at_, "serial") || is_at(in_, at_, "bigserial") || is_at(in_, at_, "smallserial");
    if (serial || is_at(in_, at_, "generated")) return counter(serial);
    if (is_at(in_, at_, "timestamp") && (is_at(in_, at_ + 1, "with") || is_at(in_, at_ + 1, "without"))) {
      out_.push_back(word(is_at(in_, at_ + 1, "with") ? "timestamptz" : "timestamp"));
      at_ += 4;
      return;
    }
    if (depth_ == 0 && is_at(in_, at_, "with") && is_at(in_, at_ + 1, "(")) {   // storage parameters
      at_ = after_group(in_, at_ + 1);
      return;
    }
    if (is_at(in_, at_, "(")) ++depth_;
    if (is_at(in_, at_, ")")) --depth_;
    out_.push_back(in_[at_++]);
  }
  void counter(bool serial) {
    if (serial) {
      ++at_;
    } else {
      while (at_ < in_.size() && !in_[at_].is("identity")) ++at_;
      if (++at_ < in_.size() && in_[at_].is("(")) at_ = after_group(in_, at_);
      if (!out_.empty()) out_.pop_back();   // the integer type
    }
    out_.push_back(word("integer"));
    if (!is_at(in_, at_, "primary")) return;
    at_ = std::min(at_ + 2, in_.size());
    for (const char* text : {"primary", "key", "autoincrement"}) out_.push_back(word(text));
  }

  const Tokens& in_;
  Tokens out_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// The names of a comma list, from `at` on, up to the first word that is no part of it.
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

bool plan_truncate(const Tokens& tokens, Plan& plan, ServerError& error) {
  std::size_t at = 1;
  while (is_at(tokens, at, "table") || is_at(tokens, at, "only")) ++at;
  plan.tag = "TRUNCATE TABLE";
  for (const std::string& name : name_list(tokens, at)) plan.sql.push_back("DELETE FROM " + name);
  return !plan.sql.empty() || syntax_error(tokens, at, error);
}

bool plan_drop(const Tokens& tokens, Plan& plan, ServerError& error) {
  static const std::set<std::string_view> kKinds{"table", "index", "view"};
  if (tokens.size() < 3 || !kKinds.contains(tokens[1].text)) return syntax_error(tokens, 1, error);
  std::size_t at = 2;
  while (is_at(tokens, at, "concurrently")) ++at;
  const bool if_exists = is_at(tokens, at, "if");
  if (if_exists) at += 2;
  plan.tag = tokens[1].text == "table" ? "DROP TABLE" : tokens[1].text == "index" ? "DROP INDEX" : "DROP VIEW";
  for (const std::string& name : name_list(tokens, at)) {
    plan.sql.push_back(plan.tag + (if_exists ? " IF EXISTS " : " ") + name);
  }
  return !plan.sql.empty() || syntax_error(tokens, at, error);
}

// ALTER TABLE t ADD [CONSTRAINT c] PRIMARY KEY (..) and UNIQUE (..): a unique index does the same work.
bool plan_alter(const Tokens& tokens, Plan& plan) {
  plan.tag = "ALTER TABLE";
  for (std::size_t at = 2; at + 1 < tokens.size(); ++at) {
    const bool primary = tokens[at].is("primary") && tokens[at + 1].is("key");
    if (!primary && !(tokens[at].is("unique") && tokens[at + 1].is("("))) continue;
    const std::vector<std::string> table = name_list(tokens, tokens[2].is("only") ? 3 : 2);
    const Tokens columns(tokens.begin() + static_cast<std::ptrdiff_t>(at) + (primary ? 2 : 1), tokens.end());
    const std::string name = table.empty() ? "\"\"" : table[0].substr(0, table[0].size() - 1) + (primary ? "_pkey\"" : "_key\"");
    plan.sql.push_back("CREATE UNIQUE INDEX " + name + " ON " + (table.empty() ? "" : table[0]) + translate(columns, plan));
    return true;
  }
  plan.sql.push_back(translate(tokens, plan));
  return true;
}

bool plan_create(const Tokens& tokens, Plan& plan, ServerError& error) {
  Tokens kept;
  for (const Token& token : tokens) {
    if (token.is("temp") || token.is("temporary")) return refuse(error, "0A000", "temporary tables are not supported");
    if (token.is("without")) return refuse(error, "42601", "syntax error at or near \"without\"", token.position);
    if (!token.is("unlogged") && !token.is("concurrently")) kept.push_back(token);
  }
  std::size_t kind = 1;
  while (kind < kept.size() && (kept[kind].is("unique") || kept[kind].is("or") || kept[kind].is("replace"))) ++kind;
  static const std::map<std::string_view, std::string_view> kTags{
      {"table", "CREATE TABLE"}, {"index", "CREATE INDEX"}, {"view", "CREATE VIEW"}};
  const auto tag = kind < kept.size() ? kTags.find(kept[kind].text) : kTags.end();
  if (tag == kTags.end()) return syntax_error(kept, kind, error);
  plan.tag = tag->second;
  if (plan.tag == "CREATE TABLE") kept = ColumnTypes(kept).run();
  if (plan.tag == "CREATE INDEX" && is_at(kept, kind + 1, "on") && kind + 4 < kept.size()) {   // it names itself
    kept.insert(kept.begin() + static_cast<std::ptrdiff_t>(kind) + 1, word(name_of(kept[kind + 2]) + "_" + name_of(kept[kind + 4]) + "_idx"));
  }
  for (std::size_t i = 0; i + 1 < kept.size(); ++i) {       // USING btree
    if (plan.tag == "CREATE INDEX" && kept[i].is("using")) {
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i), kept.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    }
  }
  plan.sql.push_back(translate(kept, plan));
  return true;
}

bool plan_alter_system(const Tokens& tokens, Plan& plan, ServerError& error);

bool plan_definition(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::define;
  if (tokens[0].is("truncate")) return plan_truncate(tokens, plan, error);
  if (tokens[0].is("drop")) return plan_drop(tokens, plan, error);
  if (tokens[0].is("create")) return plan_create(tokens, plan, error);
  if (is_at(tokens, 1, "system")) return plan_alter_system(tokens, plan, error);
  const bool settings = is_at(tokens, 1, "database") || is_at(tokens, 1, "role") || is_at(tokens, 1, "user");
  if (tokens[0].is("alter") && settings) {
    refuse(error, "0A000", "settings of a database or a role are not supported");
    error.hint = "Use ALTER SYSTEM for the whole server, or SET in a session.";
    return false;
  }
  if (!is_at(tokens, 1, "table") || tokens.size() < 4) return syntax_error(tokens, 1, error);
  return plan_alter(tokens, plan);
}

// "it's" of "'it''s'".
std::string text_of_literal(const Token& token) {
  std::string out;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    out.push_back(token.text[i]);
    if (token.text[i] == '\'') ++i;
  }
  return out;
}

std::string joined_values(const Tokens& tokens, std::size_t at) {
  std::string value;
  for (; at < tokens.size(); ++at) {
    std::string text = tokens[at].text;
    if (tokens[at].kind == TokenKind::string) text = text_of_literal(tokens[at]);
    value += (value.empty() || text == "," || value == "-" ? "" : " ") + text;
  }
  return value;
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
  if (plan.name == "transaction" || plan.name == "characteristics") plan.name = "transaction_isolation", at = tokens.size();
  if (is_at(tokens, at, ".") && at + 1 < tokens.size()) plan.name += "." + name_of(tokens[at + 1]), at += 2;
  if (verb != Verb::set) return true;
  if (is_at(tokens, at, "=") || is_at(tokens, at, "to")) ++at;
  plan.value = joined_values(tokens, at);
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
  plan.snapshot = has_sequence(tokens, "repeatable", "read") ||
                  std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.is("serializable"); });
  plan.read_only = has_sequence(tokens, "read", "only");
  return true;
}

// ROLLBACK [WORK] [TO [SAVEPOINT] name], SAVEPOINT name, RELEASE [SAVEPOINT] name
bool plan_savepoint(const Tokens& tokens, Plan& plan, ServerError& error) {
  std::size_t at = 1;
  const bool rollback = tokens[0].is("rollback") || tokens[0].is("abort");
  plan.verb = rollback ? Verb::rollback : tokens[0].is("release") ? Verb::release : Verb::savepoint;
  plan.tag = rollback ? "ROLLBACK" : tokens[0].is("release") ? "RELEASE" : "SAVEPOINT";
  while (is_at(tokens, at, "work") || is_at(tokens, at, "transaction")) ++at;
  if (rollback && !is_at(tokens, at, "to")) return true;
  if (rollback) plan.verb = Verb::rollback_to, ++at;
  if (is_at(tokens, at, "savepoint")) ++at;
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  plan.name = name_of(tokens[at]);
  return true;
}

bool plan_query(const Tokens& tokens, Plan& plan) {
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
  plan.sql.push_back(translate(tokens, plan));
  return true;
}

bool plan_explain(const Tokens& tokens, Plan& plan) {
  std::size_t at = 1;
  if (is_at(tokens, at, "(")) at = after_group(tokens, at);
  while (is_at(tokens, at, "analyze") || is_at(tokens, at, "verbose")) ++at;
  plan.verb = Verb::explain;
  plan.tag = "EXPLAIN";
  const Tokens query(tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.end());
  plan.sql.push_back("EXPLAIN QUERY PLAN " + translate(query, plan));
  return true;
}

bool plan_session(const Tokens& tokens, Plan& plan, ServerError& error) {
  const std::string& first = tokens[0].text;
  plan.verb = first == "discard" ? Verb::discard : Verb::deallocate;
  plan.tag = first == "discard" ? "DISCARD ALL" : "DEALLOCATE";
  const std::size_t at = is_at(tokens, 1, "prepare") ? 2 : 1;
  if (at >= tokens.size()) return syntax_error(tokens, at, error);
  plan.name = is_at(tokens, at, "all") ? "" : name_of(tokens[at]);
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
  if (tokens[0].is("(")) return plan_query(tokens, plan);
  static const std::set<std::string_view> kQueries{"select", "insert", "update", "delete", "with", "values"};
  static const std::set<std::string_view> kDefinitions{"create", "alter", "drop", "truncate"};
  static const std::set<std::string_view> kNothing{"vacuum", "analyze", "listen", "unlisten", "checkpoint", "lock", "reindex", "cluster"};
  const std::string_view first = tokens[0].kind == TokenKind::word ? std::string_view(tokens[0].text) : "";
  if (kQueries.contains(first)) return plan_query(tokens, plan);
  if (kDefinitions.contains(first)) return plan_definition(tokens, plan, error);
  if (first == "begin" || first == "start") return plan_begin(tokens, plan);
  if (first == "commit" || first == "end") return plan.verb = Verb::commit, plan.tag = "COMMIT", true;
  if (first == "rollback" || first == "abort" || first == "savepoint" || first == "release") return plan_savepoint(tokens, plan, error);
  if (first == "set" || first == "show" || first == "reset") return plan_setting(tokens, plan, error);
  if (first == "discard" || first == "deallocate") return plan_session(tokens, plan, error);
  if (first == "explain" && tokens.size() > 1) return plan_explain(tokens, plan);
  if (first == "table" && tokens.size() > 1) return plan.tag = "SELECT", plan.sql = {"SELECT * FROM " + quote_name(name_of(tokens.back()))}, true;
  if (first == "copy") return refuse(error, "0A000", "COPY is not supported");
  if (!kNothing.contains(first)) return syntax_error(tokens, 0, error);
  plan.verb = Verb::nothing;
  std::transform(first.begin(), first.end(), std::back_inserter(plan.tag), [](char c) { return static_cast<char>(std::toupper(c)); });
  return true;
}

}  // namespace chaos::pg
