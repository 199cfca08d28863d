#include "postgres/sql_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace chaos::pg {

namespace {

using Words = std::map<std::string_view, std::string_view>;

// Key words that are calls without parentheses.
const Words& bare_calls() {
  static const Words words{{"current_user", "current_user()"},     {"session_user", "current_user()"},
                           {"user", "current_user()"},             {"current_role", "current_user()"},
                           {"current_catalog", "current_database()"}, {"current_schema", "current_schema()"},
                           {"current_timestamp", "now()"},         {"localtimestamp", "now()"}};
  return words;
}

const Words& renamed_calls() {
  static const Words words{{"left", "pg_left"}, {"right", "pg_right"}, {"greatest", "max"},   {"least", "min"},  {"string_agg", "group_concat"},
                           {"random", "pg_random"}, {"statement_timestamp", "now"},
                           {"transaction_timestamp", "now"}, {"char_length", "length"}, {"strpos", "instr"}};
  return words;
}

const Words& operators() {
  static const Words words{{"ilike", "MATCH"}, {"~~", "LIKE"}, {"!~~", "NOT LIKE"}, {"~~*", "MATCH"},
                           {"!~~*", "NOT MATCH"}, {"~", "REGEXP"}, {"!~", "NOT REGEXP"},
                           {"~*", "REGEXP '(?i)' ||"}, {"!~*", "NOT REGEXP '(?i)' ||"}};
  return words;
}

// Words that are no operand themselves: +, - and :: do not bind to them, and a bracket behind them is no call.
bool ends_operand(std::string_view word) {
  static const std::set<std::string_view> kOthers{
      "select", "where", "and", "or", "not", "in", "is", "like", "ilike", "by", "on", "from", "as", "case", "when", "then",
      "else", "between", "limit", "offset", "having", "values", "set", "returning", "distinct", "all", "using", "into"};
  return !kOthers.contains(word);
}

class Translator {
 public:
  Translator(const Tokens& tokens, Plan& plan) : in_(tokens), plan_(plan) {}
  std::string run() {
    while (at_ < in_.size()) item();
    return join();
  }

 private:
  bool more(std::size_t ahead = 0) const { return at_ + ahead < in_.size(); }
  bool next_is(std::string_view text, std::size_t ahead = 0) const { return more(ahead) && in_[at_ + ahead].is(text); }
  bool next_kind(TokenKind kind, std::size_t ahead = 0) const { return more(ahead) && in_[at_ + ahead].kind == kind; }
  void emit(std::string text) { out_.push_back(std::move(text)); }

  void item();
  bool clause();
  void operand();
  void operand_word();
  void parameter();
  void group();
  void call(const std::string& name);
  void extract_call();
  void cast_call();
  void casts(std::size_t from);
  std::string type_words();
  void wrap_cast(std::size_t from, std::string_view type);
  void time_arithmetic();
  bool schema_prefix();
  void note_name(std::string_view name);
  std::string join() const;

