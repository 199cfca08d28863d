// What SQLite lacks, said otherwise: SELECT DISTINCT ON by window functions, DELETE .. USING by the rows' numbers.
#include "postgres/sql/sql_coerce.hpp"

#include "postgres/sql/sql_plan_parts.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

std::size_t find_top(const Tokens& tokens, std::size_t from, std::initializer_list<std::string_view> words) {
  int depth = 0;
  for (std::size_t i = from; i < tokens.size(); ++i) {
    depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
    const bool found = depth == 0 && std::any_of(words.begin(), words.end(), [&](std::string_view word) { return tokens[i].is(word); });
    if (found) return i;
  }
  return tokens.size();
}

void append(Tokens& out, const Tokens& tokens, std::size_t from, std::size_t to) {
  if (from >= std::min(to, tokens.size())) return;      // brackets may be open
  out.insert(out.end(), tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.begin() + static_cast<std::ptrdiff_t>(std::min(to, tokens.size())));
}

void append_sql(Tokens& out, std::string_view sql) {
  std::vector<StatementText> parts;
  ServerError ignored;
  if (split_statements(sql, parts, ignored) && !parts.empty()) append(out, parts[0].tokens, 0, parts[0].tokens.size());
}

}  // namespace

// SELECT DISTINCT ON (keys) list FROM .. ORDER BY order becomes
// WITH pg_d(c1, .., pg_rank, pg_place) AS (SELECT list, row_number() OVER (PARTITION BY keys ORDER BY order), row_number() OVER
// (ORDER BY order) FROM ..) SELECT c1 AS name, .. FROM pg_d WHERE pg_rank = 1 ORDER BY pg_place.
bool spread_distinct_on(Tokens& tokens, SchemaTypes& schema, const std::vector<std::int32_t>& parameters) {
  if (!is_at(tokens, 0, "select") || !is_at(tokens, 1, "distinct") || !is_at(tokens, 2, "on") || !is_at(tokens, 3, "(")) return true;
  const std::size_t keys_end = after_group(tokens, 3);
  Tokens plain{tokens[0]};
  append(plain, tokens, keys_end, tokens.size());
  const auto columns = output_columns(plain, schema, parameters);
  const std::size_t from = find_top(tokens, keys_end, {"from"}), order = find_top(tokens, keys_end, {"order"}), rest = find_top(tokens, keys_end, {"limit", "offset", "fetch", "for"});
  const bool numbered = order + 2 < tokens.size() && tokens[order + 2].kind == TokenKind::number;
  if (!columns || columns->empty() || from >= tokens.size() || numbered) return false;
  std::string names, shown;
  for (std::size_t i = 0; i < columns->size(); ++i) {
    const std::string name = "c" + std::to_string(i + 1);
    names += name + ", ";
    shown += (shown.empty() ? "" : ", ") + name + " AS " + quote_name((*columns)[i].name);
  }
  const std::size_t order_from = order < tokens.size() ? order + 2 : order, order_to = std::min(rest, tokens.size());
  Tokens out;
  append_sql(out, "with pg_d(" + names + "pg_rank, pg_place) as (select");
  append(out, tokens, keys_end, from);
  append_sql(out, ", row_number() over (partition by");
  append(out, tokens, 4, keys_end - 1);
  if (order_from < order_to) append_sql(out, "order by"), append(out, tokens, order_from, order_to);
  append_sql(out, "), row_number() over (");
  if (order_from < order_to) append_sql(out, "order by"), append(out, tokens, order_from, order_to);
  append_sql(out, ")");
  append(out, tokens, from, std::min(order, rest));
  append_sql(out, ") select " + shown + " from pg_d where pg_rank = 1 order by pg_place");
  append(out, tokens, rest, tokens.size());
  tokens = std::move(out);
  return true;
}

// DELETE FROM t [AS a] USING u WHERE condition [RETURNING ..] becomes
// DELETE FROM t AS a WHERE rowid IN (SELECT a.rowid FROM t AS a, u WHERE condition) RETURNING ..
void spread_delete_using(Tokens& tokens) {
  if (!is_at(tokens, 0, "delete") || !is_at(tokens, 1, "from")) return;
  const std::size_t using_at = find_top(tokens, 2, {"using"}), where = find_top(tokens, 2, {"where"}), returning = find_top(tokens, 2, {"returning"});
  if (using_at >= tokens.size() || where <= using_at || where >= returning) return;
  Token alias = tokens[using_at - 1];
  alias.text = quote_name(name_of(alias));
  alias.kind = TokenKind::quoted;
  Tokens out;
  append(out, tokens, 0, using_at);
  append_sql(out, "where rowid in (select");
  out.push_back(alias);
  append_sql(out, ".rowid from");
  append(out, tokens, 2, using_at);
  append_sql(out, ",");
  append(out, tokens, using_at + 1, returning);
  append_sql(out, ")");
  append(out, tokens, returning, tokens.size());
  tokens = std::move(out);
}

}  // namespace chaos::pg
