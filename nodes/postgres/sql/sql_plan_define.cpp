#include "postgres/sql/column_clauses.hpp"
#include "postgres/sql/sql_plan_parts.hpp"

#include "wire/text.hpp"

#include <algorithm>
#include <set>

namespace chaos::pg {

namespace {

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
      out_.push_back(make_word(is_at(in_, at_ + 1, "with") ? "timestamptz" : "timestamp"));
      at_ += 4;
      return;
    }
    if (depth_ == 0 && is_at(in_, at_, "with") && is_at(in_, at_ + 1, "(")) {   // storage parameters
      at_ = after_group(in_, at_ + 1);
      return;
    }
    if (is_at(in_, at_, "(")) ++depth_;
    if (is_at(in_, at_, ")")) --depth_;
    const bool numeric = is_numeric();
    out_.push_back(numeric ? make_word("numeric") : in_[at_]);
    if (numeric) out_.push_back(make_word("real"));
    ++at_;
  }
  // Behind a column's name. SQLite keeps a column "numeric real" as doubles: 10 / 4 is 2.5 then.
  bool is_numeric() const {
    const bool type = is_at(in_, at_, "numeric") || is_at(in_, at_, "decimal") || is_at(in_, at_, "dec");
    if (!type || out_.empty() || out_.back().kind == TokenKind::symbol || is_at(in_, at_ + 1, "[")) return false;
    static const std::set<std::string_view> kOthers{"as", "add", "column", "default", "drop", "rename", "to"};
    return out_.back().kind == TokenKind::quoted || !kOthers.contains(out_.back().text);
  }
  void counter(bool serial) {
    if (serial) {
      ++at_;
    } else {
      while (at_ < in_.size() && !in_[at_].is("identity")) ++at_;
      if (++at_ < in_.size() && in_[at_].is("(")) at_ = after_group(in_, at_);
      if (!out_.empty()) out_.pop_back();   // the integer type
    }
    out_.push_back(make_word("integer"));
    if (!is_at(in_, at_, "primary")) return;
    at_ = std::min(at_ + 2, in_.size());
    for (const char* text : {"primary", "key", "autoincrement"}) out_.push_back(make_word(text));
  }

  const Tokens& in_;
  Tokens out_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

ServerError notice(std::string sqlstate, std::string message) { return {"NOTICE", std::move(sqlstate), std::move(message), {}, {}, 0}; }

std::vector<std::string> plain_names(const std::vector<std::string>& quoted) {
  std::vector<std::string> names;
  for (const std::string& name : quoted) names.push_back(unquoted(name));
  return names;
}

bool plan_truncate(const Tokens& tokens, Plan& plan, ServerError& error) {
  std::size_t at = 1;
  while (is_at(tokens, at, "table") || is_at(tokens, at, "only")) ++at;
  plan.tag = "TRUNCATE TABLE";
  const std::vector<std::string> names = name_list(tokens, at);
  for (const std::string& name : names) plan.sql.push_back("DELETE FROM " + name);
  plan.keys = std::make_shared<KeyDefinition>();
  plan.keys->act = KeyDefinition::Act::truncate;
  plan.keys->tables = plain_names(names);
  plan.keys->cascade = tokens.back().is("cascade");
  return !plan.sql.empty() || syntax_error(tokens, at, error);
}

bool plan_drop(const Tokens& tokens, Plan& plan, ServerError& error) {
  static const std::set<std::string_view> kKinds{"table", "index", "view"};
  if (tokens.size() < 3) return syntax_error(tokens, tokens.size(), error);
  if (!kKinds.contains(tokens[1].text)) return refuse(error, "0A000", "DROP " + upper(tokens[1].text) + " is not supported", tokens[1].position);
  const std::string& kind = tokens[1].text;
  std::size_t at = 2;
  while (is_at(tokens, at, "concurrently")) ++at;
  const bool if_exists = is_at(tokens, at, "if");
  if (if_exists) at += 2;
  plan.tag = "DROP " + upper(kind);
  if (kind != "view") {
    plan.keys = std::make_shared<KeyDefinition>();
    plan.keys->act = kind == "table" ? KeyDefinition::Act::drop_tables : KeyDefinition::Act::drop_indexes;
    plan.keys->tables = plain_names(name_list(tokens, at));
    plan.keys->cascade = tokens.back().is("cascade");
  }
  for (const std::string& name : name_list(tokens, at)) {
    plan.sql.push_back(plan.tag + (if_exists ? " IF EXISTS " : " ") + name);
    if (if_exists) plan.skips.push_back({unquoted(name), false, notice("00000", kind + " \"" + unquoted(name) + "\" does not exist, skipping")});
  }
  return !plan.sql.empty() || syntax_error(tokens, at, error);
}

