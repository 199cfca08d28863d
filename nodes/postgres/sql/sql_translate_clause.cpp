#include "postgres/sql/sql_translator.hpp"

#include "postgres/base/sqlite.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace chaos::pg {

std::string_view renamed_operator(std::string_view name) {
  static const std::map<std::string_view, std::string_view> words{
      {"ilike", "MATCH"}, {"~~", "LIKE"}, {"!~~", "NOT LIKE"}, {"~~*", "MATCH"}, {"!~~*", "NOT MATCH"}, {"~", "REGEXP"},
      {"!~", "NOT REGEXP"}, {"~*", "REGEXP '(?i)' ||"}, {"!~*", "NOT REGEXP '(?i)' ||"}};
  const auto found = words.find(name);
  return found == words.end() ? std::string_view{} : found->second;
}

// Clauses that SQLite says otherwise, or not at all.
bool Translator::clause() {
  const auto skip = [this](std::size_t count) { at_ += count; return true; };
  if (next_is("operator") && next_is("(", 1)) {             // OPERATOR(pg_catalog.~)
    std::size_t end = at_ + 2;
    while (end < in_.size() && !in_[end].is(")")) ++end;
    const std::string_view renamed = renamed_operator(in_[end - 1].text);
    emit(renamed.empty() ? in_[end - 1].text : std::string(renamed));
    operand_ = sum_ = kNone;
    at_ = std::min(end + 1, in_.size());
    return true;
  }
  if (output_name()) return true;
  if (next_is("lateral") && function_follows()) return skip(1);   // SQLite's table functions see what stands before them
  if (next_is("lateral")) plan_.refused = "LATERAL is not supported";
  const bool changes = next_is("insert") || next_is("update") || next_is("delete");
  if (changes && !out_.empty() && out_.back().text == "(") plan_.refused = "data-modifying statements in WITH are not supported";
  if (any_of() || array_value() || fetch_first()) return true;
  if (next_is("collate") && (next_is("pg_catalog", 1))) return skip(4);
  if (next_is("limit") && next_is("all", 1)) return skip(2);
  if (next_is("is") && next_is("unknown", 1)) return emit("IS NULL"), operand_ = sum_ = kNone, skip(2);
  if (next_is("on") && next_is("constraint", 1) && !out_.empty() && out_.back().text == "conflict") return skip(3);   // any constraint, then
  if (next_is("default") && next_kind(TokenKind::word, 1) && next_is("(", 2)) {   // DEFAULT now()
    ++at_;
    emit("DEFAULT (");
    operand();
    emit(")");
    return true;
  }
  return false;
}

// AS insert, AS user: any word may name a column in PostgreSQL, those too that mean something in SQLite or here.
bool Translator::output_name() {
  static const std::set<std::string_view> kQueries{"select", "values", "with", "materialized", "not", "table"};
  static const std::set<std::string_view> kCalls{"user", "session_user", "current_role", "current_user", "current_catalog", "current_schema", "localtimestamp"};
  if (!next_is("as") || !next_kind(TokenKind::word, 1)) return false;
  const std::string& name = in_[at_ + 1].text;
  const bool reserved = kCalls.contains(name) || sqlite3_keyword_check(name.c_str(), static_cast<int>(name.size())) != 0;
  if (!reserved || kQueries.contains(name)) return false;
  emit("as " + quote_name(name));
  at_ += 2;
  operand_ = sum_ = kNone;
  return true;
}

// LATERAL [schema.]function(
bool Translator::function_follows() const {
  const std::size_t name = next_is(".", 2) ? 3 : 1;
  return next_kind(TokenKind::word, name) && next_is("(", name + 1) && !next_is("unnest", name) && !next_is("generate_series", name);
}

// LIMIT $1: a bigint.
void Translator::count_parameter(const Token& token) {
  std::int32_t& type = plan_.types[static_cast<std::size_t>(std::max(std::stoi(token.text), 1) - 1)];
  if (type == 0) type = oid::kInt8;
}

// OFFSET n [ROWS], LIMIT n and FETCH FIRST n ROWS ONLY in any order; SQLite wants LIMIT n OFFSET n.
bool Translator::fetch_first() {
  const auto begins = [this] { return next_is("limit") || next_is("offset") || (next_is("fetch") && (next_is("first", 1) || next_is("next", 1))); };
  if (!begins() || (next_is("limit") && next_is("all", 1))) return false;
  std::vector<Piece> limit, offset;
  while (begins()) {
    const bool fetch = next_is("fetch");
    std::vector<Piece>& part = next_is("offset") ? offset : limit;
    at_ += fetch ? 2 : 1;
    const std::size_t from = out_.size();
    operand_ = sum_ = kNone;
    if (fetch && (next_is("row") || next_is("rows"))) emit("1");
    const std::size_t first = at_;
    while (more() && !begins() && !next_is("row") && !next_is("rows") && !next_is(")") && !next_is("for")) item();
    const bool literal = at_ == first + 1 && in_[first].kind == TokenKind::number;
    if (!literal && out_.size() > from) wrap(from, &part == &offset ? "pg_offset_rows" : "pg_limit_rows");
    if (at_ == first + 1 && in_[first].kind == TokenKind::parameter) count_parameter(in_[first]);
    part.assign(std::make_move_iterator(out_.begin() + static_cast<std::ptrdiff_t>(from)), std::make_move_iterator(out_.end()));
    out_.resize(from);
    while (next_is("row") || next_is("rows") || next_is("only")) ++at_;
  }
  emit("limit");
  if (limit.empty()) emit("-1");
  out_.insert(out_.end(), limit.begin(), limit.end());
  if (!offset.empty()) emit("offset");
  out_.insert(out_.end(), offset.begin(), offset.end());
  operand_ = sum_ = kNone;
  return true;
}

