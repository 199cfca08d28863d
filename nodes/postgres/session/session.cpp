#include "postgres/session/session.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/execution/statement_watch.hpp"
#include "postgres/state/roles.hpp"

namespace chaos::pg {

namespace {

constexpr std::chrono::hours kIdle{8};      // a client that sends nothing for so long is gone

ServerError by_administrator() { return make_fatal("57P01", "terminating connection due to administrator command"); }

}  // namespace

Session::Session(Engine& engine, SessionWire& wire, Backend& backend, SessionSettings settings)
    : engine_(engine), wire_(wire), backend_(backend), settings_(std::move(settings)), executor_(engine, backend) {
  backend_.settings = &settings_;
  for (const std::string_view name : SessionSettings::reported()) told_[name] = settings_.get(std::string(name)).value_or("");
  apply_settings();
}

awaitable<void> Session::run() {
  settle();
  // Unless it is terminated a client is never told of an end between a statement and its ReadyForQuery.
  while (!(ending_ && (settled_ || backend_.terminating)) && !said_farewell_) {
    if (wire_.decoder().idle() || wire_.out.size() > SessionWire::kFlushAt) {
      const auto sent = co_await wire_.flush();
      if (!sent) co_return;
    }
    reading_ = true;
    const auto message = co_await wire_.next(RealClock::now() + idle_limit());
    reading_ = false;
    if (!message && message.error() == make_error_code(Errc::timeout) && reap()) co_return;
    if (!message) {
      if (message.error() == make_error_code(Errc::protocol) || message.error() == make_error_code(Errc::too_large)) {
        append_error(wire_.out, make_fatal("08P01", "invalid message length"));
        co_await wire_.flush();
      }
      co_return;
    }
    if (said_farewell_) co_return;     // what came in meanwhile was not taken
    Frontend parsed;
    if (!parse_frontend(*message, parsed)) {
      append_error(wire_.out, make_fatal("08P01", "invalid message format"));
      co_await wire_.flush();
      co_return;
    }
    if (!co_await handle(std::move(parsed))) break;
  }
  if (ending_ && !said_farewell_) append_error(wire_.out, by_administrator());
  co_await wire_.flush();
}

// How long the client may take for its next message.
RealDuration Session::idle_limit() const {
  const RealDuration set = executor_.transaction().active() ? idle_in_transaction_ : idle_;
  return settled_ && set > RealDuration::zero() ? std::min<RealDuration>(set, kIdle) : RealDuration(kIdle);
}

// The client took too long: the last word, or false when the connection is just to be dropped.
bool Session::reap() {
  if (!settled_ || said_farewell_) return false;
  const ServerError error = executor_.transaction().active() ? make_fatal("25P03", "terminating connection due to idle-in-transaction timeout")
                                                             : make_fatal("57P05", "terminating connection due to idle-session timeout");
  note("connection_terminated", error);
  farewell(error);
  return true;
}

awaitable<bool> Session::handle(Frontend message) {
  if (std::holds_alternative<Terminate>(message)) {
    if (backend_.end == SessionEnd::abandoned) backend_.end = SessionEnd::client;
    co_return false;
  }
  if (std::holds_alternative<Sync>(message)) {
    co_await sync();
    co_return true;
  }
  if (const auto* query = std::get_if<Query>(&message); query && !skipping_) {
    co_await simple(*query);
    co_return true;
  }
  const bool copied = std::holds_alternative<CopyData>(message) || std::holds_alternative<CopyDone>(message) || std::holds_alternative<CopyFail>(message);
  if (copied) co_return true;      // the rest of a COPY that failed
  settled_ = false;
  if (skipping_) co_return true;
  if (const auto* flush = std::get_if<Flush>(&message)) {
    static_cast<void>(flush);
    const auto sent = co_await wire_.flush();
    co_return sent.has_value();
  }
  if (std::holds_alternative<Unknown>(message) || std::holds_alternative<Password>(message)) {
    append_error(wire_.out, make_fatal("08P01", "invalid frontend message type"));
    co_return false;
  }
  skipping_ = !co_await part(message);
  if (skipping_) executor_.refuse();
  co_return true;
}

awaitable<bool> Session::part(const Frontend& message) {
  if (const auto* p = std::get_if<Parse>(&message)) co_return parse(*p);
  if (const auto* b = std::get_if<Bind>(&message)) co_return bind(*b);
  if (const auto* d = std::get_if<Describe>(&message)) co_return describe(*d);
  if (const auto* e = std::get_if<Execute>(&message)) co_return co_await execute(*e);
  if (const auto* c = std::get_if<Close>(&message)) close(*c);
  co_return true;
}

// The end of a series of messages: what it did outside of a transaction block is committed, or undone after an error.
awaitable<void> Session::sync() {
  ServerError error;
  const bool good = !std::exchange(skipping_, false);
  const bool ended = co_await executor_.end_implicit(good, error);
  if (!ended) fail(error);
  if (!executor_.transaction().active()) settings_.end(good && ended), end_cursors(good && ended);
  settle();
}

void Session::settle() {
  const TransactionState state = executor_.transaction().wire_state();
  if (!said_farewell_) append_ready(wire_.out, state);
  settled_ = true;
  const BackendState idle = state == TransactionState::idle   ? BackendState::idle
                            : state == TransactionState::open ? BackendState::idle_in_transaction
                                                              : BackendState::idle_in_failed_transaction;
  backend_.enter(idle, unix_now_us());
}

void Session::note(std::string_view event, const ServerError& error) {
  if (const auto left_out = engine_.error_log.admit(RealClock::now())) {
    engine_.ctx.log.warn(event, {{"severity", error.severity}, {"sqlstate", error.sqlstate}, {"message", error.message},
                                              {"statement", backend_.query}, {"user", backend_.user}, {"pid", std::int64_t{backend_.pid}}, {"left_out", *left_out}});
  }
}

bool Session::fail(const ServerError& error) {
  note("statement_failed", error);
  append_error(wire_.out, error);
  said_farewell_ = said_farewell_ || error.severity == "FATAL";
  return false;
}

void Session::terminate(bool at_once) {
  if (!at_once && in_transaction()) return;
  if (at_once && !ending_) note("connection_terminated", by_administrator());
  ending_ = true;
  if (reading_ && (at_once || (settled_ && wire_.decoder().idle()))) return farewell(by_administrator());
  backend_.cancelled = backend_.terminating = at_once;
  if (at_once && backend_.wake) backend_.wake();
}

// The session waits for its client: the last word is sent beside it, then the connection is closed under it.
void Session::farewell(const ServerError& error) {
  reading_ = false;
  said_farewell_ = true;
  struct Goodbye {
    static awaitable<void> say(std::shared_ptr<EdgeStream> stream, std::string out) {
      stream->expires_after(SessionWire::kWrite);
      co_await stream->write(asio::buffer(out));
      stream->close();
    }
  };
  std::string out;
  append_error(out, error);
  engine_.ctx.tasks.spawn("postgres.farewell", Goodbye::say(wire_.shared_stream(), wire_.last_words(std::move(out))));
}

// SET, SHOW, RESET, DISCARD, DEALLOCATE: answered by the session itself.
bool Session::run_setting(const Plan& plan, const RowFormat& format, std::string& out, std::string& tag, ServerError& error) {
  if (executor_.transaction().active()) settings_.begin();
  tag = plan.tag;
  switch (plan.verb) {
    case Verb::set: return set(plan, error);
    case Verb::reset: return settings_.reset(plan.name, error);
    case Verb::alter_system: return alter_system(plan, error);
    case Verb::discard: return discard(plan, error);
    case Verb::deallocate:
      if (plan.name.empty()) return prepared_.clear(), true;
      if (prepared_.erase(plan.name) == 1) return true;
      error = make_error("26000", "prepared statement \"" + plan.name + "\" does not exist");
      return false;
    default: break;
  }
  std::vector<Column> columns;
  if (!describe_columns(plan, format.formats, columns, error)) return false;
  std::vector<Setting> shown;
  if (plan.name == "all") {
    shown = settings_.all();
  } else {
    std::string value;
    if (!settings_.show(plan.name, value, error)) return false;
    if (auto own = of_transaction(plan.name)) value = std::move(*own);
    shown.push_back({plan.name, std::move(value)});
  }
  if (format.describe) append_row_description(out, columns);
  for (const Setting& setting : shown) {
    Writer row(out, 'D');
    row.int16(static_cast<std::int16_t>(columns.size()));
    if (columns.size() > 1) row.value(setting.name);
    row.value(setting.value);
    const SettingRule* rule = columns.size() > 1 ? find_setting(setting.name) : nullptr;
    if (columns.size() > 1) row.value(rule ? rule->description : std::string_view{});
  }
  return true;
}

bool Session::describe_columns(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error) {
  out.clear();
  if (plan.verb == Verb::show) return describe_setting(plan, formats, out, error);
  if (plan.verb == Verb::explain) return out = {{"QUERY PLAN", plan.explain->json ? oid::kJson : oid::kText, format_of(formats, 0)}}, true;
  if (plan.verb == Verb::fetch) {
    const auto portal = portals_.find(plan.name);
    if (portal != portals_.end() && plan.tag == "FETCH") out = portal->second.columns;
    return true;
  }
  if (plan.verb == Verb::execute) {
    const auto prepared = prepared_.find(plan.name);
    const Plan* named = prepared == prepared_.end() ? nullptr : prepared->second.plan.get();
    return !named || named->verb == Verb::execute || describe_columns(*named, formats, out, error);
  }
  return plan.verb > Verb::define || executor_.describe(plan, formats, out, error);
}

bool Session::describe_setting(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error) {
  std::string ignored;
  if (plan.name == "all") {
    out = {{"name", oid::kText, format_of(formats, 0)}, {"setting", oid::kText, format_of(formats, 1)}, {"description", oid::kText, format_of(formats, 2)}};
    return true;
  }
  out = {{plan.name, oid::kText, format_of(formats, 0)}};
  return settings_.show(plan.name, ignored, error);
}

awaitable<bool> Session::run_plan(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink,
                                  std::string& tag) {
  apply_settings();
  const StatementWatch watch(engine_, backend_, plan);
  const bool done = co_await run_kind(plan, values, format, sink, tag);
  for (const ServerError& notice : std::exchange(backend_.notices, {})) append_error(wire_.out, notice);
  apply_settings();
  if (done) watch.done(tag);
  co_return done;
}

awaitable<bool> Session::run_kind(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag) {
  if (plan.verb == Verb::explain || plan.verb >= Verb::create_as) co_return co_await run_made(plan, values, format, sink, tag);
  if (plan.verb != Verb::nothing && plan.verb < Verb::set) co_return co_await run_data(plan, values, format, sink, tag);
  ServerError error;
  tag = plan.tag;
  if (plan.tag == "CHECKPOINT" && backend_.user != kSuperuser) {
    executor_.refuse();
    co_return fail(make_error("42501", "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT"));
  }
  if (executor_.transaction().admits(error) && (plan.verb == Verb::nothing || run_setting(plan, format, sink.out(), tag, error))) co_return true;
  executor_.refuse();
  co_return fail(error);
}

awaitable<bool> Session::run_data(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink,
                                  std::string& tag) {
  ServerError error, notice;
  if (!fits_block(plan, error)) {
    executor_.refuse();
    co_return fail(error);
  }
  if (!plan.skips.empty()) tell_skips(plan);
  std::optional<Plan> begin;
  if (plan.verb == Verb::begin) begin = with_defaults(plan);
  const Call call{begin ? *begin : plan, values, format, sink};
  const bool done = co_await executor_.run(call, tag, notice, error);
  if (!notice.sqlstate.empty()) append_error(wire_.out, notice);
  const bool ends = plan.verb == Verb::commit || plan.verb == Verb::rollback;
  if (ends) settings_.end(done && tag == "COMMIT");
  if (ends && (done || !executor_.transaction().active())) end_cursors(done && tag == "COMMIT");
  if (done) follow_savepoint(plan);
  co_return done || fail(error);
}

}  // namespace chaos::pg