// CREATE TABLE t AS query: the session makes the table after it has seen the query's columns.
bool plan_create_as(const Tokens& tokens, std::size_t as, Plan& plan, ServerError& error) {
  std::size_t at = 2;
  while (is_at(tokens, at, "if") || is_at(tokens, at, "not") || is_at(tokens, at, "exists")) ++at;
  const std::vector<std::string> names = name_list(tokens, at);
  if (names.empty()) return syntax_error(tokens, at, error);
  plan.verb = Verb::create_as;
  plan.tag = "SELECT";
  plan.name = names[0];
  Tokens query = tokens_from(tokens, as + 1);
  while (query.size() > 2 && query.back().is("data")) query.resize(query.size() - (query[query.size() - 2].is("no") ? 3 : 2));
  if (is_at(query, 0, "execute")) return refuse(error, "0A000", "CREATE TABLE AS EXECUTE is not supported", query[0].position);
  return plan_inner(query, 0, false, plan, error);
}

void finish_index(Tokens& kept, std::size_t kind) {
  if (is_at(kept, kind + 1, "on") && kind + 4 < kept.size()) {   // it names itself
    const std::string name = name_of(kept[kind + 2]) + "_" + name_of(kept[kind + 4]) + "_idx";
    kept.insert(kept.begin() + static_cast<std::ptrdiff_t>(kind) + 1, make_word(name));
  }
  for (std::size_t i = 0; i + 1 < kept.size(); ++i) {            // USING btree
    if (kept[i].is("using")) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i), kept.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    if (kept[i].is("include") && kept[i + 1].is("(")) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i), kept.begin() + static_cast<std::ptrdiff_t>(after_group(kept, i + 1)));
  }
}

bool plan_references(Tokens& tokens, std::size_t open, const std::string& table, Plan& plan, ServerError& error) {
  std::vector<ForeignKeyClause> added;
  if (open >= tokens.size()) return syntax_error(tokens, open, error);
  if (!take_foreign_keys(tokens, open, added, error)) return false;
  if (added.empty()) return true;
  plan.keys = std::make_shared<KeyDefinition>();
  plan.keys->table = table;
  plan.keys->add = std::move(added);
  return true;
}

bool plan_create_kind(Tokens kept, std::size_t kind, Plan& plan, ServerError& error) {
  plan.tag = "CREATE " + upper(kept[kind].text);
  std::size_t name = kind + 1;
  if (is_at(kept, name, "if")) name += 3;
  if (name >= kept.size()) return syntax_error(kept, kept.size(), error);
  if (is_at(kept, name + 1, ".") && name + 2 >= kept.size()) return syntax_error(kept, kept.size(), error);
  const std::string relation = name_of(kept[is_at(kept, name + 1, ".") ? name + 2 : name]);
  if (name > kind + 1) plan.skips.push_back({relation, true, notice("42P07", "relation \"" + relation + "\" already exists, skipping")});
  if (plan.tag == "CREATE TABLE") {
    std::size_t as = name;
    while (as < kept.size() && !kept[as].is("as") && !kept[as].is("(")) ++as;
    if (is_at(kept, as, "as")) return plan_create_as(kept, as, plan, error);
    if (is_at(kept, as, "(") && !known_types(kept, as, error)) return false;
    if (!plan_references(kept, as, relation, plan, error)) return false;
    name_checks(kept, as, relation);
    if (plan.keys) plan.keys->unless_there = name > kind + 1;
    kept = counter_columns(kept);
  }
  if (plan.tag == "CREATE INDEX") finish_index(kept, kind);
  if (plan.tag == "CREATE VIEW" && is_at(kept, 1, "or")) {
    plan.sql.push_back("DROP VIEW IF EXISTS " + quote_name(relation));
    kept.erase(kept.begin() + 1, kept.begin() + 3);
  }
  plan.sql.push_back(translate(kept, plan));
  return true;
}

