// Statements that the session makes of others: CREATE TABLE AS, PREPARE and EXECUTE, cursors.
#include "postgres/session/session.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/session/session_sinks.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

constexpr std::size_t kMaxPrepared = 1000;
constexpr std::size_t kMaxPortals = 100;
constexpr int kMaxNested = 20;

std::string declaration(const Column& column) {
  switch (column.type) {
    case oid::kBool: return "boolean";
    case oid::kInt2: return "smallint";
    case oid::kInt4: return "integer";
    case oid::kInt8: return "bigint";
    case oid::kFloat4: return "real";
    case oid::kFloat8: return "double precision";
    case oid::kNumeric: return column.modifier >= 4 ? "numeric real(" + std::to_string((column.modifier - 4) >> 16) + "," + std::to_string((column.modifier - 4) & 0xffff) + ")" : "numeric real";
    case oid::kTimestamp: return "timestamp";
    case oid::kTimestampTz: return "timestamptz";
    case oid::kDate: return "date";
    case oid::kInterval: return "interval";
    case oid::kBytea: return "bytea";
    case oid::kUuid: return "uuid";
    case oid::kVarchar: return column.modifier >= 4 ? "varchar(" + std::to_string(column.modifier - 4) + ")" : "varchar";
    default: return "text";
  }
}

// The query, its numeric columns rounded as numeric values are stored.
std::string stored_rows(const std::vector<Column>& columns, const std::string& query) {
  std::string names, values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = "c" + std::to_string(i), comma = i > 0 ? ", " : "";
    const int limits = columns[i].modifier - 4;
    const std::string limited = columns[i].modifier >= 4 ? ", " + std::to_string(limits >> 16) + ", " + std::to_string(limits & 0xffff) : "";
    names += comma + name;
    values += comma + (columns[i].type == oid::kNumeric ? "pg_numeric(" + name + limited + ")" : name);
  }
  return "WITH pg_stored(" + names + ") AS (" + query + ") SELECT " + values + " FROM pg_stored";
}

}  // namespace

awaitable<bool> Session::create_as(const Plan& plan, std::string& tag) {
  std::vector<Column> columns;
  ServerError error;
  if (!describe_columns(*plan.inner, {}, columns, error)) co_return fail(error);
  std::string names;
  for (const Column& column : columns) names += (names.empty() ? "" : ", ") + quote_name(column.name) + " " + declaration(column);
  Plan create, insert = *plan.inner;
  create.verb = Verb::define;
  create.tag = "CREATE TABLE AS";
  create.sql.push_back("CREATE TABLE " + plan.name + "(" + names + ")");
  insert.verb = Verb::insert;
  insert.tag = "INSERT 0";
  insert.tokens.clear();
  insert.spots.clear();
  insert.sql.front() = "INSERT INTO " + plan.name + " " + stored_rows(columns, insert.sql.front());
  const bool own = !executor_.transaction().active();
  if (own) executor_.begin_implicit();
  CountingSink sink;
  const RowFormat format{false, {}};
  const std::vector<BoundValue> none;
  bool done = co_await run_data(create, none, format, sink, tag);
  done = done && co_await run_data(insert, none, format, sink, tag);
  const bool ended = !own || co_await executor_.end_implicit(done, error);
  if (!ended) co_return fail(error);
  tag = "SELECT " + tag.substr(tag.rfind(' ') + 1);
  co_return done;
}

awaitable<bool> Session::prepare_statement(const Plan& plan) {
  ServerError error;
  std::vector<Column> columns;
  if (prepared_.contains(plan.name)) co_return fail(make_error("42P05", "prepared statement \"" + plan.name + "\" already exists"));
  if (prepared_.size() >= kMaxPrepared) co_return fail(make_error("54000", "too many prepared statements"));
  if (!describe_columns(*plan.inner, {}, columns, error)) co_return fail(error);
  Prepared prepared{plan.inner, plan.inner->types};
  prepared.types.resize(static_cast<std::size_t>(plan.inner->parameters), 0);
  prepared_[plan.name] = std::move(prepared);
  co_return true;
}