  const Tokens& in_;
  Plan& plan_;
  std::size_t at_ = 0;
  std::vector<std::string> out_;
  std::size_t operand_ = kNone;      // where the operand that just ended begins in out_
  int depth_ = 0;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

std::string Translator::join() const {
  std::string text;
  for (const std::string& piece : out_) {
    if (!text.empty()) text.push_back(' ');
    text += piece;
  }
  return text;
}

void Translator::note_name(std::string_view name) {
  const bool memory = name.starts_with("pg_") || name.starts_with("information_schema") || name == "obj_description";
  if (memory && name != "pg_sleep") plan_.catalog = true;
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
  if (clause()) return;
  if ((token.is("-") || token.is("+")) && operand_ != kNone) return time_arithmetic();
  if (const auto found = operators().find(token.text); found != operators().end() && token.is(token.text)) {
    ++at_;
    operand_ = kNone;
    return emit(std::string(found->second));
  }
  if (token.kind == TokenKind::symbol && !token.is("(")) {
    ++at_;
    operand_ = kNone;
    return emit(token.text);
  }
  operand();
}

// Clauses that SQLite says otherwise, or not at all.
bool Translator::clause() {
  const auto skip = [this](std::size_t count) { at_ += count; return true; };
  if (next_is("operator") && next_is("(", 1)) {             // OPERATOR(pg_catalog.~)
    std::size_t end = at_ + 2;
    while (end < in_.size() && !in_[end].is(")")) ++end;
    const auto found = operators().find(in_[end - 1].text);
    emit(found == operators().end() ? in_[end - 1].text : std::string(found->second));
    operand_ = kNone;
    at_ = std::min(end + 1, in_.size());
    return true;
  }
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

void Translator::operand() {
  const std::size_t from = out_.size();
  const Token& token = in_[at_];
  const bool ends = token.kind != TokenKind::word || ends_operand(token.text);
  if (token.is("(")) group();
  else if (token.kind == TokenKind::parameter) parameter();
  else if (token.kind == TokenKind::word || token.kind == TokenKind::quoted) operand_word();
  else emit(in_[at_++].text);
  operand_ = ends ? from : kNone;
  casts(from);
}

void Translator::parameter() {
  const int n = std::stoi(in_[at_++].text);
  plan_.parameters = std::max(plan_.parameters, n);
  plan_.types.resize(static_cast<std::size_t>(plan_.parameters), 0);
  std::int32_t& type = plan_.types[static_cast<std::size_t>(std::max(n, 1) - 1)];
  if (next_is("::") && type == 0 && more(1)) type = type_by_name(in_[at_ + 1].text).oid;
  emit("?" + std::to_string(n));
}

void Translator::group() {
  ++depth_;
  ++at_;
  emit("(");
  operand_ = kNone;
  while (more() && !next_is(")")) item();
  if (more()) emit(in_[at_++].text);
  --depth_;
}

void Translator::operand_word() {
  if (schema_prefix()) return;
  const Token& token = in_[at_];
  if (token.is("interval") && next_kind(TokenKind::string, 1)) {
    emit("pg_interval(" + in_[at_ + 1].text + ")");
    at_ += 2;
    return;
  }
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
}

void Translator::call(const std::string& name) {
  if (name == "extract") return extract_call();
  if (name == "cast") return cast_call();
  const auto renamed = renamed_calls().find(name);
  const Token& token = in_[at_ - 1];
  emit(renamed == renamed_calls().end() ? token.text : std::string(renamed->second));
  group();
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

}  // namespace

TypeName type_by_name(std::string_view name) {
  static const std::map<std::string_view, TypeName> kTypes{
      {"int", {"INTEGER", oid::kInt4}}, {"integer", {"INTEGER", oid::kInt4}}, {"int4", {"INTEGER", oid::kInt4}},
      {"serial", {"INTEGER", oid::kInt4}}, {"int8", {"INTEGER", oid::kInt8}}, {"bigint", {"INTEGER", oid::kInt8}},
      {"bigserial", {"INTEGER", oid::kInt8}}, {"int2", {"INTEGER", oid::kInt2}}, {"smallint", {"INTEGER", oid::kInt2}},
      {"oid", {"INTEGER", oid::kOid}}, {"bool", {"pg_bool", oid::kBool}}, {"boolean", {"pg_bool", oid::kBool}},
      {"float4", {"REAL", oid::kFloat4}}, {"real", {"REAL", oid::kFloat4}}, {"float8", {"REAL", oid::kFloat8}},
      {"float", {"REAL", oid::kFloat8}}, {"double precision", {"REAL", oid::kFloat8}},
      {"numeric", {"NUMERIC", oid::kNumeric}}, {"decimal", {"NUMERIC", oid::kNumeric}},
      {"text", {"TEXT", oid::kText}}, {"name", {"TEXT", oid::kName}}, {"varchar", {"TEXT", oid::kVarchar}},
      {"character varying", {"TEXT", oid::kVarchar}}, {"char", {"TEXT", oid::kText}}, {"character", {"TEXT", oid::kText}},
      {"bytea", {"BLOB", oid::kBytea}}, {"blob", {"BLOB", oid::kBytea}}, {"regclass", {"pg_regclass", oid::kText}},
      {"timestamp", {"TEXT", oid::kTimestamp}}, {"timestamp without time zone", {"TEXT", oid::kTimestamp}},
      {"timestamptz", {"TEXT", oid::kTimestampTz}}, {"timestamp with time zone", {"TEXT", oid::kTimestampTz}},
      {"date", {"TEXT", oid::kDate}}, {"time", {"TEXT", oid::kTime}}, {"interval", {"pg_interval", oid::kInterval}},
      {"inet", {"TEXT", oid::kInet}}, {"pg_lsn", {"TEXT", oid::kPgLsn}}, {"json", {"TEXT", oid::kJson}},
      {"jsonb", {"TEXT", oid::kJson}}, {"uuid", {"TEXT", oid::kUuid}}};
  const auto found = kTypes.find(name);
  return found == kTypes.end() ? TypeName{"", oid::kText} : found->second;
}

std::string translate(const Tokens& tokens, Plan& plan) { return Translator(tokens, plan).run(); }

}  // namespace chaos::pg
