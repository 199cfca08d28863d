#include "postgres/sql/sql_expression.hpp"

#include "postgres/sql/sql_plan.hpp"

#include <set>

namespace chaos::pg {

const OutputColumn* Scope::column(const std::string& alias, const std::string& name) const {
  for (const Source& source : sources) {
    if (!alias.empty() && source.alias != alias) continue;
    for (const OutputColumn& column : source.columns) {
      if (column.name == name) return &column;
    }
  }
  return outer ? outer->column(alias, name) : nullptr;
}

const Scope::Source* Scope::with_query(const std::string& name) const {
  for (const Source& source : with) {
    if (source.alias == name) return &source;
  }
  return outer ? outer->with_query(name) : nullptr;
}

std::string type_text(const Span& span) {
  std::string out;
  for (std::size_t i = 0; i < span.size(); ++i) {
    if (span.is(i, "pg_catalog") || span.is(i, ".")) continue;
    const bool word = span[i].kind == TokenKind::word || span[i].kind == TokenKind::quoted;
    if (word && !out.empty()) out.push_back(' ');
    out += name_of(span[i]);
  }
  return out;
}

namespace {

bool is_name_token(const Token& token) {
  static const std::set<std::string_view> kEnds{"where", "group", "order", "having", "limit", "offset", "union", "except", "intersect", "on", "join", "left", "right", "inner",
                                                "cross", "natural", "full", "using", "window", "fetch", "for", "set", "values", "returning", "from", "select", "default"};
  return token.kind == TokenKind::quoted || (token.kind == TokenKind::word && !kEnds.contains(token.text));
}

bool ends_from(const Token& token) {
  static const std::set<std::string_view> kEnds{"where", "group", "order", "having", "limit", "offset", "union", "except", "intersect", "window", "fetch", "for", "returning"};
  return token.kind == TokenKind::word && kEnds.contains(token.text);
}

// Reads a query's parts front to back.
class QueryReader {
 public:
  QueryReader(Span span, const Scope& outer, int depth) : span_(span), depth_(depth) {
    scope_.outer = &outer;
    scope_.schema = outer.schema;
    scope_.parameters = outer.parameters;
  }
  std::optional<OutputColumns> run();

 private:
  bool is(std::string_view text, std::size_t ahead = 0) const { return span_.is(at_ + ahead, text); }
  bool more() const { return at_ < span_.size(); }
  Span bracket() {
    const std::size_t end = after_bracket(span_, at_);
    const Span inside = span_.part(at_ + 1, end - 1);
    at_ = std::min(end, span_.size());
    return inside;
  }
  bool with();
  void from();
  void source();
  void target();
  void alias(Scope::Source& source);
  std::size_t find_top(std::string_view word) const;
  OutputColumns list(Span items);
  void item(const Span& item, OutputColumns& out);
  OutputColumns values();
  std::optional<OutputColumns> change();

