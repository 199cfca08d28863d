#include "postgres/sql/sql_coerce.hpp"

#include "postgres/sql/sql_clauses.hpp"
#include "postgres/sql/sql_expression.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "postgres/sql/sql_stored.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

const OutputColumn* find(const OutputColumns& columns, const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const OutputColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

class Coercion {
 public:
  Coercion(Tokens& tokens, SchemaTypes& schema, std::vector<std::int32_t>& parameters) : in_(tokens), schema_(schema), parameters_(parameters) {}

  bool change(ServerError& error);
  void compared();

 private:
  bool insert(ServerError& error);
  void update();
  std::string relation(std::size_t& at) const;
  void list_columns(std::size_t at, const OutputColumns& columns, std::size_t given);
  void value(std::size_t from, std::size_t to, const OutputColumn& column);
  void note(const Token& token, std::int32_t type);
  void put(std::initializer_list<std::string_view> words, int position) {
    for (const std::string_view word : words) out_.push_back({TokenKind::word, std::string(word), position});
  }
  void number(int value, int position) { out_.push_back({TokenKind::number, std::to_string(value), position}); }
  void cast_to(const OutputColumn& column, int position);
  void symbol(std::string_view text, int position) { out_.push_back({TokenKind::symbol, std::string(text), position}); }
  void copy(std::size_t from, std::size_t to) { out_.insert(out_.end(), in_.begin() + static_cast<std::ptrdiff_t>(from), in_.begin() + static_cast<std::ptrdiff_t>(to)); }
  std::size_t values(std::size_t at, const std::vector<const OutputColumn*>& targets);
  std::int32_t type_of(std::size_t from, std::size_t to) const;
  bool stored_otherwise(std::size_t from, std::size_t to, const OutputColumn& column);
  void assignments(std::size_t at);

  Tokens& in_;
  SchemaTypes& schema_;
  std::vector<std::int32_t>& parameters_;
  Tokens out_;
  std::string relation_;
  OutputColumns columns_;      // of the relation
};

std::int32_t Coercion::type_of(std::size_t from, std::size_t to) const {
  Scope scope;
  scope.schema = &schema_;
  scope.parameters = &parameters_;
  scope.sources.push_back({relation_, columns_});
  return expression_type({&in_, from, to}, scope, 0).type;
}

// ::type of a column, numeric(p, s) with its limits.
void Coercion::cast_to(const OutputColumn& column, int position) {
  symbol("::", position);
  put({cast_name(column.type)}, position);
  if (column.type != oid::kNumeric || column.modifier < 4) return;
  symbol("(", position);
  number((column.modifier - 4) >> 16, position);
  symbol(",", position);
  number((column.modifier - 4) & 0xffff, position);
  symbol(")", position);
}

// A value that its column rounds: all in a numeric column, and what is or may be no whole number in a column of such.
bool Coercion::stored_otherwise(std::size_t from, std::size_t to, const OutputColumn& column) {
  const Token& first = in_[from];
  const bool single = to == from + 1, numeric = column.type == oid::kNumeric;
  if ((!numeric && !is_whole(column.type)) || (single && first.is("null"))) return false;
  if (single && (first.kind == TokenKind::string || first.kind == TokenKind::number || first.kind == TokenKind::parameter)) {
    const bool plain = !numeric && (first.kind != TokenKind::number || first.text.find_first_of(".eE") == std::string::npos);
    if (plain) return false;
    out_.push_back(first);
    cast_to(column, first.position);
    return true;
  }
  const std::int32_t type = numeric ? 0 : type_of(from, to);
  if (!numeric && is_whole(type)) return false;
  if (is_double(type)) put({"pg_even"}, first.position);
  symbol("(", first.position);
  copy(from, to);
  symbol(")", first.position);
  cast_to(column, first.position);
  return true;
}

std::string Coercion::relation(std::size_t& at) const {
  if (is_at(in_, at + 1, ".")) at += 2;
  return at < in_.size() ? name_of(in_[at++]) : "";
}

void Coercion::note(const Token& token, std::int32_t type) {
  const int n = std::stoi(token.text);
  if (n < 1 || n > 65535) return;
  parameters_.resize(std::max(parameters_.size(), static_cast<std::size_t>(n)), 0);
  if (parameters_[static_cast<std::size_t>(n - 1)] == 0) parameters_[static_cast<std::size_t>(n - 1)] = type;
}

void Coercion::value(std::size_t from, std::size_t to, const OutputColumn& column) {
  const Token& first = in_[from];
  const bool single = to == from + 1;
  const bool limited = (column.type == oid::kVarchar || column.type == oid::kBpchar) && column.modifier > 4;
  if (single && first.is("default")) {
    std::vector<StatementText> text;
    ServerError ignored;
    const std::string given = schema_.default_of(relation_, column.name);
    if (!given.empty() && split_statements(given, text, ignored) && text.size() == 1) out_.insert(out_.end(), text[0].tokens.begin(), text[0].tokens.end());
    else put({"null"}, first.position);
    return;
  }
  if (single && first.kind == TokenKind::parameter) note(first, column.type);
  if (limited && !(single && first.is("null"))) {
    put({"pg_limit_length"}, first.position);
    symbol("(", first.position);
    copy(from, to);
    symbol(",", first.position);
    out_.push_back({TokenKind::number, std::to_string(column.modifier - 4), first.position});
    symbol(",", first.position);
    out_.push_back({TokenKind::string, column.type == oid::kVarchar ? "'character varying'" : "'character'", first.position});
    return symbol(")", first.position);
  }
  if (stored_otherwise(from, to, column)) return;
  const bool long_number = first.kind == TokenKind::number && (column.type == oid::kInt2 || column.type == oid::kInt4) && first.text.size() > 4;
  const bool cast = single && !cast_name(column.type).empty() && (first.kind == TokenKind::string || long_number);
  copy(from, to);
  if (!cast) return;
  symbol("::", first.position);
  put({cast_name(column.type)}, first.position);
}

// (a, b), (c, d) ... from `at` on; where they end.
std::size_t Coercion::values(std::size_t at, const std::vector<const OutputColumn*>& targets) {
  while (is_at(in_, at, "(")) {
    const std::size_t end = after_group(in_, at);
    out_.push_back(in_[at]);
    std::size_t from = at + 1, column = 0;
    int depth = 0;
    for (std::size_t i = from; i < end; ++i) {
      const bool ends = depth == 0 && (in_[i].is(",") || i + 1 == end);
      if (in_[i].is("(") || in_[i].is("[")) ++depth;
      if ((in_[i].is(")") || in_[i].is("]")) && i + 1 != end) --depth;
      if (!ends) continue;
      if (i > from && column < targets.size() && targets[column]) value(from, i, *targets[column]);
      else copy(from, i);
      out_.push_back(in_[i]);
      from = i + 1;
      ++column;
    }
    at = end;
    if (!is_at(in_, at, ",")) break;
    out_.push_back(in_[at++]);
  }
  return std::min(at, in_.size());
}

// What stands before `at`, and the first columns by their names: the rest has its defaults.
void Coercion::list_columns(std::size_t at, const OutputColumns& columns, std::size_t given) {
  copy(0, at);
  if (given == 0 || given >= columns.size()) return;
  symbol("(", in_[at].position);
  for (std::size_t i = 0; i < given; ++i) {
    if (i > 0) symbol(",", in_[at].position);
    out_.push_back({TokenKind::quoted, quote_name(columns[i].name), in_[at].position});
  }
  symbol(")", in_[at].position);
}

// INSERT INTO t [AS a] [(columns)] VALUES ...
bool Coercion::insert(ServerError& error) {
  std::size_t at = change_at(in_) + 2;
  relation_ = relation(at);
  columns_ = schema_.columns(relation_);
  const OutputColumns& columns = columns_;
  if (columns.empty()) return true;
  if (is_at(in_, at, "as")) at += 2;
  std::vector<const OutputColumn*> targets;
  std::vector<std::size_t> names;
  if (is_at(in_, at, "(") && !begins_query(in_, at + 1, false)) {
    const std::size_t end = after_group(in_, at);
    for (std::size_t i = at + 1; i + 1 < end; i += 2) targets.push_back(find(columns, name_of(in_[i]))), names.push_back(i);
    at = end;
  } else {
    for (const OutputColumn& column : columns) targets.push_back(&column);
  }
  if (at >= in_.size()) return true;
  if (!is_at(in_, at, "values")) {
    const auto selected = names.empty() && begins_query(in_, at, false) ? output_columns(tokens_from(in_, at), schema_, parameters_) : std::nullopt;
    list_columns(at, columns, selected ? selected->size() : 0);
    assignments(stored_query({in_, at, schema_, parameters_}, targets, out_));
    return true;
  }
  const std::size_t given = row_starts(in_, at + 1).size();
  const bool known = std::find(targets.begin(), targets.end(), nullptr) == targets.end();      // or the error is another one
  if (given > 0 && known && !as_many({in_, at + 1}, names, targets.size(), error)) return false;
  list_columns(at, columns, names.empty() ? given : 0);
  out_.push_back(in_[at]);
  assignments(values(at + 1, targets));
  return true;
}

// The rest from `at` on: column = value, ... behind SET, if there is one.
void Coercion::assignments(std::size_t at) {
  std::size_t set = at;
  for (int depth = 0; set < in_.size(); ++set) {
    depth += in_[set].is("(") ? 1 : in_[set].is(")") ? -1 : 0;
    if (depth == 0 && in_[set].is("set")) break;
  }
  copy(at, std::min(set + 1, in_.size()));
  at = set + 1;
  int depth = 0;
  std::size_t from = at;
  for (std::size_t i = at; i <= in_.size(); ++i) {
    const bool over = i == in_.size() || (depth == 0 && (in_[i].is("where") || in_[i].is("from") || in_[i].is("returning")));
    const bool ends = over || (depth == 0 && in_[i].is(","));
    if (!over) depth += in_[i].is("(") ? 1 : in_[i].is(")") ? -1 : 0;
    if (!ends) continue;
    const OutputColumn* column = is_at(in_, from + 1, "=") && from + 2 < i ? find(columns_, name_of(in_[from])) : nullptr;
    if (column) copy(from, from + 2), value(from + 2, i, *column);
    else copy(from, i);
    if (over) {
      copy(i, in_.size());
      break;
    }
    out_.push_back(in_[i]);
    from = i + 1;
  }
  in_ = std::move(out_);
}

// UPDATE t [[AS] a] SET column = value, ...
void Coercion::update() {
  const std::size_t verb = change_at(in_);
  std::size_t at = is_at(in_, verb + 1, "only") ? verb + 2 : verb + 1;
  relation_ = relation(at);
  columns_ = schema_.columns(relation_);
  if (columns_.empty() || at >= in_.size()) return;
  copy(0, at);
  assignments(at);
}

bool Coercion::change(ServerError& error) {
  const std::size_t verb = change_at(in_);
  if (verb + 4 >= in_.size()) return true;
  if (in_[verb].is("insert")) return insert(error);
  update();
  return true;
}

// column = $1
void Coercion::compared() {
  const Clauses clauses = clauses_of(in_);
  for (std::size_t i = 2; i < in_.size(); ++i) {
    if (in_[i].kind != TokenKind::parameter || is_at(in_, i + 1, "::")) continue;
    const Token& test = in_[i - 1];
    const bool compares = test.is("=") || test.is("<") || test.is(">") || test.is("<=") || test.is(">=") || test.is("<>") || test.is("!=");
    const Token& column = in_[i - 2];
    if (!compares || (column.kind != TokenKind::word && column.kind != TokenKind::quoted)) continue;
    const bool qualified = i >= 4 && in_[i - 3].is(".");
    for (const auto& [alias, table] : clauses.tables) {
      if (qualified && alias != name_of(in_[i - 4])) continue;
      const OutputColumns columns = schema_.columns(table);
      if (const OutputColumn* found = find(columns, name_of(column))) {
        note(in_[i], found->type);
        break;
      }
    }
  }
}

}  // namespace

bool coerce_values(Tokens& tokens, SchemaTypes& schema, std::vector<std::int32_t>& parameters, ServerError& error) {
  if (tokens.empty()) return true;
  const bool any = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.kind == TokenKind::parameter; });
  if (!Coercion(tokens, schema, parameters).change(error)) return false;
  if (any) Coercion(tokens, schema, parameters).compared();
  return true;
}

}  // namespace chaos::pg