// The arguments are computed as a SELECT's columns, then bound.
awaitable<bool> Session::execute_statement(const Plan& plan, const RowFormat& format, RowSink& sink, std::string& tag) {
  const auto found = prepared_.find(plan.name);
  if (found == prepared_.end()) co_return fail(make_error("26000", "prepared statement \"" + plan.name + "\" does not exist"));
  const Prepared prepared = found->second;
  if (!prepared.plan) co_return true;                       // an empty query
  if (prepared.plan->verb == Verb::execute && nested_ >= kMaxNested) co_return fail(make_error("54001", "stack depth limit exceeded"));
  std::vector<BoundValue> values;
  if (plan.inner) {
    std::string row;
    KeepingSink kept(row);
    std::string ignored;
    const RowFormat plain{false, {}};
    const std::vector<BoundValue> none;
    if (!co_await run_data(*plan.inner, none, plain, kept, ignored)) co_return false;
    Reader reader(std::string_view(row).substr(5));
    for (int left = reader.int16(); left > 0; --left) {
      const auto value = reader.value();
      values.push_back({value ? std::optional(std::string(*value)) : std::nullopt, 0, 0});
    }
  }
  if (values.size() != prepared.types.size()) {
    ServerError error = make_error("42601", "wrong number of parameters for prepared statement \"" + plan.name + "\"");
    error.detail = "Expected " + std::to_string(prepared.types.size()) + " parameters but got " + std::to_string(values.size()) + ".";
    co_return fail(error);
  }
  for (std::size_t i = 0; i < values.size(); ++i) values[i].type = prepared.types[i];
  ++nested_;
  const bool done = co_await run_plan(*prepared.plan, values, format, sink, tag);
  --nested_;
  co_return done;
}

// The rows are made at once and kept; FETCH hands them out.
awaitable<bool> Session::declare_cursor(const Plan& plan, const std::vector<BoundValue>& values) {
  if (!plan.hold && executor_.transaction().phase() != Transaction::Phase::open && executor_.transaction().phase() != Transaction::Phase::implicit) {
    co_return fail(make_error("25P01", "DECLARE CURSOR can only be used in transaction blocks"));
  }
  if (portals_.contains(plan.name)) co_return fail(make_error("42P03", "cursor \"" + plan.name + "\" already exists"));
  if (portals_.size() >= kMaxPortals) co_return fail(make_error("54000", "too many portals"));
  Portal portal;
  ServerError error;
  if (!describe_columns(*plan.inner, {}, portal.columns, error)) co_return fail(error);
  portal.statement.plan = plan.inner;
  portal.started = portal.cursor = true;
  portal.hold = plan.hold;
  KeepingSink sink(portal.rows);
  const RowFormat format{false, {}};
  if (!co_await run_data(*plan.inner, values, format, sink, portal.tag)) co_return false;
  portal.number = next_portal_++;
  portals_[plan.name] = std::move(portal);
  co_return true;
}

awaitable<bool> Session::fetch(const Plan& plan, const RowFormat& format, RowSink& sink, std::string& tag) {
  const auto found = portals_.find(plan.name);
  if (found == portals_.end()) co_return fail(make_error("34000", "cursor \"" + plan.name + "\" does not exist"));
  Portal& portal = found->second;
  const bool move = plan.tag == "MOVE";
  if (format.describe && !move) append_row_description(sink.out(), portal.columns);
  std::int64_t given = 0;
  for (; portal.at < portal.rows.size() && (plan.count < 0 || given < plan.count); ++given) {
    const auto length = static_cast<std::size_t>(Reader(std::string_view(portal.rows).substr(portal.at + 1, 4)).int32()) + 1;
    if (!move) sink.out().append(portal.rows, portal.at, length);
    portal.at += length;
  }
  tag = plan.tag + " " + std::to_string(given);
  ServerError error;
  co_return co_await sink.flush(error) || fail(error);
}

