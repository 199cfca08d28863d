// EXPLAIN [ANALYZE]: SQLite's plan of the statement, and with ANALYZE its real run.
#include "postgres/session/session.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/execution/explain_tree.hpp"
#include "postgres/session/session_sinks.hpp"
#include "postgres/sql/sql_counted.hpp"
#include "postgres/store/schema_types.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

// Sizes from the table's row numbers and declared types: an estimate that costs no scan.
class HandleFacts final : public ExplainFacts {
 public:
  explicit HandleFacts(Handle& handle) : handle_(handle), schema_(handle) {}

  double rows(const std::string& table) override {
    const auto found = first_row("SELECT max(rowid) - min(rowid) + 1 FROM " + quote_name(table));
    return found.empty() ? 1 : std::atof(found[0].c_str());
  }
  int width(const std::string& table) override {
    int width = 0;
    for (const OutputColumn& column : schema_.columns(table)) {
      const bool wide = column.type == oid::kInt8 || column.type == oid::kFloat8 || column.type == oid::kTimestampTz || column.type == oid::kTimestamp;
      width += column.type == oid::kBool ? 1 : column.type == oid::kInt2 ? 2 : column.type == oid::kInt4 || column.type == oid::kDate ? 4 : wide ? 8 : column.modifier > 4 ? column.modifier - 3 : 32;
    }
    return width;
  }
  std::vector<std::string> index_columns(const std::string& index) override { return first_column("SELECT name FROM pragma_index_info(" + quote_text(index) + ") WHERE name IS NOT NULL"); }
  bool unique(const std::string& table, const std::string& index) override {
    return index.empty() || !first_row("SELECT 1 FROM pragma_index_list(" + quote_text(table) + ") WHERE \"unique\" AND (name = " + quote_text(index) + " OR origin = 'pk')").empty();
  }
  std::string primary_key(const std::string& table) override {
    const auto found = first_row("SELECT name FROM pragma_table_info(" + quote_text(table) + ") WHERE pk = 1");
    return found.empty() ? "rowid" : found[0];
  }

 private:
  std::vector<std::string> first_column(const std::string& sql) {
    ServerError ignored;
    std::vector<std::string> out;
    const auto query = handle_.internal(sql, ignored);
    while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0));
      if (text) out.emplace_back(text);
    }
    return out;
  }
  std::vector<std::string> first_row(const std::string& sql) { return first_column(sql); }

  Handle& handle_;
  HandleSchema schema_;
};

constexpr int kDetail = 3;      // EXPLAIN QUERY PLAN: id, parent, notused, detail

bool plan_steps(Handle& handle, const std::string& sql, std::vector<PlanStep>& out, ServerError& error) {
  const auto query = handle.internal("EXPLAIN QUERY PLAN " + sql, error);
  if (!query) return false;
  while (sqlite3_step(query.get()) == SQLITE_ROW) {
    out.push_back({sqlite3_column_int(query.get(), 0), sqlite3_column_int(query.get(), 1), reinterpret_cast<const char*>(sqlite3_column_text(query.get(), kDetail))});
  }
  return true;
}

double ms_between(RealTime start, RealTime end) { return std::chrono::duration<double, std::milli>(end - start).count(); }
double ms_since(RealTime start) { return ms_between(start, RealClock::now()); }

// The statement as it is run: with its scan counted, where there is one.
Plan counted_plan(const Plan& plan, ExplainNode& root, bool& counted) {
  Plan out = plan;
  const ExplainNode* scan = only_scan(root);
  if (!scan) return out;
  const bool through_index = !scan->index.empty() && std::any_of(scan->details.begin(), scan->details.end(), [](const auto& detail) { return detail.first == "Filter"; });
  const auto tokens = counted_scan(plan, through_index ? scan->alias : "");
  counted = tokens.has_value();
  if (!counted) return out;
  Plan translated;
  out.sql.front() = translate(*tokens, translated);
  out.spots.clear();
  return out;
}

void measure(const RunCount& count, RealTime from, bool counted, bool filtered, ExplainTimes& times) {
  times.first_row_ms = count.first_row ? ms_between(from, *count.first_row) : times.execution_ms;
  if (!counted) return;
  const double last = count.last_scanned ? ms_between(from, *count.last_scanned) : times.execution_ms;
  const auto passed = static_cast<double>(filtered ? count.passed : count.scanned);
  const auto first = filtered ? count.first_passed : count.first_scanned;
  times.scan = {passed, static_cast<double>(count.scanned), first ? ms_between(from, *first) : last, last};
}

}  // namespace

awaitable<bool> Session::analyze(const Plan& plan, const std::vector<BoundValue>& values, ExplainNode& root, ExplainTimes& times, std::string& tag) {
  bool counted = false;
  const Plan run = counted_plan(*plan.inner, root, counted);
  CountingSink rows;
  RunCount count;
  const RowFormat plain{false, {}};
  const RealTime from = RealClock::now();
  backend_.count = &count;
  const bool done = co_await run_data(run, values, plain, rows, tag);
  backend_.count = nullptr;
  if (!done) co_return false;
  times.execution_ms = ms_since(from);
  times.rows = std::atoll(tag.c_str() + tag.rfind(' ') + 1);
  backend_.work.rows = times.rows;
  measure(count, from, counted, run.sql.front().find("pg_passed") != std::string::npos, times);
  explain_actual(root, times);
  co_return true;
}

awaitable<bool> Session::explain(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag) {
  ServerError error;
  std::vector<Column> columns, inner;
  ExplainTimes times;
  const RealTime start = RealClock::now();
  if (!describe_columns(*plan.inner, {}, inner, error)) co_return fail(error);
  std::vector<PlanStep> steps;
  Handle& handle = executor_.reading();
  if (!plan_steps(handle, plan.inner->sql.front(), steps, error)) co_return fail(error);
  HandleFacts facts(handle);
  ExplainNode root = explain_tree(steps, *plan.inner, facts);
  times.planning_ms = ms_since(start);
  if (plan.explain->analyze && !co_await analyze(plan, values, root, times, tag)) co_return false;
  tag = plan.tag;
  const ExplainTimes* measured = plan.explain->analyze ? &times : nullptr;
  std::vector<std::string> lines = plan.explain->json ? std::vector{explain_json(root, *plan.explain, measured)} : explain_text(root, *plan.explain, measured);
  if (format.describe && describe_columns(plan, {}, columns, error)) append_row_description(sink.out(), columns);
  for (const std::string& line : lines) Writer(sink.out(), 'D').int16(1).value(line);
  co_return co_await sink.flush(error) || fail(error);
}

}  // namespace chaos::pg
