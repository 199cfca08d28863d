#include "postgres/sql_translator.hpp"

#include <algorithm>
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
    operand_ = kNone;
    at_ = std::min(end + 1, in_.size());
    return true;
  }
  if (next_is("=") && next_is("any", 1) && next_is("(", 2)) return skip(2), any_of();
  if (next_is("array") && next_is("(", 1)) return skip(1), operand(), true;   // ARRAY(SELECT ..): its first row
  if (next_is("collate") && (next_is("pg_catalog", 1))) return skip(4);
  if (next_is("limit") && next_is("all", 1)) return skip(2);
  if (next_is("for") && (next_is("update", 1) || next_is("share", 1)) && depth_ == 0) {
    plan_.locks = true;
    return skip(in_.size() - at_);
  }
  const bool literal = next_kind(TokenKind::string, 1);
  if (literal && (next_is("timestamp") || next_is("timestamptz") || next_is("date"))) return skip(1);
  if (next_is("default") && next_kind(TokenKind::word, 1) && next_is("(", 2)) {   // DEFAULT now()
    ++at_;
    emit("DEFAULT (");
    operand();
    emit(")");
    return true;
  }
  return false;
}

// x = ANY(array), x = ANY(ARRAY[a, b])
bool Translator::any_of() {
  operand_ = kNone;
  if (next_is("array", 1) && next_is("[", 2)) {
    at_ += 3;
    emit("IN (");
    while (more() && !next_is("]")) item();
    emit(")");
    at_ = std::min(at_ + 2, in_.size());
    operand_ = kNone;
    return true;
  }
  emit("IN ( SELECT value FROM json_each ( pg_array_json");
  group();
  emit(") )");
  operand_ = kNone;
  return true;
}

// array[i]: no column here holds an array, so there is no element.
void Translator::subscript(std::size_t from) {
  while (more() && !next_is("]")) ++at_;
  if (more()) ++at_;
  out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(from), "pg_array_item (");
  emit(")");
}

// EXTRACT(field FROM source)
void Translator::extract_call() {
  ++at_;
  emit("pg_extract (");
  if (more()) emit(quote_text(name_of(in_[at_++])) + " ,");
  if (next_is("from")) ++at_;
  while (more() && !next_is(")")) item();
  if (more()) emit(in_[at_++].text);
}

// CAST(x AS type): the type's name decides SQLite's affinity, so it must be one that SQLite knows.
void Translator::cast_call() {
  const std::size_t from = out_.size();
  ++at_;
  emit("(");
  while (more() && !next_is(")") && !next_is("as")) item();
  emit(")");
  if (next_is("as")) {
    ++at_;
    wrap_cast(from, type_words());
  }
  if (next_is(")")) ++at_;
}

void Translator::casts(std::size_t from) {
  while (next_is("::")) {
    ++at_;
    wrap_cast(from, type_words());
  }
}

// A type's name: words, perhaps (n, m), perhaps []. The first words suffice to know it.
std::string Translator::type_words() {
  if (next_is("pg_catalog") && next_is(".", 1)) at_ += 2;
  std::string name;
  static const std::set<std::string_view> kFollow{"precision", "varying", "with", "without", "time", "zone"};
  while (next_kind(TokenKind::word) && (name.empty() || kFollow.contains(in_[at_].text))) {
    name += (name.empty() ? "" : " ") + in_[at_++].text;
  }
  if (next_kind(TokenKind::quoted) && name.empty()) name = name_of(in_[at_++]);
  if (next_is("(")) {
    while (more() && !next_is(")")) ++at_;
    if (more()) ++at_;
  }
  while (next_is("[") && next_is("]", 1)) at_ += 2;
  return name;
}

void Translator::wrap_cast(std::size_t from, std::string_view type) {
  const TypeName target = type_by_name(type);
  if (target.sqlite.empty()) return;
  const bool function = target.sqlite.starts_with("pg_");
  out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(from), function ? std::string(target.sqlite) + " (" : "CAST (");
  emit(function ? ")" : "AS " + std::string(target.sqlite) + " )");
}

// time - interval '..', now() - time: SQLite's minus knows numbers only.
void Translator::time_arithmetic() {
  const std::size_t from = operand_;
  const std::string sign = in_[at_++].text;
  const bool interval = next_is("interval") && next_kind(TokenKind::string, 1);
  const bool of_now = sign == "-" && (out_[from] == "now()" || out_[from] == "now" || out_[from].starts_with("age"));
  operand_ = kNone;
  if (!interval && (!of_now || !more() || next_kind(TokenKind::number))) return emit(sign);
  out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(from), interval ? "pg_time_add (" : "age (");
  emit(interval ? ", '" + sign + "' ," : ",");
  operand();
  emit(")");
  operand_ = from;
}

}  // namespace chaos::pg
