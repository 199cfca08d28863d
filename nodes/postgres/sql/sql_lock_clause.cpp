// SELECT ... FOR UPDATE [OF table] [NOWAIT | SKIP LOCKED] and LOCK TABLE.
// Source: PostgreSQL 15 documentation, SELECT "The Locking Clause", LOCK. Pure.
#include "postgres/sql/sql_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace chaos::pg {

namespace {

struct Source { std::string table; std::string alias; };

struct Clause {
  std::size_t from = 0, to = 0;          // its tokens
  LockMode mode = LockMode::access_exclusive;
  Tokens of;
  bool nowait = false;
  bool skip = false;
};

bool is_at(const Tokens& tokens, std::size_t at, std::string_view text) { return at < tokens.size() && tokens[at].is(text); }
bool is_name(const Tokens& tokens, std::size_t at) {
  return at < tokens.size() && (tokens[at].kind == TokenKind::word || tokens[at].kind == TokenKind::quoted);
}
Token word(std::string text) { return {TokenKind::word, std::move(text), 0}; }
Token symbol(std::string text) { return {TokenKind::symbol, std::move(text), 0}; }

bool refuse(ServerError& error, const std::string& what) {
  error = {"ERROR", "0A000", what, {}, {}, 0};
  return false;
}

std::size_t strength(const Tokens& tokens, std::size_t at, LockMode& mode) {
  if (is_at(tokens, at, "update")) return mode = LockMode::access_exclusive, 1;
  if (is_at(tokens, at, "share")) return mode = LockMode::row_share, 1;
  if (is_at(tokens, at, "key") && is_at(tokens, at + 1, "share")) return mode = LockMode::access_share, 2;
  if (is_at(tokens, at, "no") && is_at(tokens, at + 1, "key") && is_at(tokens, at + 2, "update")) return mode = LockMode::exclusive, 3;
  return 0;
}

bool read_clause(const Tokens& tokens, std::size_t at, Clause& out) {
  out = {};
  out.from = at;
  if (!is_at(tokens, at, "for")) return false;
  const std::size_t words = strength(tokens, at + 1, out.mode);
  if (words == 0) return false;
  at += 1 + words;
  if (is_at(tokens, at, "of")) {
    do out.of.push_back(is_name(tokens, ++at) ? tokens[at++] : Token{});
    while (is_at(tokens, at, ","));
  }
  if (is_at(tokens, at, "nowait")) out.nowait = true, ++at;
  if (is_at(tokens, at, "skip") && is_at(tokens, at + 1, "locked")) out.skip = true, at += 2;
  out.to = at;
  return true;
}

// The brackets around each token, counted.
std::vector<int> depths(const Tokens& tokens) {
  std::vector<int> out;
  int depth = 0;
  for (const Token& token : tokens) {
    if (token.is(")")) --depth;
    out.push_back(depth);
    if (token.is("(")) ++depth;
  }
  return out;
}

// The select that a clause belongs to.
struct Select {
  std::size_t select = 0, from = 0, where = 0, tail = 0;   // where: 0 when there is none; tail: the first token behind the condition
  bool found = false;
};

Select select_of(const Tokens& tokens, const std::vector<int>& depth, const Clause& clause) {
  static const std::set<std::string_view> kTail{"group", "order", "limit", "having", "offset", "fetch", "window", "for"};
  Select out;
  const int here = depth[clause.from];
  for (std::size_t i = clause.from; i-- > 0 && depth[i] >= here;) {
    if (depth[i] != here || !tokens[i].is("select")) continue;
    out.select = i;
    out.found = true;
    break;
  }
  out.tail = clause.from;
  for (std::size_t i = out.select; out.found && i < clause.from; ++i) {
    if (depth[i] != here || tokens[i].kind != TokenKind::word) continue;
    if (tokens[i].is("from") && out.from == 0) out.from = i;
    if (tokens[i].is("where") && out.where == 0) out.where = i;
    if (out.from != 0 && kTail.contains(tokens[i].text)) { out.tail = i; break; }
  }
  return out;
}

// The tables of FROM a [AS] x JOIN b ON ..., c: those at its own depth.
std::vector<Source> sources_of(const Tokens& tokens, const std::vector<int>& depth, const Select& select) {
  static const std::set<std::string_view> kNoAlias{"on", "using", "join", "left", "right", "inner", "outer", "cross", "full", "natural", "where", "as"};
  std::vector<Source> out;
  const std::size_t end = select.where != 0 ? select.where : select.tail;
  bool expected = true;
  for (std::size_t i = select.from + 1; i < end; ++i) {
    if (depth[i] != depth[select.from]) continue;
    if (tokens[i].is(",") || tokens[i].is("join")) { expected = true; continue; }
    if (!expected || tokens[i].is("only")) continue;
    expected = false;
    if (!is_name(tokens, i) || is_at(tokens, i + 1, "(")) continue;
    if (is_at(tokens, i + 1, ".") && is_name(tokens, i + 2)) i += 2;
    Source source{name_of(tokens[i]), name_of(tokens[i])};
    const std::size_t alias = is_at(tokens, i + 1, "as") ? i + 2 : i + 1;
    if (alias < end && is_name(tokens, alias) && !(tokens[alias].kind == TokenKind::word && kNoAlias.contains(tokens[alias].text))) {
      source.alias = name_of(tokens[alias]);
    }
    out.push_back(std::move(source));
  }
  return out;
}

// FROM knows it: a table's alias, or that of a subquery or function.
bool has_source(const Tokens& tokens, const std::vector<int>& depth, const Select& select, const std::vector<Source>& sources, const std::string& name) {
  if (std::any_of(sources.begin(), sources.end(), [&](const Source& source) { return source.alias == name; })) return true;
  const std::size_t end = select.from == 0 ? 0 : select.where != 0 ? select.where : select.tail;
  for (std::size_t i = select.from + 1; i < end; ++i) {
    const bool behind = tokens[i - 1].is(")") || (tokens[i - 1].is("as") && tokens[i - 2].is(")"));
    if (depth[i] == depth[select.from] && behind && is_name(tokens, i) && name_of(tokens[i]) == name) return true;
  }
  return false;
}

std::string_view clause_words(LockMode mode) {
  switch (mode) {
    case LockMode::row_share: return "FOR SHARE";
    case LockMode::access_share: return "FOR KEY SHARE";
    case LockMode::exclusive: return "FOR NO KEY UPDATE";
    default: return "FOR UPDATE";
  }
}

Tokens free_condition(const std::vector<Source>& sources, LockMode mode) {
  Tokens out;
  for (const Source& source : sources) {
    if (!out.empty()) out.push_back(word("and"));
    const Tokens call{word("pg_row_free"), symbol("("), {TokenKind::string, quote_text(source.table), 0}, symbol(","),
                      {TokenKind::quoted, quote_name(source.alias), 0}, symbol("."), word("rowid"), symbol(","),
                      {TokenKind::number, std::to_string(static_cast<int>(mode)), 0}, symbol(")")};
    out.insert(out.end(), call.begin(), call.end());
  }
  return out;
}

void insert(Tokens& tokens, std::size_t at, const Tokens& more) {
  tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
}

// Returns how many tokens it put in, all before the clause.
std::size_t add_condition(Tokens& tokens, const Select& select, const Tokens& condition) {
  if (select.where == 0) {
    insert(tokens, select.tail, condition);
    insert(tokens, select.tail, {word("where")});
    return condition.size() + 1;
  }
  Tokens end{symbol(")"), word("and")};
  end.insert(end.end(), condition.begin(), condition.end());
  insert(tokens, select.tail, end);
  insert(tokens, select.where + 1, {symbol("(")});
  return end.size() + 1;
}

bool lockable(const Tokens& tokens, const std::vector<int>& depth, const Select& select, const Clause& clause, ServerError& error) {
  static const std::set<std::string_view> kAggregates{"count", "sum", "min", "max", "avg", "string_agg", "array_agg", "bool_or", "bool_and"};
  static const std::map<std::string_view, std::string_view> kRefused{
      {"group", "GROUP BY clause"}, {"having", "HAVING clause"}, {"union", "UNION/INTERSECT/EXCEPT"},
      {"intersect", "UNION/INTERSECT/EXCEPT"}, {"except", "UNION/INTERSECT/EXCEPT"}, {"window", "window functions"}};
  if (is_at(tokens, select.select + 1, "distinct")) return refuse(error, "FOR UPDATE is not allowed with DISTINCT clause");
  for (std::size_t i = 0; i < clause.from; ++i) {
    if (depth[i] != depth[clause.from] || tokens[i].kind != TokenKind::word) continue;
    const auto refused = kRefused.find(tokens[i].text);
    if (refused != kRefused.end() && !is_at(tokens, i + 1, ".")) return refuse(error, "FOR UPDATE is not allowed with " + std::string(refused->second));
    const bool listed = i > select.select && i < select.from;
    if (listed && kAggregates.contains(tokens[i].text) && is_at(tokens, i + 1, "(")) return refuse(error, "FOR UPDATE is not allowed with aggregate functions");
  }
  return true;
}

// The same select with the rowids of its tables behind its own columns.
Tokens rows_of(const Tokens& tokens, const Select& select, const std::vector<Source>& sources) {
  Tokens out(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(select.from));
  for (const Source& source : sources) {
    const Tokens column{symbol(","), {TokenKind::quoted, quote_name(source.alias), 0}, symbol("."), word("rowid")};
    out.insert(out.end(), column.begin(), column.end());
  }
  out.insert(out.end(), tokens.begin() + static_cast<std::ptrdiff_t>(select.from), tokens.end());
  return out;
}

bool take_clause(Tokens& tokens, Clause clause, Tokens& rows, Plan& plan, ServerError& error) {
  const std::vector<int> depth = depths(tokens);
  const Select select = select_of(tokens, depth, clause);
  const bool main = depth[clause.from] == 0;
  if (!select.found) return refuse(error, "FOR UPDATE must follow a SELECT");
  if (main && !lockable(tokens, depth, select, clause, error)) return false;
  if (!main && clause.nowait) return refuse(error, "NOWAIT in a subquery is not supported");
  std::vector<Source> sources = select.from == 0 ? std::vector<Source>{} : sources_of(tokens, depth, select);
  for (const Token& of : clause.of) {
    if (has_source(tokens, depth, select, sources, name_of(of))) continue;
    error = {"ERROR", "42P01", "relation \"" + name_of(of) + "\" in " + std::string(clause_words(clause.mode)) + " clause not found in FROM clause", {}, {}, of.position};
    return false;
  }
  const auto named = [&](const Source& s) { return std::any_of(clause.of.begin(), clause.of.end(), [&](const Token& of) { return name_of(of) == s.alias; }); };
  std::erase_if(sources, [&](const Source& s) { return !clause.of.empty() && !named(s); });
  tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(clause.from), tokens.begin() + static_cast<std::ptrdiff_t>(clause.to));
  if (clause.skip && !sources.empty()) {
    add_condition(tokens, select, free_condition(sources, clause.mode));
    plan.asks_locks = true;
  }
  if (!main) return true;
  plan.row_locks = RowLocks{clause.mode, clause.nowait, {}, {}};
  if (sources.empty()) return true;
  for (const Source& source : sources) plan.row_locks->tables.push_back(source.table);
  const Select now = select_of(tokens, depths(tokens), Clause{tokens.size() - 1, tokens.size(), {}, {}, false, false});
  rows = rows_of(tokens, now.found ? now : select, sources);
  return true;
}

}  // namespace

