#include "postgres/sql/sql_translator.hpp"

#include "postgres/sql/column_clauses.hpp"

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

// A type's name: words, perhaps (n, m), perhaps []. The first words suffice to know it; of an array the name ends in [].
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
    while (more() && !next_is(")")) ++at_;
    if (more()) ++at_;
  }
  if (next_is("[")) name += "[]";
  while (next_is("[") && more(1)) at_ += next_is("]", 1) ? 2 : 3;
  return name;
}

void Translator::wrap_cast(std::size_t from, std::string_view type) {
  const TypeName target = type_by_name(type);
  if (target.sqlite.empty()) return;
  const bool of_bool = target.sqlite == "TEXT" && from < out_.size() && (out_[from].text == "true" || out_[from].text == "false" || out_[from].text.starts_with("pg_bool"));
  if (of_bool) return wrap(from, "pg_bool_text");
  const bool function = target.sqlite.starts_with("pg_");
  insert(from, function ? std::string(target.sqlite) + " (" : "CAST (");
  emit(function ? ")" : "AS " + std::string(target.sqlite) + " )");
}

}  // namespace chaos::pg