// x = ANY(array), x = ANY(ARRAY[a, b]), x <> ALL(array)
bool Translator::any_of() {
  const bool any = next_is("=") && (next_is("any", 1) || next_is("some", 1)) && next_is("(", 2);
  const bool none = (next_is("<>") || next_is("!=")) && next_is("all", 1) && next_is("(", 2);
  if (!any && !none) return false;
  at_ += 2;
  if (none) emit("NOT");
  operand_ = sum_ = kNone;
  if (next_is("select", 1)) {
    emit("IN");
    return group(), operand_ = sum_ = kNone, true;
  }
  if (next_is("array", 1) && next_is("(", 2)) {      // ANY(ARRAY(SELECT ..))
    at_ += 2;
    emit("IN");
    group();
    while (more() && !next_is(")")) ++at_;
    at_ = std::min(at_ + 1, in_.size());
    operand_ = sum_ = kNone;
    return true;
  }
  if (next_is("array", 1) && next_is("[", 2)) {
    at_ += 3;
    emit("IN (");
    while (more() && !next_is("]")) item();
    emit(")");
    ++at_;
    while (more() && !next_is(")")) ++at_;      // ARRAY[..]::text[]
    at_ = std::min(at_ + 1, in_.size());
    operand_ = sum_ = kNone;
    return true;
  }
  emit("IN ( SELECT value FROM json_each ( pg_array_json");
  group();
  emit(") )");
  operand_ = sum_ = kNone;
  return true;
}

// ARRAY[a, b] and ARRAY(SELECT ..): PostgreSQL's text of it.
bool Translator::array_value() {
  if (!next_is("array") || !(next_is("[", 1) || next_is("(", 1))) return false;
  const std::size_t from = out_.size();
  if (next_is("(", 1)) {
    emit("( WITH pg_q(x) AS");
    ++at_;
    group();
    emit("SELECT coalesce(array_agg(x), '{}') FROM pg_q )");
    casts(from);
    operand_ = sum_ = from;
    return true;
  }
  at_ += 2;
  emit("pg_array (");
  operand_ = sum_ = kNone;
  while (more() && !next_is("]")) item();
  if (more()) ++at_;
  emit(")");
  while (next_is("[")) subscript(from);
  casts(from);
  operand_ = from;
  return true;
}

void Translator::subscript(std::size_t from) {
  ++at_;
  insert(from, "pg_array_item (");
  emit(",");
  operand_ = sum_ = kNone;
  while (more() && !next_is("]")) item();
  if (more()) ++at_;
  emit(")");
}

// EXTRACT(field FROM source)
void Translator::extract_call() {
  ++at_;
  emit("pg_extract (");
  if (more()) {
    const Token& field = in_[at_++];
    emit((field.kind == TokenKind::string ? field.text : quote_text(name_of(field))) + " ,");
  }
  if (next_is("from")) ++at_;
  operand_ = sum_ = kNone;
  while (more() && !next_is(")")) item();
  if (more()) emit(in_[at_++].text);
}

// POSITION(a IN b), SUBSTRING(a FROM b FOR c)
void Translator::position_call() {
  const bool position = in_[at_ - 1].text == "position";
  ++at_;
  emit(position ? "pg_position (" : "substr (");
  operand_ = sum_ = kNone;
  while (more() && !next_is(")")) {
    const bool comma = next_is("from") || next_is("for") || (position && next_is("in"));
    if (!comma) {
      item();
      continue;
    }
    ++at_;
    operand_ = sum_ = kNone;
    emit(",");
  }
  if (more()) emit(in_[at_++].text);
}

// SQLite's minus knows numbers only, and PostgreSQL's times too: + and - are calls that look at what they get.
void Translator::sum() {
  const std::size_t from = sum_ == kNone ? operand_ : sum_;
  const bool minus = in_[at_++].text == "-";
  insert(from, minus ? "pg_minus (" : "pg_plus (");
  emit(",");
  operand_ = sum_ = kNone;
  while (next_is("-") || next_is("+")) emit(in_[at_++].text);
  if (more()) operand();
  while (next_is("*") || next_is("/") || next_is("%")) product_of();
  emit(")");
  operand_ = sum_ = from;
}

// a * b, a / b, a % b: what is divided by is looked at; intervals are multiplied by a call.
void Translator::product_of() {
  const std::size_t left = operand_, sum = sum_;
  const std::string sign = in_[at_++].text;
  const bool spans = left != kNone && (next_is("interval") || out_[left].text.starts_with("pg_interval"));
  if (spans) insert(left, sign == "*" ? "pg_times (" : "pg_over (");
  emit(spans ? "," : sign);
  operand_ = kNone;
  if (left == kNone || !more() || next_is(",") || next_is(")")) return;   // count(*), t.*
  while (next_is("-") || next_is("+")) emit(in_[at_++].text);
  const std::size_t from = out_.size();
  const bool literal = next_kind(TokenKind::number) && in_[at_].text.find_first_not_of("0.") != std::string::npos;
  if (more()) operand();
  if (sign != "*" && !spans && !literal) wrap(from, "pg_divisor");
  if (spans) emit(")");
  const auto numeric = [this](std::size_t at) { return at < out_.size() && (out_[at].text == "pg_numeric (" || out_[at].text.starts_with("pg_float") || (std::isdigit(static_cast<unsigned char>(out_[at].text[0])) != 0 && out_[at].text.find('.') != std::string::npos)); };
  if (sign == "%" && (numeric(left) || numeric(from) || numeric(from + 1))) plan_.refused = "% of numeric values is not supported: use mod()";
  operand_ = spans ? left : from;
  sum_ = sum;
}

}  // namespace chaos::pg
