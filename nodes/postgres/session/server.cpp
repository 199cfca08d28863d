#include "postgres/session/server.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/catalog/equip.hpp"
#include "postgres/functions/functions.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"
#include "upstream/pg_link.hpp"

namespace chaos::pg {

namespace {

constexpr std::size_t kConnections = 10'064;          // max_connections at most, and some that are being refused
constexpr std::chrono::seconds kHousekeeping{1};
constexpr std::chrono::milliseconds kDrainStep{20};

}  // namespace

Server::Server(NodeContext& ctx, ServerSettings settings, Recovery* recovery)
    : Facts(unix_now_us()), ctx_(ctx), settings_(settings), recovery_(recovery), in_recovery_(recovery != nullptr),
      engine_{ctx, Metrics(ctx.registry), Station(settings.station, ctx.rng.child("postgres.station"), ctx.slowdown), nullptr, {}},
      listener_(ctx, "postgres", kConnections,
                [this](std::shared_ptr<EdgeStream> stream) { return serve(std::move(stream)); }),
      started_us_(unix_now_us()) {
  engine_.backends = &backends_;
  load_config();
  const std::string password = database_password();
  if (!password.empty()) secret_ = scram_secret(password, "chaos lab " + std::to_string(ctx.rng.child("postgres.salt").below(UINT64_MAX)));
}

void Server::equip(Handle& handle) { equip_handle(handle); }

Server::~Server() {
  for (const auto& [pid, backend] : backends_.all()) {
    if (backend->wake) backend->wake();
  }
  engine_.slow.stop();
}

Result<void> Server::listen() {
  const auto listening = listener_.listen(ctx_.address, ports::kPostgres);
  if (!listening) return listening;
  ctx_.tasks.spawn("postgres.housekeeping", keep_house());
  return boost::system::in_place_value;
}

bool Server::open_database(const std::filesystem::path& file, ServerError& error) {
  // As in PostgreSQL the identity of a database comes from the clock too: a primary that lost its data is another one.
  const std::uint64_t identity = ctx_.rng.below(UINT64_MAX) ^ static_cast<std::uint64_t>(unix_now_us()) << 11;
  auto database = Database::open(file, *this, identity, error);
  if (!database) return false;
  database->set_read_only(recovery_ != nullptr);
  engine_.database = std::move(database);
  pruned_seq_ = 0;
  return true;
}

bool Server::leave_recovery(const std::filesystem::path& file, ServerError& error) {
  Recovery* const before = std::exchange(recovery_, nullptr);
  if (!open_database(file, error)) {
    recovery_ = before;
    return false;
  }
  engine_.metrics.lag(0, 0);
  config().set_own("in_hot_standby", "off");
  in_recovery_ = promoting_ = false;
  return true;
}

bool Server::promote() {
  if (!recovery_) return false;
  promoting_ = true;
  recovery_->promote();
  return true;
}

void Server::pause_replay(bool paused) {
  if (recovery_) recovery_->pause(paused);
}

ReplayPause Server::replay_pause() const { return recovery_ && recovery_->paused() ? ReplayPause::paused : ReplayPause::no; }

int Server::timeline() const { return recovery_ ? recovery_->timeline() : engine_.database ? engine_.database->log().timeline() : 1; }

awaitable<void> Server::drain() {
  draining_ = true;
  listener_.stop_accepting();
  while (!sessions_.empty()) {
    const std::map<std::int32_t, Session*> now = sessions_;
    for (const auto& [pid, session] : now) session->terminate(false);
    co_await sleep_real(kDrainStep);
  }
  for (const auto& [pid, sender] : senders_) sender->finish();
  while (!senders_.empty()) co_await sleep_real(kDrainStep);
}

void Server::report(v1::Report& out) const {
  auto& gauges = *out.mutable_gauges();
  gauges["sessions"] = static_cast<double>(backends_.clients());
  gauges["sessions_active"] = static_cast<double>(backends_.count(BackendState::active));
  gauges["sessions_idle_in_transaction"] = static_cast<double>(backends_.count(BackendState::idle_in_transaction));
  gauges["tps"] = tps_;
  if (recovery_) return;
  gauges["wal_lsn"] = static_cast<double>(write_lsn());
  gauges["wal_transactions"] = engine_.database ? static_cast<double>(engine_.database->log().last_seq()) : 0;
  gauges["replicas"] = static_cast<double>(senders_.size());
  std::int64_t lag = 0;
  for (const ReplicationRow& row : replication()) lag = std::max(lag, static_cast<std::int64_t>(write_lsn() - row.replayed));
  gauges["replication_lag_bytes"] = static_cast<double>(lag);
}

std::vector<ReplicationRow> Server::replication() const {
  std::vector<ReplicationRow> rows;
  for (const auto& [pid, sender] : senders_) rows.push_back(sender->row());
  return rows;
}

std::optional<ReceiverRow> Server::receiver() const { return recovery_ ? std::optional(recovery_->receiver()) : std::nullopt; }
std::optional<Lsn> Server::receive_lsn() const { return recovery_ ? std::optional(recovery_->received()) : std::nullopt; }
std::optional<Lsn> Server::replay_lsn() const { return recovery_ ? std::optional(recovery_->applied()) : std::nullopt; }
std::optional<std::int64_t> Server::replay_time_us() const { return recovery_ ? recovery_->applied_at_us() : std::nullopt; }

DatabaseCounts Server::database_counts() const {
  return {static_cast<std::int64_t>(engine_.metrics.commits->Value()), static_cast<std::int64_t>(engine_.metrics.rollbacks->Value()),
          static_cast<std::int64_t>(engine_.metrics.deadlocks->Value())};
}

awaitable<void> Server::keep_house() {
  double before = engine_.metrics.commits->Value();
  RealTime last = RealClock::now();
  while (true) {
    co_await sleep_real(kHousekeeping);
    const double now = engine_.metrics.commits->Value();
    tps_ = (now - before) / to_s(RealClock::now() - last);
    before = now;
    last = RealClock::now();
    engine_.metrics.sessions(backends_);
    engine_.metrics.wal_lsn->Set(static_cast<double>(recovery_ ? recovery_->applied() : write_lsn()));
    if (!recovery_) prune();
  }
}

// Removes what no replica needs any more from the log.
void Server::prune() {
  Database& database = *engine_.database;
  if (!database.write_slot().clear()) return;
  std::int64_t confirmed = database.log().last_seq();
  for (const auto& [pid, sender] : senders_) {
    if (sender->streaming()) confirmed = std::min(confirmed, sender->applied_seq());
  }
  const std::int64_t to = LogRetention{}.prune_to(database.log().last_seq(), confirmed);
  if (to <= pruned_seq_) return;
  ServerError error;
  if (!database.log().prune(database.shared(), to, error)) return;
  if (sqlite3_changes(database.shared().db()) == 0) pruned_seq_ = to;
}

}  // namespace chaos::pg
