#include "postgres/sql/sql_expression.hpp"

#include "postgres/sql/sql_plan.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace chaos::pg {

namespace {

using namespace oid;

bool is_word(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
}

OutputColumn named(std::int32_t type) { return {"?column?", type}; }

// The tokens outside of brackets and CASE.
template <class Visit>
void at_top(const Span& span, Visit visit) {
  int depth = 0;
  for (std::size_t i = 0; i < span.size(); ++i) {
    const Token& token = span[i];
    const bool opens = is_word(token, {"(", "[", "case"}), closes = is_word(token, {")", "]", "end"});
    if (closes) --depth;
    if (depth == 0 && !opens && !closes) visit(i, token);
    if (opens) ++depth;
  }
}

bool is_condition(const Span& span) {
  bool found = false;
  std::size_t from_at = 0;
  at_top(span, [&](std::size_t i, const Token& token) {
    static const std::set<std::string_view> kTests{"=", "<", ">", "<=", ">=", "<>", "!=", "and", "or", "not", "is", "in", "like", "ilike", "between", "isnull", "notnull",
                                                   "~", "!~", "~*", "!~*", "~~", "!~~", "~~*", "!~~*", "exists", "regexp", "match"};
    if ((token.kind == TokenKind::word || token.kind == TokenKind::symbol) && kTests.contains(token.text)) found = true;
    from_at = i;
  });
  return found || (!span.empty() && span.is(0, "operator"));
}

// The last binary operator of these, outside of brackets.
std::optional<std::size_t> last_operator(const Span& span, std::initializer_list<std::string_view> operators) {
  std::optional<std::size_t> last;
  at_top(span, [&](std::size_t i, const Token& token) {
    const bool binary = i > 0 && !(span[i - 1].kind == TokenKind::symbol && !is_word(span[i - 1], {")", "]"}));
    if (binary && token.kind == TokenKind::symbol && is_word(token, operators)) last = i;
  });
  return last;
}

bool is_number(std::int32_t type) { return type == kInt2 || type == kInt4 || type == kInt8 || type == kNumeric || type == kFloat4 || type == kFloat8 || type == kOid; }
bool is_time(std::int32_t type) { return type == kTimestamp || type == kTimestampTz || type == kDate; }

std::int32_t wider(std::int32_t a, std::int32_t b) {
  static constexpr std::array kOrder{kInt2, kInt4, kOid, kInt8, kNumeric, kFloat4, kFloat8};
  const auto rank = [](std::int32_t type) { return std::find(kOrder.begin(), kOrder.end(), type) - kOrder.begin(); };
  return rank(a) > rank(b) ? a : b;
}

std::int32_t sum_type(std::int32_t a, std::int32_t b, bool minus) {
  if (is_number(a) && is_number(b)) return wider(a, b);
  if (is_time(a) && is_time(b)) return a == kDate && b == kDate ? kInt4 : kInterval;
  if (is_time(a)) return a == kDate && b == kInterval ? kTimestamp : a;
  if (is_time(b) && !minus) return b == kDate && a == kInterval ? kTimestamp : b;
  if (a == kPgLsn) return kNumeric;
  if (a == kInterval || b == kInterval) return kInterval;
  return is_number(a) ? a : is_number(b) ? b : 0;
}

std::int32_t product_type(std::int32_t a, std::int32_t b) {
  if (a == kInterval || b == kInterval) return kInterval;
  if (is_number(a) && is_number(b)) return wider(a, b);
  return is_number(a) ? a : is_number(b) ? b : 0;
}

// The digits behind the point of a sum (the more of both) or a product (both together); -1: not known.
OutputColumn with_scale(OutputColumn out, const OutputColumn& a, const OutputColumn& b, std::string_view sign) {
  const auto scale = [](const OutputColumn& column) { return column.type == kInt2 || column.type == kInt4 || column.type == kInt8 ? 0 : column.type == kNumeric ? column.scale : -1; };
  const bool known = out.type == kNumeric && scale(a) >= 0 && scale(b) >= 0 && sign != "/";
  if (known) out.scale = sign == "*" ? scale(a) + scale(b) : std::max(scale(a), scale(b));
  return out;
}

// sum() and avg() widen what they add up.
OutputColumn aggregate_type(std::string_view name, OutputColumn argument) {
  const std::int32_t type = argument.type;
  if (name == "sum") argument.type = type == kInt8 ? kNumeric : type == kInt2 || type == kInt4 ? kInt8 : type;
  if (name == "date_trunc" && type == kDate) argument.type = kTimestampTz;
  static const std::set<std::string_view> kMeans{"avg", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"};
  if (kMeans.contains(name)) argument = {argument.name, type == kFloat8 || type == kFloat4 ? kFloat8 : type == kInterval ? kInterval : kNumeric, -1};
  const bool rounds = name == "ceil" || name == "ceiling" || name == "floor" || name == "round" || name == "trunc";
  if (rounds && (type == kInt2 || type == kInt4 || type == kInt8)) argument.type = kFloat8;
  if (rounds) argument.scale = argument.type == kNumeric ? 0 : -1;
  argument.modifier = -1;
  return argument;
}

// The comma list inside of a call's brackets.
std::vector<Span> arguments_of(const Span& span, std::size_t open) {
  const Span inside = span.part(open + 1, after_bracket(span, open) - 1);
  std::vector<Span> out;
  std::size_t from = 0;
  at_top(inside, [&](std::size_t i, const Token& token) {
    if (!token.is(",")) return;
    out.push_back(inside.part(from, i));
    from = i + 1;
  });
  if (!inside.empty()) out.push_back(inside.part(from, inside.size()));
  return out;
}

OutputColumn first_known(const std::vector<Span>& spans, const Scope& scope, int depth) {
  OutputColumn out;
  for (const Span& span : spans) {
    const OutputColumn candidate = expression_type(span, scope, depth);
    if (candidate.type != 0 && (out.type == 0 || (is_number(out.type) && is_number(candidate.type)))) {
      const std::int32_t type = is_number(out.type) && is_number(candidate.type) ? wider(out.type, candidate.type) : candidate.type;
      out = {"", type, -1, std::max(out.scale, candidate.scale)};
    }
  }
  return out;
}

OutputColumn call_type(const Span& span, std::size_t open, const Scope& scope, int depth) {
  const std::string name = name_of(span[open - 1]);
  OutputColumn out{name, function_type(name), -1};
  std::vector<Span> arguments = arguments_of(span, open);
  if (name == "cast" && !arguments.empty()) {
    const Span inside = arguments[0];
    std::size_t as = inside.size();
    at_top(inside, [&](std::size_t i, const Token& token) { if (token.is("as")) as = i; });
    if (as + 1 >= inside.size()) return {"", 0, -1};
    const OutputColumn operand = expression_type(inside.part(0, as), scope, depth);
    const std::string target = type_text(inside.part(as + 1, inside.size()));
    return {operand.name.empty() || operand.name == "?column?" ? std::string(type_by_name(target).name) : operand.name, type_by_name(target).oid, modifier_of_declaration(target),
            scale_of_modifier(type_by_name(target).oid, modifier_of_declaration(target))};
  }
  if (name == "extract" && !arguments.empty()) {
    const bool fine = arguments[0].size() > 1 && is_word(arguments[0][0], {"epoch", "second"});
    return {name, kNumeric, -1, fine ? 6 : -1};
  }
  if (name == "pg_numeric" && arguments.size() == 3) {      // of a view
    const std::string target = "numeric(" + arguments[1][0].text + "," + arguments[2][0].text + ")";
    return {"numeric", kNumeric, modifier_of_declaration(target), scale_of_modifier(kNumeric, modifier_of_declaration(target))};
  }
  if ((name == "pg_plus" || name == "pg_minus") && arguments.size() == 2) {
    const OutputColumn a = expression_type(arguments[0], scope, depth), b = expression_type(arguments[1], scope, depth);
    return with_scale(named(sum_type(a.type, b.type, name == "pg_minus")), a, b, "+");
  }
  if (out.type != kArgumentType) return out;
  const bool all = name == "coalesce" || name.ends_with("greatest") || name.ends_with("least");
  if (arguments.empty()) return {name, 0, -1};
  if (name == "date_trunc" && arguments.size() > 1) arguments.erase(arguments.begin());
  if (name == "percentile_disc" && span.size() > after_bracket(span, open) + 6) arguments = {span.part(after_bracket(span, open) + 5, span.size() - 1)};
  const OutputColumn argument = all ? first_known(arguments, scope, depth) : expression_type(arguments[0], scope, depth);
  OutputColumn typed = aggregate_type(name, argument);
  if ((name == "round" || name == "trunc") && arguments.size() == 2 && arguments[1].size() == 1 && arguments[1][0].kind == TokenKind::number && arguments[1][0].text.size() < 3) {
    typed = {name, kNumeric, -1, std::stoi(arguments[1][0].text)};
  }
  typed.name = name;
  return typed;
}

// CASE: the first result whose type is known.
OutputColumn case_type(const Span& span, const Scope& scope, int depth) {
  std::vector<Span> results;
  std::size_t from = 0;
  int nested = 0;
  std::string name = "case";
  for (std::size_t i = 0; i < span.size(); ++i) {
    const Token& token = span[i];
    if (is_word(token, {"case", "("})) ++nested;
    const bool ends = nested == 1 && is_word(token, {"when", "else", "end"});
    if (ends && from > 0) results.push_back(span.part(from, i)), from = 0;
    if (nested == 1 && is_word(token, {"then", "else"})) from = i + 1;
    if (is_word(token, {"end", ")"})) --nested;
  }
  OutputColumn out = first_known(results, scope, depth);
  out.name = name;
  if (!results.empty() && out.type != 0) {
    const OutputColumn last = expression_type(results.back(), scope, depth);
    if (!last.name.empty() && last.name != "?column?" && results.back().size() <= 3) out.name = last.name;
  }
  return out;
}

OutputColumn literal_type(const Token& token, const Scope& scope) {
  switch (token.kind) {
    case TokenKind::string: return {"?column?", kText, -1};
    case TokenKind::number: {
      const bool whole = token.text.find_first_of(".eE") == std::string::npos;
      const std::size_t point = token.text.find('.');
      const bool digits = point != std::string::npos && token.text.find_first_of("eE") == std::string::npos && token.text.size() < 1000;
      if (digits) return {"?column?", kNumeric, -1, static_cast<int>(token.text.size() - point - 1)};
      return {"?column?", !whole ? kNumeric : token.text.size() < 10 ? kInt4 : token.text.size() < 19 ? kInt8 : kNumeric, -1};
    }
    case TokenKind::parameter: {
      const auto n = static_cast<std::size_t>(std::stoi(token.text));
      const bool known = scope.parameters && n >= 1 && n <= scope.parameters->size();
      return {"?column?", known ? (*scope.parameters)[n - 1] : 0, -1};
    }
    default: break;
  }
  if (is_word(token, {"true", "false"})) return named(kBool);
  if (token.is("null")) return {"?column?", 0, -1};
  if (is_word(token, {"current_timestamp"})) return {token.text, kTimestampTz, -1};
  if (is_word(token, {"localtimestamp"})) return {token.text, kTimestamp, -1};
  if (is_word(token, {"current_date"})) return {token.text, kDate, -1};
  if (is_word(token, {"current_user", "session_user", "user", "current_role", "current_catalog", "current_schema"})) return {token.text, kName, -1};
  const OutputColumn* column = scope.column("", name_of(token));
  return column ? *column : OutputColumn{name_of(token), 0, -1};
}

// One operand, perhaps with casts behind it.
OutputColumn operand_type(const Span& span, const Scope& scope, int depth) {
  if (is_word(span[0], {"-", "+"})) {
    OutputColumn out = expression_type(span.part(1, span.size()), scope, depth);
    return out.name = "?column?", out;
  }
  if (span.size() == 1) return literal_type(span[0], scope);
  if (span.is(0, "case")) return case_type(span, scope, depth);
  if (span.is(0, "array")) return {"array", span.is(1, "[") && expression_type(span.part(2, 3), scope, depth).type == kInt4 ? kInt4Array : kTextArray, -1};
  if (span.is(0, "(")) {
    const Span inside = span.part(1, after_bracket(span, 0) - 1);
    if (!is_word(inside.empty() ? span[0] : inside[0], {"select", "with", "values"})) return expression_type(inside, scope, depth);
    const auto columns = query_columns(inside, scope, depth);
    return columns && !columns->empty() ? columns->front() : named(0);
  }
  const bool zoned = span.is(1, "with") || span.is(1, "without");
  if (span[1].kind == TokenKind::string || (zoned && span.size() == 5 && span[4].kind == TokenKind::string)) {   // interval '5 min'
    const TypeName type = type_by_name(type_text(span.part(0, span.size() - 1)));
    return {std::string(type.name), type.oid};
  }
  std::size_t at = 0;
  while (span.is(at + 1, ".") && at + 2 < span.size()) at += 2;
  if (span.is(at + 1, "(")) return call_type(span, at + 1, scope, depth);
  if (at >= 2 && !span.is(at, "*")) {
    const OutputColumn* column = scope.column(name_of(span[at - 2]), name_of(span[at]));
    return column ? *column : OutputColumn{name_of(span[at]), 0, -1};
  }
  return literal_type(span[0], scope);
}

}  // namespace

std::size_t after_bracket(const Span& span, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < span.size(); ++i) {
    if (span.is(i, "(")) ++depth;
    if (span.is(i, ")") && --depth == 0) return i + 1;
  }
  return span.size() + 1;
}

