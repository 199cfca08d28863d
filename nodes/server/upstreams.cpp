#include "server/upstreams.hpp"

namespace chaos {
namespace {

PgLogin login(const NodeContext& ctx) {
  PgLogin out;
  out.application_name = ctx.name;
  return out;
}

std::vector<v1::Peer> first_of(const NodeContext& ctx, std::string_view role) {
  const auto* peer = ctx.first_peer(role);
  return peer ? std::vector<v1::Peer>{*peer} : std::vector<v1::Peer>{};
}

/// Counts a failure on the way back to the caller.
template <class T>
Result<T> counted(UpstreamMetrics& metrics, Result<T> result) {
  if (!result) metrics.failed(result.error());
  return result;
}

}  // namespace

Upstreams::Upstreams(NodeContext& ctx, ServerMetrics& metrics)
    : ctx_(ctx),
      redis_(metrics.redis, [this](v1::Peer peer, RealTime at) { return RedisConnection::open(ctx_, std::move(peer), at, ctx_.desired().config().server().redis_password()); }),
      replicas_(metrics.replica, [this](v1::Peer peer, RealTime at) { return PgConnection::open(ctx_, std::move(peer), login(ctx_), at); }),
      postgres_(metrics.postgres, [this](v1::Peer peer, RealTime at) { return PgConnection::open(ctx_, std::move(peer), login(ctx_), at); }),
      queue_(metrics.queue, [this](v1::Peer peer, RealTime at) { return open_queue(std::move(peer), at); }) {}

void Upstreams::reconfigure() {
  const auto& config = ctx_.desired().config().server();
  timeout_ = real_ms(config.upstream_timeout_ms());
  redis_.follow(first_of(ctx_, "redis"), static_cast<std::size_t>(config.redis_pool()));
  replicas_.follow(reading_replicas(ctx_.peers("replica")), static_cast<std::size_t>(config.replica_pool()));
  postgres_.follow(first_of(ctx_, "postgres"), static_cast<std::size_t>(config.postgres_pool()));
  queue_.follow(first_of(ctx_, "queue"), static_cast<std::size_t>(config.queue_pool()));
}

awaitable<Result<std::unique_ptr<AmqpConnection>>> Upstreams::open_queue(v1::Peer peer, RealTime deadline) {
  auto connection = co_await AmqpConnection::open(ctx_, std::move(peer), deadline);
  if (!connection) co_return connection.error();
  auto declared = co_await (*connection)->declare_queue(std::string(kReceipts), true, deadline);
  if (!declared) co_return declared.error();
  co_return connection;
}

awaitable<Result<resp::Value>> Upstreams::redis(std::vector<std::string> command) {
  const UpstreamMetrics::Call timed(redis_.metrics());
  const auto pool = redis_.first();
  if (!pool) co_return Errc::no_backend;
  const auto until = deadline();
  auto call = [command, until](RedisConnection& connection) { return connection.command(command, until); };
  auto answer = co_await call_upstream<resp::Value>(pool, call, Stale::retry, until);
  if (answer && answer->is_error()) answer = Errc::rejected;
  co_return answer;
}

awaitable<Result<std::optional<std::string>>> Upstreams::cached(std::string key) {
  std::vector<std::string> command{"GET", std::move(key)};
  auto answer = counted(redis_.metrics(), co_await redis(std::move(command)));
  if (!answer) co_return answer.error();
  std::optional<std::string> value;
  if (!answer->is_nil()) value = std::move(answer->text);
  co_return value;
}

awaitable<Result<void>> Upstreams::cache(std::string key, std::string value, std::int64_t ttl_lab_s) {
  std::vector<std::string> command{"SET", std::move(key), std::move(value), "EX", std::to_string(ttl_lab_s)};
  auto answer = counted(redis_.metrics(), co_await redis(std::move(command)));
  if (!answer) co_return answer.error();
  co_return boost::system::in_place_value;
}

awaitable<Result<PgRows>> Upstreams::select(UpstreamMetrics& metrics, std::shared_ptr<PeerPool<PgConnection>> pool, std::string sql, std::string id) {
  const UpstreamMetrics::Call timed(metrics);
  const auto until = deadline();
  std::vector<std::optional<std::string>> params{std::move(id)};
  auto call = [sql, params, until](PgConnection& connection) { return connection.query(sql, params, until); };
  co_return co_await call_upstream<PgRows>(std::move(pool), call, Stale::retry, until);
}

awaitable<Result<Read>> Upstreams::read(std::string sql, std::string id, UpstreamFailure& failure) {
  if (const auto index = replica_for(turn_++, replicas_.pools().size())) {
    const auto pool = replicas_.pools()[*index];
    auto rows = counted(replicas_.metrics(), co_await select(replicas_.metrics(), pool, sql, id));
    if (rows) co_return Read{std::move(*rows), pool->peer.name()};
    failure = {"replica", rows.error()};
    if (!falls_back(rows.error()) || postgres_.pools().empty()) co_return rows.error();
  }
  const auto pool = postgres_.first();
  Result<PgRows> rows = Errc::no_backend;
  if (pool) rows = co_await select(postgres_.metrics(), pool, std::move(sql), std::move(id));
  rows = counted(postgres_.metrics(), std::move(rows));
  if (rows) co_return Read{std::move(*rows), pool->peer.name()};
  failure = {"postgres", rows.error()};
  co_return rows.error();
}

awaitable<Result<PgRows>> Upstreams::write(std::string sql, std::vector<std::optional<std::string>> params) {
  const UpstreamMetrics::Call timed(postgres_.metrics());
  const auto pool = postgres_.first();
  const auto until = deadline();
  Result<PgRows> rows = Errc::no_backend;
  auto call = [sql, params, until](PgConnection& connection) { return connection.query(sql, params, until); };
  if (pool) rows = co_await call_upstream<PgRows>(pool, call, Stale::fail, until);
  co_return counted(postgres_.metrics(), std::move(rows));
}

awaitable<Result<void>> Upstreams::publish(std::string queue, std::string body) {
  const UpstreamMetrics::Call timed(queue_.metrics());
  const auto pool = queue_.first();
  const auto until = deadline();
  const AmqpPublish message{"", std::move(queue), std::move(body), true};
  Result<void> done = Errc::no_backend;
  auto call = [message, until](AmqpConnection& connection) { return connection.publish(message, until); };
  if (pool) done = co_await call_upstream<void>(pool, call, Stale::retry, until);
  co_return counted(queue_.metrics(), std::move(done));
}

void Upstreams::measure() {
  redis_.measure();
  replicas_.measure();
  postgres_.measure();
  queue_.measure();
}

}  // namespace chaos
