// The role replica: a read-only copy of the primary that follows it.
#include "postgres/pg_time.hpp"
#include "postgres/server.hpp"
#include "replica/wal_receiver.hpp"
#include "runtime/sleep.hpp"

namespace chaos {

namespace {

constexpr std::chrono::seconds kFirstCopy{5};         // start() waits this long for a base copy
constexpr std::chrono::milliseconds kGauge{250};

pg::ServerSettings server_settings(const v1::ReplicaConfig& config) {
  return {station_settings(config.station()), config.max_connections()};
}

class ReplicaRole final : public Role, private pg::Recovery {
 public:
  explicit ReplicaRole(NodeContext& ctx)
      : ctx_(ctx), server_(ctx, server_settings(config()), this), store_(ctx.data_dir, server_),
        receiver_(ctx, store_, [this] { on_copy(); }) {}

  awaitable<Result<void>> start() override {
    pg::ServerError error;
    if (store_.open(error)) on_copy();
    receiver_.start();
    const auto listening = server_.listen();
    if (!listening) co_return listening.error();
    ctx_.tasks.spawn("replica.gauges", watch());
    const RealTime until = RealClock::now() + kFirstCopy;
    while (!server_.engine().database && RealClock::now() < until) co_await copied_.wait(until);
    co_return boost::system::in_place_value;
  }
  void reconfigure() override { server_.set(server_settings(config())); }
  awaitable<void> drain() override { return server_.drain(); }

  /// replication_lag_s is in lab seconds, as the lab's faults and graphs are; /metrics and SQL say real seconds.
  void report(v1::Report& out) override {
    server_.report(out);
    auto& gauges = *out.mutable_gauges();
    const double lag = static_cast<double>(receiver_.lag_us(pg::unix_now_us())) / 1e6;
    gauges["replication_lag_s"] = lag * ctx_.clock.speed();
    gauges["replication_lag_bytes"] = static_cast<double>(receiver_.latest_end() - store_.applied());
    gauges["streaming"] = receiver_.streaming() ? 1 : 0;
  }

 private:
  const v1::ReplicaConfig& config() const { return ctx_.desired().config().replica(); }

  void on_copy() {
    pg::ServerError error;
    if (!server_.open_database(store_.file(), error)) {
      ctx_.log.error("database_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
    }
    copied_.notify_all();
  }

  awaitable<void> watch() {
    while (true) {
      const double lag = static_cast<double>(receiver_.lag_us(pg::unix_now_us())) / 1e6;
      server_.engine().metrics.lag(lag, static_cast<double>(receiver_.latest_end() - store_.applied()));
      co_await sleep_real(kGauge);
    }
  }

  pg::ReceiverRow receiver() const override { return receiver_.row(); }
  pg::Lsn received() const override { return receiver_.received(); }
  pg::Lsn applied() const override { return store_.applied(); }
  std::optional<std::int64_t> applied_at_us() const override {
    return store_.applied_at_us() == 0 ? std::nullopt : std::optional(store_.applied_at_us());
  }

  NodeContext& ctx_;
  pg::Server server_;
  ReplicaStore store_;
  WalReceiver receiver_;
  WaitList copied_;
};

}  // namespace

std::unique_ptr<Role> make_replica(NodeContext& ctx) { return std::make_unique<ReplicaRole>(ctx); }

}  // namespace chaos
