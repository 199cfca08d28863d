#include "postgres/sql/sql_translator.hpp"

#include "postgres/sql/column_clauses.hpp"
#include "postgres/sql/sql_output.hpp"

#include <cctype>
#include <set>

namespace chaos::pg {

// interval '5 min', timestamp with time zone '...', date '...'
bool Translator::typed_literal() {
  static const std::set<std::string_view> kTypes{"interval", "timestamp", "timestamptz", "date", "time"};
  if (!next_kind(TokenKind::word) || !kTypes.contains(in_[at_].text)) return false;
  std::size_t to = at_ + 1;
  if (next_is("with", 1) || next_is("without", 1)) to = at_ + 4;
  if (to >= in_.size() || in_[to].kind != TokenKind::string) return false;
  const TypeName type = type_by_name(in_[at_].text == "timestamp" && next_is("with", 1) ? "timestamptz" : in_[at_].text);
  emit(std::string(type.sqlite.starts_with("pg_") ? type.sqlite : "") + "(" + in_[to].text + ")");
  at_ = to + 1;
  return true;
}

// CAST(x AS type): the type's name decides SQLite's affinity, so it must be one that SQLite knows.
void Translator::cast_call() {
  const std::size_t from = out_.size();
  ++at_;
  emit("(");
  operand_ = sum_ = kNone;
  while (more() && !next_is(")") && !next_is("as")) item();
  emit(")");
  if (next_is("as")) {
    ++at_;
    wrap_cast(from, type_words());
  }
  if (next_is(")")) ++at_;
}

void Translator::casts(std::size_t from) {
  while (true) {
    if (next_is("::")) {
      ++at_;
      wrap_cast(from, type_words());
    } else if (next_is("at") && next_is("time", 1) && next_is("zone", 2)) {
      at_ += 3;
      insert(from, "pg_at_zone (");
      emit(",");
      if (more()) operand();
      emit(")");
    } else {
      return;
    }
  }
}

// A type's name: words, perhaps (n, m), which numeric keeps, perhaps []. The first words suffice to know it; of an array the name ends in [].
std::string Translator::type_words() {
  if (next_is("pg_catalog") && next_is(".", 1)) at_ += 2;
  std::string name;
  const std::size_t first = at_;
  static const std::set<std::string_view> kFollow{"precision", "varying", "with", "without", "time", "zone"};
  while (next_kind(TokenKind::word) && (name.empty() || kFollow.contains(in_[at_].text))) {
    name += (name.empty() ? "" : " ") + in_[at_++].text;
  }
  if (next_kind(TokenKind::quoted) && name.empty()) name = name_of(in_[at_++]);
  if (!name.empty() && !is_type(name.substr(0, name.find(' '))) && plan_.no_type.first.empty()) plan_.no_type = {name, in_[first].position};
  if (next_is("(")) {
    const bool kept = type_by_name(name).oid == oid::kNumeric;
    for (; more() && !next_is(")"); ++at_) name += kept ? in_[at_].text : "";
    if (more()) name += kept ? ")" : "", ++at_;
  }
  if (next_is("[")) name += "[]";
  while (next_is("[") && more(1)) at_ += next_is("]", 1) ? 2 : 3;
  return name;
}

void Translator::wrap_cast(std::size_t from, std::string_view type) {
  const TypeName target = type_by_name(type);
  if (target.sqlite.empty() || from >= out_.size()) return;
  const bool of_bool = target.sqlite == "TEXT" && (out_[from].text == "true" || out_[from].text == "false" || out_[from].text.starts_with("pg_bool"));
  if (of_bool) return wrap(from, "pg_bool_text");
  if (target.oid == oid::kNumeric) return wrap_numeric(from, modifier_of_declaration(type));
  const bool whole = target.oid == oid::kInt2 || target.oid == oid::kInt4 || target.oid == oid::kInt8;
  if (whole && out_[from].text.starts_with("pg_float")) wrap(from, "pg_even");
  if (target.sqlite == "TEXT") show(from);
  const bool function = target.sqlite.starts_with("pg_");
  insert(from, function ? std::string(target.sqlite) + " (" : "CAST (");
  emit(function ? ")" : "AS " + std::string(target.sqlite) + " )");
}

// A constant goes as text, with all of its digits.
void Translator::quote_number(std::size_t from) {
  const bool number = out_.size() == from + 1 && (std::isdigit(static_cast<unsigned char>(out_[from].text[0])) != 0 || out_[from].text[0] == '.');
  if (number) out_[from].text = quote_text(out_[from].text);
}

void Translator::wrap_numeric(std::size_t from, std::int32_t modifier) {
  quote_number(from);
  insert(from, "pg_numeric (");
  const int limits = modifier - 4;      // precision and scale
  emit(modifier < 4 ? ")" : ", " + std::to_string(limits >> 16) + " , " + std::to_string(limits & 0xffff) + " )");
}

// What SQLite would show as 10.0 on its way into a text.
void Translator::show(std::size_t from) {
  const std::string first = out_[from].text, last = out_.back().text;
  if (first.find('.') != std::string::npos && first.find_first_of("eE\"") == std::string::npos) quote_number(from);
  if (out_.size() == from + 1 && out_[from].text.starts_with('\'')) return;
  if (first != "pg_numeric (") return wrap(from, "pg_shown");
  insert(from, "pg_shown_numeric (");
  emit(last.starts_with(", ") ? last.substr(last.rfind(',')) : ")");
}

}  // namespace chaos::pg
