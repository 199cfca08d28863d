#include "postgres/sql/sql_counted.hpp"

#include "postgres/sql/sql_clauses.hpp"
#include "postgres/sql/sql_plan_parts.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

void append(Tokens& out, std::initializer_list<const char*> texts) {
  for (const char* text : texts) out.push_back({text[0] == '(' || text[0] == ')' || text[0] == '.' ? TokenKind::symbol : TokenKind::word, text, 0});
}

void append_passed(Tokens& out, const std::string& behind) {
  append(out, {"and", "pg_passed", "("});
  if (!behind.empty()) {
    append(out, {"(", "select"});
    out.push_back({TokenKind::quoted, quote_name(behind), 0});
    append(out, {".", "rowid", ")"});
  }
  append(out, {")"});
}

bool one_table(const Plan& plan, const Clauses& clauses) {
  const Tokens& tokens = plan.tokens;
  const auto queries = std::count_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.is("select") || t.is("values") || t.is("with"); });
  const auto from = clauses.spans.find("from");
  if (plan.verb == Verb::update) return queries == 0 && from == clauses.spans.end();
  if (from == clauses.spans.end() || queries != (plan.verb == Verb::select ? 1 : 0)) return false;
  return std::none_of(tokens.begin() + static_cast<std::ptrdiff_t>(from->second.first), tokens.begin() + static_cast<std::ptrdiff_t>(from->second.second),
                      [](const Token& t) { return t.is(",") || t.is("join") || t.is("("); });
}

}  // namespace

std::optional<Tokens> counted_scan(const Plan& plan, const std::string& behind) {
  const bool kind = plan.verb == Verb::select || plan.verb == Verb::update || plan.verb == Verb::erase;
  const Clauses clauses = clauses_of(plan.tokens);
  if (!kind || !one_table(plan, clauses)) return std::nullopt;
  const auto where = clauses.spans.find("where");
  const bool filtered = where != clauses.spans.end();
  if (!filtered && clauses.aggregates && !clauses.spans.contains("group")) return std::nullopt;
  const std::size_t at = filtered ? where->second.first - 1 : clauses.spans.at(plan.verb == Verb::update ? "set" : "from").second;
  Tokens out(plan.tokens.begin(), plan.tokens.begin() + static_cast<std::ptrdiff_t>(at));
  append(out, {"where", "pg_scanned", "(", ")"});
  if (!filtered) {
    const Tokens rest = tokens_from(plan.tokens, at);
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
  }
  append(out, {"and", "("});
  out.insert(out.end(), plan.tokens.begin() + static_cast<std::ptrdiff_t>(where->second.first), plan.tokens.begin() + static_cast<std::ptrdiff_t>(where->second.second));
  append(out, {")"});
  append_passed(out, behind);
  const Tokens rest = tokens_from(plan.tokens, where->second.second);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

}  // namespace chaos::pg