  Span span_;
  int depth_;
  std::size_t at_ = 0;
  Scope scope_;
};

// WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (query), ...
bool QueryReader::with() {
  ++at_;
  if (is("recursive")) ++at_;
  while (more()) {
    Scope::Source source{name_of(span_[at_++]), {}};
    std::vector<std::string> names;
    if (is("(")) {
      const Span inside = bracket();
      for (std::size_t i = 0; i < inside.size(); i += 2) names.push_back(name_of(inside[i]));
    }
    while (more() && !is("(")) ++at_;
    if (!more()) return false;
    source.columns = query_columns(bracket(), scope_, depth_).value_or(OutputColumns{});
    for (std::size_t i = 0; i < names.size() && i < source.columns.size(); ++i) source.columns[i].name = names[i];
    scope_.with.push_back(std::move(source));
    if (!is(",")) return true;
    ++at_;
  }
  return false;
}

void QueryReader::alias(Scope::Source& source) {
  if (is("as")) ++at_;
  if (!more() || !is_name_token(span_[at_])) return;
  source.alias = name_of(span_[at_++]);
  if (source.columns.size() == 1 && source.columns[0].name == "?srf?") source.columns[0].name = source.alias;
  if (!is("(")) return;
  const Span names = bracket();
  std::size_t column = 0;
  for (std::size_t i = 0; i < names.size() && column < source.columns.size(); ++i) {
    if (i == 0 || names.is(i - 1, ",")) source.columns[column++].name = name_of(names[i]);
  }
}

void QueryReader::source() {
  Scope::Source source;
  if (is("lateral") || is("only")) ++at_;
  if (is("(")) {
    const Span inside = bracket();
    if (inside.is(0, "select") || inside.is(0, "with") || inside.is(0, "values") || inside.is(0, "(")) {
      source.columns = query_columns(inside, scope_, depth_).value_or(OutputColumns{});
    }
  } else {
    std::string name = name_of(span_[at_++]);
    while (is(".") && at_ + 1 < span_.size()) {
      const bool information = name == "information_schema";
      name = (information ? "information_schema_" : "") + name_of(span_[at_ + 1]);
      at_ += 2;
    }
    source.alias = name;
    if (is("(")) {
      const std::int32_t type = function_type(name);
      const Span inside = bracket();
      source.columns = {{"?srf?", type == kArgumentType ? expression_type(inside.part(0, 1), scope_, depth_).type : type}};
      if (!is("as") && !(more() && is_name_token(span_[at_]))) source.columns[0].name = name;
    } else if (const Scope::Source* query = scope_.with_query(name)) {
      source.columns = query->columns;
    } else if (scope_.schema) {
      source.columns = scope_.schema->columns(name);
    }
  }
  alias(source);
  scope_.sources.push_back(std::move(source));
}

// What is changed: its name, and an alias behind AS alone; brackets behind it are a list of columns.
void QueryReader::target() {
  Scope::Source source{name_of(span_[at_++]), {}};
  if (is(".") && at_ + 1 < span_.size()) source.alias = name_of(span_[at_ + 1]), at_ += 2;
  if (scope_.schema) source.columns = scope_.schema->columns(source.alias);
  if (is("as") && at_ + 1 < span_.size()) source.alias = name_of(span_[at_ + 1]);
  else if (more() && span_[at_].kind == TokenKind::word && is_name_token(span_[at_]) && !is("as")) source.alias = name_of(span_[at_]);
  scope_.sources.push_back(std::move(source));
}

void QueryReader::from() {
  source();
  while (more() && !ends_from(span_[at_])) {
    if (is(",") || is("join")) {
      ++at_;
      if (more()) source();
    } else if (is("(")) {
      bracket();
    } else {
      ++at_;
    }
  }
}

std::size_t QueryReader::find_top(std::string_view word) const {
  int depth = 0;
  for (std::size_t i = at_; i < span_.size(); ++i) {
    if (span_.is(i, "(")) ++depth;
    if (span_.is(i, ")")) --depth;
    const bool by = (word != "group" && word != "order") || span_.is(i + 1, "by");      // WITHIN GROUP is none
    if (depth == 0 && by && span_.is(i, word) && !(i > at_ + 1 && span_.is(i - 1, "distinct"))) return i;   // IS DISTINCT FROM
  }
  return span_.size();
}

void QueryReader::item(const Span& item, OutputColumns& out) {
  if (item.empty()) return;
  if (item.is(item.size() - 1, "*") && (item.size() == 1 || item.is(item.size() - 2, "."))) {
    const std::string alias = item.size() >= 3 ? name_of(item[item.size() - 3]) : "";
    for (const Scope::Source& source : scope_.sources) {
      if (alias.empty() || source.alias == alias) out.insert(out.end(), source.columns.begin(), source.columns.end());
    }
    return;
  }
  std::size_t end = item.size();
  std::string name;
  const Token& last = item[end - 1];
  const bool word = last.kind == TokenKind::quoted || (last.kind == TokenKind::word && !last.is("end") && !last.is("null") && !last.is("true") && !last.is("false"));
  if (end > 2 && item.is(end - 2, "as")) name = name_of(last), end -= 2;
  else if (end > 1 && word) {
    static const std::set<std::string_view> kNoEnd{"is", "not", "and", "or", "in", "like", "ilike", "interval", "then", "else", "when", "from", "unknown", "precision", "varying", "zone", "time", "double", "character"};
    const Token& before = item[end - 2];
    const bool operand_before = before.kind != TokenKind::symbol ? !(before.kind == TokenKind::word && kNoEnd.contains(before.text)) : before.is(")") || before.is("]");
    const bool type_word = before.is("double") || before.is("character") || last.is("zone") || last.is("unknown");
    if (operand_before && !type_word) name = name_of(last), --end;
  }
  OutputColumn column = expression_type(item.part(0, end), scope_, depth_);
  if (!name.empty()) column.name = name;
  out.push_back(std::move(column));
}

OutputColumns QueryReader::list(Span items) {
  OutputColumns out;
  std::size_t from = 0;
  int depth = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items.is(i, "(") || items.is(i, "[") || items.is(i, "case")) ++depth;
    if (items.is(i, ")") || items.is(i, "]") || items.is(i, "end")) --depth;
    if (depth != 0 || !items.is(i, ",")) continue;
    item(items.part(from, i), out);
    from = i + 1;
  }
  item(items.part(from, items.size()), out);
  return out;
}