bool Session::close_cursor(const Plan& plan) {
  if (plan.name.empty()) return close_portals(), true;
  if (running_ == plan.name) return fail(make_error("24000", "cannot drop active portal \"" + plan.name + "\""));
  if (portals_.erase(plan.name) == 1) return true;
  return fail(make_error("34000", "cursor \"" + plan.name + "\" does not exist"));
}

void Session::close_portals() {
  std::erase_if(portals_, [this](const auto& entry) { return running_ != entry.first; });
}

// A transaction's portals go with it, but for cursors WITH HOLD that it committed.
void Session::end_cursors(bool committed) {
  savepoints_.clear();
  std::erase_if(portals_, [&](const auto& entry) { return running_ != entry.first && (!entry.second.hold || (entry.second.fresh && !committed)); });
  for (auto& [name, portal] : portals_) portal.fresh = false;
}

// What was declared after a savepoint goes when it is gone back to.
void Session::follow_savepoint(const Plan& plan) {
  if (plan.verb == Verb::savepoint) savepoints_.emplace_back(plan.name, next_portal_);
  if (plan.verb != Verb::release && plan.verb != Verb::rollback_to) return;
  const auto mark = std::find_if(savepoints_.rbegin(), savepoints_.rend(), [&](const auto& savepoint) { return savepoint.first == plan.name; });
  if (mark == savepoints_.rend()) return;
  const bool back = plan.verb == Verb::rollback_to;
  const std::int64_t since = mark->second;
  savepoints_.erase(back ? mark.base() : std::prev(mark.base()), savepoints_.end());
  if (back) std::erase_if(portals_, [&](const auto& entry) { return entry.second.number >= since && running_ != entry.first; });
}

// DISCARD ALL, PLANS, SEQUENCES, TEMP. Plans are not kept beyond their statements, and there are no temporary tables.
bool Session::discard(const Plan& plan, ServerError& error) {
  if (!plan.name.empty()) return true;
  if (executor_.transaction().active()) {
    error = make_error("25001", "DISCARD ALL cannot run inside a transaction block");
    return false;
  }
  close_portals();
  prepared_.clear();
  engine_.locks.release_session_locks(backend_.pid);
  return settings_.reset("", error);
}

bool Session::fits_block(const Plan& plan, ServerError& error) const {
  const auto phase = executor_.transaction().phase();
  if (!plan.alone || phase == Transaction::Phase::none) return true;
  error = make_error("25001", (plan.tag == "CREATE INDEX" ? "CREATE INDEX CONCURRENTLY" : plan.tag) + " cannot run inside a transaction block");
  return false;
}

// What IF [NOT] EXISTS passes over.
void Session::tell_skips(const Plan& plan) {
  for (const SkipNotice& skip : plan.skips) {
    if (executor_.relation_exists(skip.relation) == skip.when_there) append_error(wire_.out, skip.notice);
  }
}

awaitable<bool> Session::run_made(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag) {
  ServerError error;
  tag = plan.tag;
  if (plan.verb != Verb::close_cursor && !executor_.transaction().admits(error)) co_return fail(error);
  bool done = false;
  switch (plan.verb) {
    case Verb::explain: done = co_await explain(plan, values, format, sink, tag); break;
    case Verb::create_as: done = co_await create_as(plan, tag); break;
    case Verb::copy_in: co_return co_await copy_in(plan, tag);
    case Verb::copy_out: done = co_await copy_out(plan, tag); break;
    case Verb::prepare: done = co_await prepare_statement(plan); break;
    case Verb::execute: done = co_await execute_statement(plan, format, sink, tag); break;
    case Verb::declare: done = co_await declare_cursor(plan, values); break;
    case Verb::fetch: done = co_await fetch(plan, format, sink, tag); break;
    default: done = close_cursor(plan); break;
  }
  if (!done) executor_.refuse();
  co_return done;
}

}  // namespace chaos::pg
