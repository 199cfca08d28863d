#include "postgres/session/database_role.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/store/schema.hpp"
#include "runtime/memory.hpp"
#include "runtime/sleep.hpp"

#include <utility>

namespace chaos::pg {

namespace {

constexpr std::chrono::seconds kFirstCopy{5};         // start() waits this long for a base copy
constexpr std::chrono::milliseconds kGauge{250};
constexpr HandleSettings kReader{256, 4};
constexpr double kHeapShare = 0.5;                    // of the node's memory limit is for what SQLite holds

// Sorts and other intermediate results that outgrow memory go to files beside the data.
void spill_to(const std::filesystem::path& dir) {
  sqlite3_free(std::exchange(sqlite3_temp_directory, sqlite3_mprintf("%s", dir.c_str())));
}

}  // namespace

DatabaseRole::DatabaseRole(NodeContext& ctx, ReadSettings read_settings)
    : ctx_(ctx), read_settings_(read_settings), server_(ctx, settings().server, this), store_(ctx.data_dir, server_),
      receiver_(ctx, store_, [this] { on_copy(); }), first_file_(ctx.data_dir / "shop.db") {
  spill_to(ctx.data_dir);
  bound_memory();
}

// A statement that asks for more fails with 53200, and the process lives.
void DatabaseRole::bound_memory() {
  const double limit = ctx_.desired().config().node().memory_limit_mb() * kLimitMegabyte;
  server_.memory_limit = static_cast<std::uint64_t>(limit);
  sqlite3_hard_heap_limit64(static_cast<sqlite3_int64>(limit * kHeapShare));
}

std::string DatabaseRole::term() const { return primary_term(ctx_.desired().run(), ctx_.desired().primary().term()); }

StartFacts DatabaseRole::start_facts() {
  StartFacts facts{ctx_.role == "postgres", ctx_.name, ctx_.desired().primary().name(), term(), DataKind::none, {}};
  ServerError error;
  if (store_.open(error)) {
    facts.data = store_.in_recovery() ? DataKind::standby : DataKind::primary;
    facts.promoted_in = store_.term();
  } else if (std::filesystem::exists(first_file_)) {
    facts.data = DataKind::primary;
  }
  return facts;
}

Result<void> DatabaseRole::failed(const ServerError& error) {
  ctx_.log.error("database_failed", {{"sqlstate", error.sqlstate}, {"message", error.message + (error.detail.empty() ? "" : ". " + error.detail)}});
  return Errc::invalid;
}

awaitable<Result<void>> DatabaseRole::start() {
  const StartAs how = start_as(start_facts());
  ServerError error;
  if (!server_.load_certificate(error)) co_return failed(error);
  const bool standby = how == StartAs::follow || how == StartAs::rejoin;
  if (!standby && !co_await start_primary(how, error)) co_return failed(error);
  if (standby) co_await start_standby(how);
  const auto listening = server_.listen();
  if (!listening) co_return listening.error();
  ctx_.tasks.spawn("postgres.gauges", watch());
  const RealTime until = RealClock::now() + kFirstCopy;
  while (!server_.engine().database && RealClock::now() < until) co_await copied_.wait(until);
  co_return boost::system::in_place_value;
}

awaitable<bool> DatabaseRole::start_primary(StartAs how, ServerError& error) {
  if (how == StartAs::promote) {
    receiver_.start();
    if (co_await receiver_.finish()) co_return become_primary(error);
    error = make_error("XX001", "what was received could not be applied");
    co_return false;
  }
  const bool copy = store_.is_open();
  const std::filesystem::path file = copy ? store_.file() : first_file_;
  store_.close();
  if (!server_.leave_recovery(file, error)) co_return false;
  co_return copy || make_schema(server_.engine().database->shared(), settings().items, error);
}

awaitable<void> DatabaseRole::start_standby(StartAs how) {
  if (how == StartAs::rejoin) look_back(store_.is_open() ? store_.file() : first_file_);
  else if (store_.is_open()) on_copy();
  following_ = true;
  receiver_.start();
  co_return;
}

// A primary that is none any more: what it wrote that the new one lacks is counted before the copy takes its place.
void DatabaseRole::look_back(const std::filesystem::path& file) {
  ServerError error;
  store_.close();
  ChangeLog log;
  const auto handle = Handle::open(file, kReader, server_, error);
  if (!handle || !log.open(*handle, 0, error)) return receiver_.rejoin(0, 0, [](Lsn) {});
  receiver_.rejoin(log.system_id(), log.timeline(), [this, file](Lsn fork) { discard(file, fork); });
}

void DatabaseRole::discard(const std::filesystem::path& file, Lsn fork) {
  ServerError error;
  ChangeLog log;
  const auto handle = Handle::open(file, kReader, server_, error);
  if (!handle || !log.open(*handle, 0, error)) return;
  const auto count = handle->internal("SELECT count(*) FROM pg_wal_records WHERE lsn > ? AND substr(payload, 1, 1) <> x'4d'", error);   // the last ones of each
  if (!count) return;
  sqlite3_bind_int64(count.get(), 1, static_cast<sqlite3_int64>(fork));
  if (sqlite3_step(count.get()) != SQLITE_ROW) return;
  discarded_ = {sqlite3_column_int64(count.get(), 0), log.end() - std::min(fork, log.end())};
  if (discarded_->transactions == 0) return;
  ctx_.log.warn("log_discarded", {{"from", format_lsn(fork)}, {"to", format_lsn(log.end())}, {"transactions", discarded_->transactions}});
}

void DatabaseRole::on_copy() {
  ServerError error;
  if (!server_.open_database(store_.file(), error)) failed(error);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(first_file_.string() + suffix, ignored);
  }
  copied_.notify_all();
}

