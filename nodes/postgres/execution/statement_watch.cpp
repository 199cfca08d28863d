#include "postgres/execution/statement_watch.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/sql/query_id.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/roles.hpp"
#include "postgres/store/relations.hpp"

#include <algorithm>
#include <charconv>

namespace chaos::pg {

namespace {

// "SELECT 5", "INSERT 0 1": 5, 1.
std::int64_t rows_of(const std::string& tag) {
  const std::size_t space = tag.rfind(' ');
  std::int64_t rows = 0;
  if (space != std::string::npos) std::from_chars(tag.data() + space + 1, tag.data() + tag.size(), rows);
  return rows;
}

bool counts_all(const Tokens& tokens) {
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i].is("where")) return false;
    if (tokens[i].is("count") && tokens[i + 1].is("(") && tokens[i + 2].is("*")) return true;
  }
  return false;
}

Tokens tokens_of(const std::string& text) {
  std::vector<StatementText> statements;
  ServerError ignored;
  return split_statements(text, statements, ignored) && statements.size() == 1 ? std::move(statements[0].tokens) : Tokens{};
}

}  // namespace

StatementWatch::StatementWatch(Engine& engine, Backend& backend, const Plan& plan)
    : engine_(engine), backend_(backend), plan_(plan), begun_(RealClock::now()) {
  const std::int64_t now = unix_now_us();
  backend_.set_query(plan.text, now);
  backend_.query_id = plan.query_id;
  backend_.work = {};
  backend_.enter(BackendState::active, now);
}

// What EXPLAIN ANALYZE explains has run too.
const Plan& StatementWatch::ran() const { return plan_.verb == Verb::explain ? *plan_.inner : plan_; }

// SQLite is asked once a statement (Statistics::scans): on the hot path this is one look-up.
std::vector<TableScan> StatementWatch::find_scans() const {
  const Plan& plan = ran();
  if (plan.catalog || plan.sql.empty()) return {};
  ServerError ignored;
  Handle& handle = engine_.database->shared();
  const auto query = handle.internal("EXPLAIN QUERY PLAN " + plan.sql.front(), ignored);
  std::vector<std::string> lines;
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 3)));
  const auto is_table = [&](const std::string& name) {
    const auto table = handle.internal("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", ignored);
    if (!table) return false;
    sqlite3_bind_text(table.get(), 1, name.c_str(), -1, SQLITE_STATIC);
    return sqlite3_step(table.get()) == SQLITE_ROW;
  };
  auto scans = read_scans(lines, tokens_of(plan_.text), is_table);
  // SQLite takes count(*) from the pages' heads, without a step a row.
  const bool whole = scans.size() == 1 && !scans[0].keyed && counts_all(tokens_of(plan_.text));
  if (whole) scans[0].counts_all = true;
  return scans;
}

// VACUUM and ANALYZE [of tables], DROP TABLE.
void StatementWatch::count_maintenance() const {
  const Tokens tokens = tokens_of(plan_.text);
  if (tokens.empty()) return;
  const bool vacuum = tokens[0].is("vacuum"), drop = tokens[0].is("drop");
  const bool analyze = std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.is("analyze"); });
  if (!vacuum && !drop && !tokens[0].is("analyze")) return;
  Handle& handle = engine_.database->shared();
  Statistics& statistics = handle.facts().statistics();
  std::vector<std::string> named, all;
  for (const Relation& r : relations(handle)) {
    if (r.kind != 'r') continue;
    all.push_back(r.name);
    const bool here = std::any_of(tokens.begin() + 1, tokens.end(), [&](const Token& t) { return t.kind != TokenKind::symbol && name_of(t) == r.name; });
    if (here) named.push_back(r.name);
  }
  for (const std::string& table : named.empty() ? all : named) {
    if (vacuum) statistics.vacuumed(table, unix_now_us());
    if (analyze) statistics.analyzed(table, unix_now_us());
  }
  if (drop) statistics.keep_only(all);
}

void StatementWatch::log_duration(double ms) const {
  const auto left_out = engine_.duration_log.admit(RealClock::now());
  if (!left_out) return;
  char figure[40];
  std::snprintf(figure, sizeof figure, "duration: %.3f ms  statement: ", ms);
  engine_.ctx.log.info("duration", {{"message", figure + backend_.query}, {"user", backend_.user}, {"pid", std::int64_t{backend_.pid}}, {"left_out", *left_out}});
}

void StatementWatch::done(const std::string& tag) const {
  if (!engine_.database) return;
  Statistics& statistics = engine_.database->shared().facts().statistics();
  const std::int64_t rows = rows_of(tag);
  const double ms = to_s(RealClock::now() - begun_) * 1e3;
  if (backend_.log_min_duration_ms >= 0 && ms >= static_cast<double>(backend_.log_min_duration_ms)) log_duration(ms);
  const bool query = plan_.verb <= Verb::explain;
  statistics.statements.record({role_oid(backend_.user), plan_.query_id}, ms, rows,
                               [&] { return query ? normalized_query(plan_.text) : plan_.text; });
  if (plan_.verb == Verb::define) count_maintenance();
  const bool explain = plan_.verb == Verb::explain;
  if (!query || !backend_.work.ran || (explain && !plan_.explain->analyze)) return;
  const auto& scans = statistics.scans(ran().query_id, [this] { return find_scans(); });
  StatementWork work = backend_.work;
  const std::int64_t rows_done = explain ? work.rows : rows;
  work.rows = plan_.verb == Verb::insert ? work.rows : rows_done;
  const bool counted = scans.size() == 1 && scans[0].counts_all;
  if (counted && work.scanned == 0) work.scanned = statistics.table(scans[0].table).live.value_or(0);
  else if (work.scanned > 0 || rows_done > 0) ++work.scanned;      // SQLite counts the steps between rows
  statistics.scanned(scans, work);
}

}  // namespace chaos::pg