bool plan_create(const Tokens& tokens, Plan& plan, ServerError& error) {
  Tokens kept;
  for (const Token& token : tokens) {
    if ((token.is("temp") || token.is("temporary")) && kept.size() < 3) return refuse(error, "0A000", "temporary tables are not supported", token.position);
    if (token.is("without") && !is_at(tokens, kept.size() + 1, "time")) return syntax_error({token}, 0, error);
    plan.concurrently = plan.concurrently || (token.is("concurrently") && kept.size() < 4);
    plan.alone = plan.alone || plan.concurrently;
    if (!(token.is("unlogged") && kept.size() == 1) && !token.is("concurrently")) kept.push_back(token);
  }
  std::size_t kind = 1;
  while (kind < kept.size() && (kept[kind].is("unique") || kept[kind].is("or") || kept[kind].is("replace"))) ++kind;
  if (kind >= kept.size()) return syntax_error(kept, kept.size(), error);
  static const std::set<std::string_view> kKinds{"table", "index", "view"};
  if (kKinds.contains(kept[kind].text)) return plan_create_kind(std::move(kept), kind, plan, error);
  static const std::set<std::string_view> kOthers{"function", "procedure", "trigger", "sequence", "schema", "database", "role", "user", "type", "domain", "extension",
                                                  "materialized", "publication", "subscription", "rule", "policy", "aggregate", "operator", "cast", "server"};
  if (!kOthers.contains(kept[kind].text)) return syntax_error(kept, kind, error);
  return refuse(error, "0A000", "CREATE " + upper(kept[kind].text) + " is not supported", kept[kind].position);
}

// VACUUM and ANALYZE refresh what the query planner knows of tables; REINDEX makes indexes anew.
bool plan_maintenance(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.tag = upper(tokens[0].text);
  plan.alone = plan.tag == "VACUUM";
  std::size_t at = is_at(tokens, 1, "(") ? after_group(tokens, 1) : 1;
  static const std::set<std::string_view> kOptions{"full", "freeze", "verbose", "analyze", "table", "index", "concurrently", "database"};
  while (at < tokens.size() && tokens[at].kind == TokenKind::word && kOptions.contains(tokens[at].text)) ++at;
  const std::vector<std::string> names = name_list(tokens, at);
  if (names.empty() && at < tokens.size()) return syntax_error(tokens, at, error);
  const std::string command = plan.tag == "REINDEX" ? "REINDEX" : "ANALYZE";
  if (names.empty()) plan.sql.push_back(command);
  for (const std::string& name : names) plan.sql.push_back(command + " " + name);
  return true;
}

}  // namespace

Tokens counter_columns(const Tokens& tokens) { return ColumnTypes(tokens).run(); }

bool plan_definition(const Tokens& tokens, Plan& plan, ServerError& error) {
  plan.verb = Verb::define;
  if (tokens[0].is("truncate")) return plan_truncate(tokens, plan, error);
  if (tokens[0].is("drop")) return plan_drop(tokens, plan, error);
  if (tokens[0].is("create")) return plan_create(tokens, plan, error);
  if (!tokens[0].is("alter")) return plan_maintenance(tokens, plan, error);
  if (is_at(tokens, 1, "system")) return plan_session(tokens, plan, error);
  if (is_at(tokens, 1, "database") || is_at(tokens, 1, "role") || is_at(tokens, 1, "user")) {
    refuse(error, "0A000", "settings of a database or a role are not supported");
    error.hint = "Use ALTER SYSTEM for the whole server, or SET in a session.";
    return false;
  }
  if (!is_at(tokens, 1, "table") || tokens.size() < 4) return syntax_error(tokens, 1, error);
  return plan_alter(tokens, plan, error);
}

}  // namespace chaos::pg