OutputColumn expression_type(const Span& span, const Scope& scope, int depth) {
  if (span.empty() || depth > kMaxDepth) return named(0);
  ++depth;
  if (is_condition(span)) {
    OutputColumn out = named(kBool);
    if (span.is(0, "exists")) out.name = "exists";
    return out;
  }
  const auto cast = last_operator(span, {"::"});
  const auto concat = last_operator(span, {"||"});
  if (concat) return named(kText);
  if (last_operator(span, {"->>", "#>>"})) return named(kText);
  if (last_operator(span, {"->", "#>"})) return named(kJson);
  if (const auto at = last_operator(span, {"+", "-"})) {
    const OutputColumn a = expression_type(span.part(0, *at), scope, depth), b = expression_type(span.part(*at + 1, span.size()), scope, depth);
    return with_scale(named(sum_type(a.type, b.type, span.is(*at, "-"))), a, b, "+");
  }
  if (const auto at = last_operator(span, {"*", "/", "%"})) {
    const OutputColumn a = expression_type(span.part(0, *at), scope, depth), b = expression_type(span.part(*at + 1, span.size()), scope, depth);
    return with_scale(named(product_type(a.type, b.type)), a, b, span[*at].text);
  }
  std::optional<std::size_t> zone;
  at_top(span, [&](std::size_t i, const Token& token) { if (token.is("zone") && i > 2 && span.is(i - 2, "at")) zone = i - 2; });
  if (zone) return {"timezone", expression_type(span.part(0, *zone), scope, depth).type == kTimestampTz ? kTimestamp : kTimestampTz, -1};
  if (!cast) return operand_type(span, scope, depth);
  const OutputColumn operand = expression_type(span.part(0, *cast), scope, depth);
  const std::string target = type_text(span.part(*cast + 1, span.size()));
  const TypeName type = type_by_name(target);
  const bool own_name = !operand.name.empty() && operand.name != "?column?";
  return {own_name ? operand.name : type.name.empty() ? target : std::string(type.name), type.oid, modifier_of_declaration(target), scale_of_modifier(type.oid, modifier_of_declaration(target))};
}

}  // namespace chaos::pg