bool take_row_locks(Tokens& tokens, Tokens& rows, Plan& plan, ServerError& error) {
  for (std::size_t i = tokens.size(); i-- > 0;) {
    Clause clause;
    if (read_clause(tokens, i, clause) && !take_clause(tokens, clause, rows, plan, error)) return false;
  }
  return true;
}

bool plan_lock(const Tokens& tokens, Plan& plan, ServerError& error) {
  static const std::map<std::string, LockMode> kModes{
      {"access share", LockMode::access_share}, {"row share", LockMode::row_share}, {"row exclusive", LockMode::row_exclusive},
      {"share update exclusive", LockMode::share_update_exclusive}, {"share", LockMode::share},
      {"share row exclusive", LockMode::share_row_exclusive}, {"exclusive", LockMode::exclusive}, {"access exclusive", LockMode::access_exclusive}};
  const auto fail = [&](std::size_t at) {
    const bool end = at >= tokens.size();
    error = {"ERROR", "42601", end ? "syntax error at end of input" : "syntax error at or near \"" + tokens[at].text + "\"", {}, {}, end ? 0 : tokens[at].position};
    return false;
  };
  plan.verb = Verb::lock;
  plan.tag = "LOCK TABLE";
  std::size_t at = is_at(tokens, 1, "table") ? 2 : 1;
  do {
    if (!plan.tables.empty()) ++at;
    if (is_at(tokens, at, "only")) ++at;
    if (is_at(tokens, at + 1, ".")) at += 2;
    if (!is_name(tokens, at)) return fail(at);
    plan.tables.push_back(name_of(tokens[at++]));
    if (is_at(tokens, at, "*")) ++at;
  } while (is_at(tokens, at, ","));
  if (is_at(tokens, at, "in")) {
    std::string mode;
    for (++at; at < tokens.size() && !tokens[at].is("mode"); ++at) mode += (mode.empty() ? "" : " ") + tokens[at].text;
    const auto found = kModes.find(mode);
    if (found == kModes.end() || at >= tokens.size()) return fail(at);
    plan.lock_mode = found->second;
    ++at;
  }
  if (is_at(tokens, at, "nowait")) plan.nowait = true, ++at;
  return at == tokens.size() || fail(at);
}

}  // namespace chaos::pg
