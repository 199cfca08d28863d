#include "postgres/session/session.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/session/session_sinks.hpp"
#include "postgres/sql/sql_coerce.hpp"
#include "postgres/sql/sql_plan_parts.hpp"
#include "postgres/store/schema_types.hpp"

namespace chaos::pg {

namespace {
constexpr std::size_t kMaxPrepared = 1000;
constexpr std::size_t kMaxPortals = 100;
}

// With what the columns that values meet make of them.
bool Session::plan_statement(StatementText& statement, Plan& plan, ServerError& error) {
  std::vector<std::int32_t> types;
  HandleSchema schema(executor_.reading());
  const std::size_t head = query_within(statement.tokens);
  Tokens query(statement.tokens.begin() + static_cast<std::ptrdiff_t>(head), statement.tokens.end());
  if (!coerce_values(query, schema, types, error)) return false;
  spread_delete_using(query);
  if (!spread_distinct_on(query, schema, types)) return error = make_error("0A000", "this form of SELECT DISTINCT ON is not supported"), false;
  statement.tokens.resize(head);
  statement.tokens.insert(statement.tokens.end(), query.begin(), query.end());
  if (!make_plan(statement, plan, error)) return false;
  plan.types.resize(static_cast<std::size_t>(plan.parameters), 0);
  for (std::size_t i = 0; i < plan.types.size() && i < types.size(); ++i) {
    if (plan.types[i] == 0) plan.types[i] = types[i];
  }
  return true;
}

awaitable<void> Session::simple(Query query) {
  std::vector<StatementText> statements;
  ServerError error;
  std::vector<Plan> plans;
  bool good = split_statements(query.sql, statements, error);
  for (std::size_t i = 0; good && i < statements.size(); ++i) good = plan_statement(statements[i], plans.emplace_back(), error);
  prepared_.erase("");
  portals_.erase("");
  if (!good) {
    backend_.set_query(query.sql, unix_now_us());
    executor_.refuse();
    fail(error);
  }
  if (good && plans.empty()) append_empty(wire_.out, 'I');
  for (std::size_t i = 0; good && i < plans.size(); ++i) {
    if (plans.size() > 1) executor_.begin_implicit();     // anew after a COMMIT among them
    good = co_await simple_one(plans[i]);
  }
  const bool ended = co_await executor_.end_implicit(good, error);
  if (!ended) fail(error);
  if (!executor_.transaction().active()) settings_.end(good && ended), end_cursors(good && ended);
  settle();
}

awaitable<bool> Session::simple_one(const Plan& plan) {
  WireSink sink(wire_);
  std::string tag;
  const std::vector<BoundValue> none;
  const RowFormat format{true, {}};
  if (plan.parameters > 0 && plan.verb != Verb::prepare) co_return fail(make_error("42P02", "there is no parameter $1"));
  if (!co_await run_plan(plan, none, format, sink, tag)) co_return false;
  append_command_complete(wire_.out, tag);
  co_return true;
}

bool Session::parse(const Parse& parse) {
  std::vector<StatementText> statements;
  ServerError error;
  if (!split_statements(parse.sql, statements, error)) return fail(error);
  if (statements.size() > 1) return fail(make_error("42601", "cannot insert multiple commands into a prepared statement"));
  if (!parse.name.empty() && prepared_.contains(parse.name)) {
    return fail(make_error("42P05", "prepared statement \"" + std::string(parse.name) + "\" already exists"));
  }
  if (prepared_.size() >= kMaxPrepared) return fail(make_error("54000", "too many prepared statements"));
  Prepared prepared;
  if (!statements.empty()) {
    auto plan = std::make_shared<Plan>();
    std::vector<Column> columns;
    if (!plan_statement(statements[0], *plan, error)) return fail(error);
    plan->types.resize(std::max(plan->types.size(), parse.types.size()), 0);
    for (std::size_t i = 0; i < parse.types.size(); ++i) if (parse.types[i] != 0) plan->types[i] = parse.types[i];
    const bool ends_failed = plan->verb == Verb::commit || plan->verb == Verb::rollback || plan->verb == Verb::rollback_to;
    if (!ends_failed && !executor_.transaction().admits(error)) return fail(error);
    if (!describe_columns(*plan, {}, columns, error)) return fail(error);
    prepared.types = plan->types;
    prepared.types.resize(static_cast<std::size_t>(plan->parameters), 0);
    prepared.plan = std::move(plan);
  }
  prepared.types.resize(std::max(prepared.types.size(), parse.types.size()), 0);
  for (std::size_t i = 0; i < parse.types.size(); ++i) {
    if (parse.types[i] != 0) prepared.types[i] = parse.types[i];
  }
  prepared_[std::string(parse.name)] = std::move(prepared);
  append_empty(wire_.out, '1');
  return true;
}

bool Session::bind(const Bind& bind) {
  const auto found = prepared_.find(bind.statement);
  if (found == prepared_.end()) {
    return fail(make_error("26000", "prepared statement \"" + std::string(bind.statement) + "\" does not exist"));
  }
  const Prepared& statement = found->second;
  if (bind.values.size() != statement.types.size()) {
    return fail(make_error("08P01", "bind message supplies " + std::to_string(bind.values.size()) + " parameters, but prepared statement \"" +
                                        std::string(bind.statement) + "\" requires " + std::to_string(statement.types.size())));
  }
  if (!bind.portal.empty() && portals_.contains(bind.portal)) return fail(make_error("42P03", "cursor \"" + std::string(bind.portal) + "\" already exists"));
  if (portals_.size() >= kMaxPortals) return fail(make_error("54000", "too many portals"));
  Portal portal;
  portal.statement = statement;
  portal.formats = bind.result_formats;
  for (std::size_t i = 0; i < bind.values.size(); ++i) {
    BoundValue& value = portal.values.emplace_back();
    if (bind.values[i]) value.value = std::string(*bind.values[i]);
    value.type = statement.types[i];
    value.format = bind.format(i);
  }
  portal.number = next_portal_++;
  portals_[std::string(bind.portal)] = std::move(portal);
  append_empty(wire_.out, '2');
  return true;
}

bool Session::describe(const Describe& describe) {
  if (describe.kind == 'S') {
    const auto found = prepared_.find(describe.name);
    if (found == prepared_.end()) return fail(make_error("26000", "prepared statement \"" + std::string(describe.name) + "\" does not exist"));
    return describe_statement(found->second, {}, true);
  }
  const auto found = portals_.find(describe.name);
  if (found == portals_.end()) return fail(make_error("34000", "portal \"" + std::string(describe.name) + "\" does not exist"));
  return describe_statement(found->second.statement, found->second.formats, false);
}

bool Session::describe_statement(const Prepared& prepared, const std::vector<std::int16_t>& formats, bool parameters) {
  std::vector<Column> columns;
  ServerError error;
  if (prepared.plan && !describe_columns(*prepared.plan, formats, columns, error)) return fail(error);
  if (parameters) {
    std::vector<std::int32_t> types = prepared.types;
    for (std::int32_t& type : types) type = type == 0 ? oid::kText : type;
    append_parameter_description(wire_.out, types);
  }
  if (columns.empty()) append_empty(wire_.out, 'n');
  else append_row_description(wire_.out, columns);
  return true;
}

awaitable<bool> Session::execute(Execute execute) {
  const auto found = portals_.find(execute.portal);
  if (found == portals_.end()) co_return fail(make_error("34000", "portal \"" + std::string(execute.portal) + "\" does not exist"));
  Portal& portal = found->second;
  if (!portal.statement.plan) {
    append_empty(wire_.out, 'I');
    co_return true;
  }
  begin_pipeline(*portal.statement.plan);
  running_ = std::string(execute.portal);
  const bool parts = execute.max_rows > 0 || portal.started;
  const bool done = parts ? co_await execute_in_parts(portal, execute.max_rows) : co_await execute_once(portal);
  running_.reset();
  co_return done;
}

// Until Sync, what the client executes outside of a transaction block is one transaction. A single statement needs none.
void Session::begin_pipeline(const Plan& plan) {
  const bool single = wire_.decoder().upcoming() == 'S' && !executor_.transaction().active();
  if (!single && !plan.alone) executor_.begin_implicit();
}

awaitable<bool> Session::execute_once(Portal& portal) {
  WireSink sink(wire_);
  const RowFormat format{false, portal.formats};
  portal.started = true;
  std::string tag;
  if (!co_await run_plan(*portal.statement.plan, portal.values, format, sink, tag)) co_return false;
  append_command_complete(wire_.out, tag);
  if (tag.starts_with("SELECT ")) portal.tag = "SELECT 0";      // of the next Execute, should one come
  co_return true;
}

// All rows are made at the first Execute and kept; each Execute hands out so many.
awaitable<bool> Session::execute_in_parts(Portal& portal, std::int32_t max_rows) {
  if (!portal.started) {
    KeepingSink sink(portal.rows);
    const RowFormat format{false, portal.formats};
    portal.started = true;
    if (!co_await run_plan(*portal.statement.plan, portal.values, format, sink, portal.tag)) co_return false;
  } else if (portal.tag.empty() || (portal.rows.empty() && !portal.tag.starts_with("SELECT "))) {
    co_return fail(make_error("55000", "portal \"" + *running_ + "\" cannot be run"));
  }
  std::int32_t given = 0;
  for (; portal.at < portal.rows.size(); ++given) {
    if (max_rows > 0 && given == max_rows) {
      append_empty(wire_.out, 's');
      co_return true;
    }
    const auto length = static_cast<std::size_t>(Reader(std::string_view(portal.rows).substr(portal.at + 1, 4)).int32()) + 1;
    wire_.out.append(portal.rows, portal.at, length);
    portal.at += length;
  }
  append_command_complete(wire_.out, portal.tag.starts_with("SELECT ") ? "SELECT " + std::to_string(given) : portal.tag);
  co_return true;
}

void Session::close(const Close& close) {
  if (close.kind == 'S') {
    if (const auto found = prepared_.find(close.name); found != prepared_.end()) prepared_.erase(found);
  } else if (const auto found = portals_.find(close.name); found != portals_.end()) {
    portals_.erase(found);
  }
  append_empty(wire_.out, '3');
}

}  // namespace chaos::pg