OutputColumns QueryReader::values() {
  ++at_;
  OutputColumns out = more() ? list(bracket()) : OutputColumns{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i].name = "column" + std::to_string(i + 1);
  return out;
}

// INSERT INTO t .. RETURNING, UPDATE t SET .. FROM .. RETURNING, DELETE FROM t .. RETURNING
std::optional<OutputColumns> QueryReader::change() {
  const std::size_t returning = find_top("returning");
  if (returning == span_.size()) return OutputColumns{};
  ++at_;
  if (is("into") || is("from")) ++at_;
  if (more()) target();
  if (const std::size_t where = find_top("from"); where < returning) {
    at_ = where + 1;
    from();
  }
  return list(span_.part(returning + 1, span_.size()));
}

std::optional<OutputColumns> QueryReader::run() {
  if (depth_ > kMaxDepth || span_.empty()) return std::nullopt;
  ++depth_;
  if (is("with") && !with()) return std::nullopt;
  if (is("(")) return query_columns(bracket(), scope_, depth_);
  if (is("values")) return values();
  if (is("insert") || is("update") || is("delete")) return change();
  if (is("table")) ++at_, source();
  if (!is("select")) return scope_.sources.empty() ? std::nullopt : std::optional(scope_.sources[0].columns);
  ++at_;
  if (is("all") || is("distinct")) ++at_;
  if (is("on") && is("(", 1)) ++at_, bracket();
  const std::size_t begin = at_;
  std::size_t end = find_top("from");
  for (const char* word : {"union", "except", "intersect", "where", "group", "having", "order", "limit", "offset", "fetch"}) end = std::min(end, find_top(word));
  at_ = end;
  if (is("from")) {
    ++at_;
    if (more()) from();
  }
  return list(span_.part(begin, end));
}

}  // namespace

std::optional<OutputColumns> query_columns(const Span& span, const Scope& scope, int depth) { return QueryReader(span, scope, depth).run(); }

std::optional<OutputColumns> output_columns(const Tokens& tokens, SchemaTypes& schema, const std::vector<std::int32_t>& parameters) {
  Scope outer;
  outer.schema = &schema;
  outer.parameters = &parameters;
  return query_columns({&tokens, 0, tokens.size()}, outer, 0);
}

}  // namespace chaos::pg
