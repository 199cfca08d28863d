#include "postgres/sql/sql_translator.hpp"

#include <map>
#include <set>

namespace chaos::pg {

namespace {

// "alias" or "alias(column)" behind a function or subquery in FROM; where it ends.
struct Alias {
  std::string name;
  std::vector<std::string> columns;
  std::size_t end = 0;
};

bool is_name(const Token& token) {
  static const std::set<std::string_view> kKeyWords{
      "join", "left", "right", "inner", "cross", "natural", "full", "union", "except", "intersect", "group", "order", "over", "filter", "on", "using",
      "where", "having", "values", "select", "window", "limit", "offset", "fetch", "for", "and", "or", "returning", "set", "do", "with", "as", "lateral",
      "not", "in", "is", "between", "like", "ilike", "then", "when", "else", "end", "from", "asc", "desc", "nulls", "collate", "conflict", "default", "within"};
  return token.kind == TokenKind::quoted || (token.kind == TokenKind::word && !kKeyWords.contains(token.text));
}

Alias alias_at(const Tokens& in, std::size_t at) {
  Alias alias;
  if (at < in.size() && in[at].is("as")) ++at;
  if (at < in.size() && is_name(in[at])) {
    alias.name = quote_name(name_of(in[at++]));
    if (at + 1 < in.size() && in[at].is("(") && is_name(in[at + 1])) {
      std::size_t inside = at + 1;
      while (inside < in.size() && is_name(in[inside])) {
        alias.columns.push_back(quote_name(name_of(in[inside++])));
        if (inside < in.size() && in[inside].kind == TokenKind::word) ++inside;   // AS t(id int): the type is dropped
        if (!(inside < in.size() && in[inside].is(","))) break;
        ++inside;
      }
      at = std::min(inside + 1, in.size());
    }
  }
  alias.end = at;
  return alias;
}

}  // namespace

// (SELECT ..) AS t(a, b): SQLite names columns in WITH alone.
void Translator::column_names(std::size_t from) {
  const Alias alias = alias_at(in_, at_);
  if (alias.columns.empty()) return;
  at_ = alias.end;
  std::string names;
  for (const std::string& column : alias.columns) names += (names.empty() ? "" : ", ") + column;
  insert(from, "( WITH " + alias.name + "(" + names + ") AS");
  emit("SELECT * FROM " + alias.name + " ) AS " + alias.name);
}

// generate_series(..) and unnest(..): rows of one column named as the alias says, and their number WITH ORDINALITY.
// pg_partition_ancestors(..): no table here is a partition, so it gives no rows.
bool Translator::row_source(const std::string& name) {
  const bool series = name == "generate_series", none = name == "pg_partition_ancestors";
  if (!series && !none && name != "unnest") return false;
  const bool selected = clause_ == "select";
  if (clause_ != "from" && !selected) return false;
  const std::size_t from = out_.size();
  if (series || none) group();
  else emit("( pg_array_json"), group(), emit(")");
  std::vector<Piece> arguments(out_.begin() + static_cast<std::ptrdiff_t>(from), out_.end());
  out_.resize(from);
  std::string column = quote_name(name), alias = column, number;
  if (!selected) {
    const bool numbered = next_is("with") && next_is("ordinality", 1);
    const Alias given = alias_at(in_, numbered ? at_ + 2 : at_);
    at_ = given.end;
    if (!given.name.empty()) alias = column = given.name;
    if (!given.columns.empty()) column = given.columns[0];
    if (numbered) number = ", row_number() OVER () AS " + (given.columns.size() > 1 ? given.columns[1] : "ordinality");
  } else {
    alias = "pg_rows";
  }
  std::vector<Piece> rows{{"( SELECT " + std::string(series ? "generate_series" : none ? "NULL" : "value") + " AS " + column + number + " FROM " +
                           (series ? "generate_series" : none ? "( SELECT 1 ) WHERE 0" : "json_each"), here_}};
  if (!none) rows.insert(rows.end(), arguments.begin(), arguments.end());
  rows.push_back({") AS " + alias, here_});
  if (selected) {
    if (!rows_.empty()) plan_.refused = "more than one set-returning function in a select list is not supported";
    rows_ = std::move(rows);
    emit(alias + "." + column);
  } else {
    out_.insert(out_.end(), rows.begin(), rows.end());
  }
  return true;
}

// Where a clause begins. A set-returning function of the select list becomes a part of FROM.
void Translator::enter_clause(const Token& token) {
  static const std::set<std::string_view> kClauses{"select", "from", "where", "on", "group", "order", "having", "set", "values", "returning",
                                                   "limit", "union", "except", "intersect", "window", "using", "offset"};
  if (token.kind != TokenKind::word) return;
  if (token.is("join")) clause_ = "from";
  if (!kClauses.contains(token.text)) return;
  if (clause_ == "select" && !token.is("select") && !token.is("from")) place_rows();
  clause_ = *kClauses.find(token.text);
}

void Translator::place_rows() {
  if (rows_.empty()) return;
  const bool alone = out_.empty() || out_.back().text != "from";
  if (alone) emit("from");
  out_.insert(out_.end(), rows_.begin(), rows_.end());
  if (!alone) emit(",");
  rows_.clear();
}

// f(share) WITHIN GROUP (ORDER BY x)
void Translator::ordered_set_call(const std::string& name) {
  emit("pg_" + name + " (");
  ++at_;
  operand_ = sum_ = kNone;
  while (more() && !next_is(")")) item();
  at_ = std::min(at_ + 1, in_.size());
  emit(",");
  if (!next_is("within") || !next_is("group", 1) || !next_is("(", 2)) return emit(")");
  at_ += 3;
  order_key();
  emit(")");
}

// [ORDER BY] key [ASC|DESC] ): the key, and 1 when it descends.
void Translator::order_key() {
  if (next_is("order") && next_is("by", 1)) at_ += 2;
  operand_ = sum_ = kNone;
  while (more() && !next_is(")") && !next_is("asc") && !next_is("desc") && !next_is("nulls")) item();
  emit(next_is("desc") ? ", 1" : ", 0");
  while (more() && !next_is(")")) ++at_;
  at_ = std::min(at_ + 1, in_.size());
}

// string_agg(DISTINCT x, separator [ORDER BY x]): in order, each once.
void Translator::distinct_strings() {
  emit("pg_string_set (");
  at_ += 2;
  operand_ = sum_ = kNone;
  while (more() && !next_is(")") && !next_is("order")) item();
  while (more() && !next_is(")")) ++at_;
  at_ = std::min(at_ + 1, in_.size());
  emit(")");
}

// string_agg(x, separator [ORDER BY key]), array_agg(x [ORDER BY key])
void Translator::ordered_call(const std::string& name) {
  if (name == "string_agg" && next_is("distinct", 1)) return distinct_strings();
  std::size_t order = at_ + 1;
  for (int depth = 0; order < in_.size() && !(depth == 0 && (in_[order].is("order") || in_[order].is(")"))); ++order) {
    depth += in_[order].is("(") ? 1 : in_[order].is(")") ? -1 : 0;
  }
  if (order >= in_.size() || !in_[order].is("order")) {
    emit(name == "string_agg" ? "group_concat" : name);
    return group();
  }
  emit("pg_" + name + " (");
  ++at_;
  operand_ = sum_ = kNone;
  while (at_ < order) item();
  emit(",");
  order_key();
  emit(")");
}

}  // namespace chaos::pg
