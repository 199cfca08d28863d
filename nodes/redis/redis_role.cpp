#include "redis/redis_role.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

#include <csignal>

namespace chaos::redis {
namespace {

constexpr double kMegabyte = 1e6;
constexpr std::chrono::seconds kSend{10};         // for a client that is refused to take the reason
constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::seconds kLeave{3};         // for commands in service at the end, and their answers

std::int64_t unix_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

RedisRole::RedisRole(NodeContext& ctx)
    : ctx_(ctx),
      engine_(ctx.clock, ctx.address, ctx.rng.child("redis.engine"), unix_us()),
      metrics_(ctx.registry),
      station_({}, ctx.rng.child("redis"), ctx.slowdown),
      operations_(engine_.table().rows().size()),
      listener_(ctx, "resp", 0, [this](std::shared_ptr<EdgeStream> stream) { return accept(std::move(stream)); }) {
  apply(ctx.desired().config().redis());
  ctx.states["redis.keyspace"] = &engine_.keyspace;
  engine_.opened = [this] { gate_.notify_all(); };
  engine_.shutdown = [] { std::raise(SIGTERM); };    // the same polite end that the supervisor asks for
}

RedisRole::~RedisRole() { ctx_.states.erase("redis.keyspace"); }

awaitable<Result<void>> RedisRole::start() {
  ctx_.tasks.spawn("redis.tick", tick());
  co_return listener_.listen(ctx_.address, ports::kRedis);
}

void RedisRole::reconfigure() { apply(ctx_.desired().config().redis()); }

/// What CONFIG SET changed stays until the lab's own value of that setting changes.
void RedisRole::apply(const v1::RedisConfig& config) {
  const auto fresh = [&](const auto& now, const auto& then) { return !configured_ || now != then; };
  Settings wanted = engine_.settings;
  if (fresh(config.maxmemory_mb(), applied_.maxmemory_mb())) wanted.maxmemory = static_cast<std::uint64_t>(config.maxmemory_mb() * kMegabyte);
  if (fresh(config.maxmemory_policy(), applied_.maxmemory_policy())) {
    wanted.eviction.policy = policy_of(config.maxmemory_policy()).value_or(Policy::allkeys_lru);
  }
  if (fresh(config.max_clients(), applied_.max_clients())) wanted.max_clients = static_cast<std::size_t>(config.max_clients());
  if (fresh(config.requirepass(), applied_.requirepass())) wanted.password = config.requirepass();
  engine_.set_settings(wanted);
  station_.set(station_settings(config.station()));
  emulates_work_ = config.station().service_ms() > 0;
  applied_ = config;
  configured_ = true;
}

awaitable<void> RedisRole::tick() {
  while (true) {
    co_await sleep_real(kTick);
    engine_.tick();
  }
}

awaitable<void> RedisRole::accept(std::shared_ptr<EdgeStream> stream) {
  if (engine_.clients().size() >= engine_.settings.max_clients) {
    ++engine_.totals.rejected;
    constexpr std::string_view kRefusal = "-ERR max number of clients reached\r\n";
    stream->expires_after(kSend);
    co_await stream->write(asio::buffer(kRefusal));
    co_return;
  }
  const auto session = std::make_shared<Session>(engine_, std::move(stream));
  session->client.wake = [this, raw = session.get()] { wake(*raw); };
  co_await converse(*session);
  session->stream->close();
  engine_.leave(session->client);
}

awaitable<void> RedisRole::drain() {
  draining_ = true;
  listener_.stop_accepting();
  engine_.unpause();
  std::vector<Client*> idle;
  for (const auto& [id, client] : engine_.clients()) {
    if (!client->busy) idle.push_back(client);
  }
  for (Client* client : idle) client->close();
  co_await listener_.wait_empty(RealClock::now() + kLeave);
  listener_.close_all();                          // who does not take its answers is not waited for
  co_await listener_.wait_empty(RealTime::max());
}

void RedisRole::before_scrape() { metrics_.update(engine_); }

void RedisRole::report(v1::Report& out) {
  out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
  auto& gauges = *out.mutable_gauges();
  gauges["keys"] = static_cast<double>(engine_.keyspace.size());
  gauges["hit_ratio"] = engine_.hit_ratio();
  gauges["used_memory_mb"] = static_cast<double>(engine_.keyspace.used_bytes()) / kMegabyte;
  gauges["evicted"] = static_cast<double>(engine_.keyspace.counters().evicted);
  gauges["clients"] = static_cast<double>(engine_.clients().size());
}

}  // namespace chaos::redis

namespace chaos {

std::unique_ptr<Role> make_redis(NodeContext& ctx) { return std::make_unique<redis::RedisRole>(ctx); }

}  // namespace chaos
