#include "postgres/sql/sql_translator.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

namespace chaos::pg {

namespace {

using Words = std::map<std::string_view, std::string_view>;

// Key words that are calls without parentheses.
const Words& bare_calls() {
  static const Words words{{"current_user", "current_user()"},     {"session_user", "current_user()"},
                           {"user", "current_user()"},             {"current_role", "current_user()"},
                           {"current_catalog", "current_database()"}, {"current_schema", "current_schema()"},
                           {"current_timestamp", "now()"},         {"localtimestamp", "pg_timestamp(now())"},
                           {"current_date", "pg_date(now())"}};
  return words;
}

const Words& renamed_calls() {
  static const Words words{{"left", "pg_left"}, {"right", "pg_right"}, {"greatest", "pg_greatest"}, {"least", "pg_least"},
                           {"random", "pg_random"}, {"statement_timestamp", "now"}, {"date_part", "pg_date_part"},
                           {"transaction_timestamp", "now"}, {"char_length", "length"}, {"character_length", "length"}, {"strpos", "instr"},
                           {"bool_and", "min"}, {"every", "min"}, {"bool_or", "max"}, {"substring", "substr"}, {"btrim", "trim"}, {"ceiling", "ceil"}};
  return words;
}

// Words that are no operand themselves: +, - and :: do not bind to them, and a bracket behind them is no call.
bool ends_operand(std::string_view word) {
  static const std::set<std::string_view> kOthers{
      "select", "where", "and", "or", "not", "in", "is", "like", "ilike", "by", "on", "from", "as", "case", "when", "then",
      "else", "between", "limit", "offset", "having", "values", "set", "returning", "distinct", "all", "using", "into",
      "join", "union", "except", "intersect"};
  return !kOthers.contains(word);
}

}  // namespace

// The text, and where each piece of it stands in the query.
std::string Translator::join() {
  std::string text;
  for (const Piece& piece : out_) {
    if (!text.empty()) text.push_back(' ');
    if (plan_.spots.empty() || plan_.spots.back().second != piece.position) plan_.spots.emplace_back(static_cast<int>(text.size()), piece.position);
    text += piece.text;
  }
  return text;
}

void Translator::note_name(std::string_view name) {
  const bool memory = name.starts_with("pg_") || name.starts_with("information_schema") || name == "obj_description" || name == "format_type";
  if (memory && name != "pg_sleep" && name != "pg_promote") plan_.catalog = true;
}

// public.items, pg_catalog.now() and information_schema.tables live in one namespace here. True: the name is emitted.
bool Translator::schema_prefix() {
  if (!more(2) || !in_[at_ + 1].is(".")) return false;
  const std::string name = name_of(in_[at_]);
  if (name != "public" && name != "pg_catalog" && name != "information_schema") return false;
  at_ += 2;
  if (name != "information_schema") return false;
  plan_.catalog = true;
  emit("information_schema_" + name_of(in_[at_++]));
  return true;
}

void Translator::item() {
  const Token& token = in_[at_];
  here_ = token.position;
  if (clause()) return;
  if ((token.is("-") || token.is("+")) && operand_ != kNone) return sum();
  if (token.is("*") || token.is("/") || token.is("%")) return product_of();
  if (const std::string_view renamed = renamed_operator(token.text); !renamed.empty() && token.is(token.text)) {
    ++at_;
    operand_ = sum_ = kNone;
    return emit(std::string(renamed));
  }
  if (token.is("||")) return concat();
  if (token.kind == TokenKind::symbol && !token.is("(")) {
    ++at_;
    operand_ = kNone;
    sum_ = token.is("-") ? out_.size() : kNone;
    return emit(token.text);
  }
  operand();
}

// A column beside || that may be a number; more than a name is left as it is.
void Translator::show_name(std::size_t from) {
  static const std::set<std::string_view> kNone{"end", "null", "true", "false"};
  const bool name = from < out_.size() && out_.size() == from + 1 && !out_[from].text.ends_with(')') && !kNone.contains(out_[from].text) &&
                    (out_[from].text[0] == '"' || out_[from].text[0] == '_' || std::isalpha(static_cast<unsigned char>(out_[from].text[0])) != 0);
  const bool collation = from > 0 && name && out_[from - 1].text == "collate";
  if (name && !collation) wrap(from, "pg_shown");
}

void Translator::concat() {
  if (operand_ != kNone) show_name(operand_);
  ++at_;
  emit("||");
  operand_ = sum_ = kNone;
  const bool name = more() && (in_[at_].kind == TokenKind::quoted || (in_[at_].kind == TokenKind::word && ends_operand(in_[at_].text) && !in_[at_].is("array")));
  if (!name) return;
  operand();
  if (!next_is("(")) show_name(operand_);
}

void Translator::operand() {
  const std::size_t from = out_.size();
  const Token& token = in_[at_];
  here_ = token.position;
  const bool ends = token.kind != TokenKind::word || ends_operand(token.text);
  const std::size_t sum = sum_;
  if (token.is("(")) group(), column_names(from);
  else if (token.kind == TokenKind::parameter) parameter();
  else if (token.kind == TokenKind::word || token.kind == TokenKind::quoted) operand_word();
  else emit(in_[at_++].text);
  while (ends && next_is("[")) subscript(from);
  casts(from);
  operand_ = ends ? from : kNone;
  sum_ = !ends ? kNone : sum == kNone ? from : sum;
}

void Translator::parameter() {
  const int n = std::stoi(in_[at_++].text);
  plan_.parameters = std::max(plan_.parameters, n);
  plan_.types.resize(static_cast<std::size_t>(plan_.parameters), 0);
  std::int32_t& type = plan_.types[static_cast<std::size_t>(std::max(n, 1) - 1)];
  const bool array = next_is("[", 2);
  if (next_is("::") && type == 0 && more(1) && !array) type = type_by_name(in_[at_ + 1].text).oid;
  emit("?" + std::to_string(n));
}

void Translator::group() {
  ++depth_;
  ++at_;
  emit("(");
  operand_ = sum_ = kNone;
  const std::string_view clause = std::exchange(clause_, {});
  std::vector<Piece> rows = std::exchange(rows_, {});
  while (more() && !next_is(")")) item();
  place_rows();
  clause_ = clause;
  rows_ = std::move(rows);
  if (more()) {
    here_ = in_[at_].position;
    emit(in_[at_++].text);
  }
  --depth_;
}

void Translator::operand_word() {
  if (schema_prefix() || typed_literal()) return;
  const Token& token = in_[at_];
  enter_clause(token);
  ++at_;
  note_name(name_of(token));
  if (next_is("(") && ends_operand(token.text)) return call(name_of(token));
  const auto bare = token.kind == TokenKind::word ? bare_calls().find(token.text) : bare_calls().end();
  std::string text = bare == bare_calls().end() ? token.text : std::string(bare->second);
  while (next_is(".") && more(1)) {                       // a.b, a.*
    text += "." + in_[at_ + 1].text;
    at_ += 2;
  }
  emit(std::move(text));
  if (token.is("from")) place_rows();
}

void Translator::call(const std::string& name) {
  if (name == "extract") return extract_call();
  if (name == "position" || name == "substring") return position_call();
  if (name == "cast") return cast_call();
  if (name == "string_agg" || name == "array_agg") return ordered_call(name);
  if (name == "percentile_cont" || name == "percentile_disc") return ordered_set_call(name);
  if (row_source(name)) return;
  const auto renamed = renamed_calls().find(name);
  const Token& token = in_[at_ - 1];
  emit(renamed == renamed_calls().end() ? token.text : std::string(renamed->second));
  group();
}

std::string translate(const Tokens& tokens, Plan& plan) {
  plan.spots.clear();
  return Translator(tokens, plan).run();
}

}  // namespace chaos::pg