void DatabaseRole::reconfigure() {
  bound_memory();
  server_.set(settings().server);
  if (named() && following_ && server_.in_recovery()) server_.promote();
}

void DatabaseRole::promote() {
  if (std::exchange(promoting_, true)) return;
  ctx_.tasks.spawn("postgres.promote", promote_now());
}

bool DatabaseRole::become_primary(ServerError& error) {
  const std::filesystem::path file = store_.file();
  const Lsn end = store_.applied();
  if (!store_.promote(term(), error) || !server_.leave_recovery(file, error)) return false;
  following_ = false;
  ctx_.log.info("promoted", {{"timeline", static_cast<std::int64_t>(server_.timeline())}, {"lsn", format_lsn(end)}});
  return true;
}

awaitable<void> DatabaseRole::promote_now() {
  ServerError error;
  const bool usable = receiver_.usable() && co_await receiver_.finish();
  if (!usable) ctx_.log.error("promotion_failed", {{"why", std::string("there is no usable base copy")}});
  else if (!become_primary(error)) failed(error);
  if (server_.in_recovery()) server_.stay_in_recovery();
  promoting_ = false;
}

awaitable<void> DatabaseRole::watch() {
  for (int turn = 0;; ++turn) {
    Metrics& metrics = server_.engine().metrics;
    if (server_.in_recovery()) {
      const double lag = static_cast<double>(receiver_.lag_us(unix_now_us())) / 1e6;
      metrics.lag(lag, static_cast<double>(receiver_.latest_end() - store_.applied()));
      if (turn % 8 == 0) store_.prune();
    }
    metrics.in_recovery->Set(server_.in_recovery() ? 1 : 0);
    metrics.timeline->Set(server_.timeline());
    co_await sleep_real(kGauge);
  }
}

std::optional<std::int64_t> DatabaseRole::applied_at_us() const {
  return store_.applied_at_us() == 0 ? std::nullopt : std::optional(store_.applied_at_us());
}

void DatabaseRole::report(v1::Report& out) {
  server_.report(out);
  auto& gauges = *out.mutable_gauges();
  gauges["in_recovery"] = server_.in_recovery() ? 1 : 0;
  gauges["timeline"] = server_.timeline();
  if (discarded_) {
    gauges["discarded_transactions"] = static_cast<double>(discarded_->transactions);
    gauges["discarded_bytes"] = static_cast<double>(discarded_->bytes);
  }
  if (!server_.in_recovery()) return;
  const double lag = static_cast<double>(receiver_.lag_us(unix_now_us())) / 1e6;
  gauges["replication_lag_s"] = lag * ctx_.clock.speed();
  gauges["replication_lag_bytes"] = static_cast<double>(receiver_.latest_end() - store_.applied());
  gauges["streaming"] = receiver_.streaming() ? 1 : 0;
  gauges["wal_lsn"] = static_cast<double>(receiver_.received());
  gauges["promotable"] = receiver_.usable() ? 1 : 0;
}

}  // namespace chaos::pg
