#include "redis/redis_role.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

#include <google/protobuf/util/message_differencer.h>

#include <array>

namespace chaos::redis {
namespace {

constexpr double kMegabyte = 1e6;
constexpr std::size_t kChunk = 4096;              // read at once
constexpr std::size_t kBatch = 64 * 1024;         // answers that wait for the end of a pipeline at most
constexpr std::chrono::hours kIdle{1};            // between two commands of a client
constexpr std::chrono::seconds kSend{10};         // for a client to take its answers
constexpr std::chrono::seconds kTurn{10};         // for a command to wait for the station
constexpr std::chrono::milliseconds kTick{100};

}  // namespace

/// One connection; its client is in the engine's list as long as it lives.
struct RedisRole::Session {
  Session(Engine& e, std::shared_ptr<EdgeStream> s) : engine(e), stream(std::move(s)), writer(out, 2) {
    client.remote = stream->remote();
    client.local = stream->local();
    client.close = [raw = stream.get()] { raw->close(); };
    engine.join(client);
  }
  Session(const Session&) = delete;
  ~Session() { engine.leave(client); }

  Engine& engine;
  std::shared_ptr<EdgeStream> stream;
  Client client;
  resp::RequestDecoder decoder;
  std::string out;
  resp::Writer writer;
};

RedisRole::RedisRole(NodeContext& ctx)
    : ctx_(ctx),
      engine_(ctx.clock, ctx.address),
      metrics_(ctx.registry),
      station_({}, ctx.rng.child("redis"), ctx.slowdown),
      listener_(ctx, "resp", 0, [this](std::shared_ptr<EdgeStream> stream) { return session(std::move(stream)); }) {
  apply(ctx.desired().config().redis());
  ctx.states["redis.keyspace"] = &engine_.keyspace;
}

RedisRole::~RedisRole() { ctx_.states.erase("redis.keyspace"); }

awaitable<Result<void>> RedisRole::start() {
  ctx_.tasks.spawn("redis.tick", tick());
  co_return listener_.listen(ctx_.address, ports::kRedis);
}

/// What CONFIG SET changed stays until the lab's own configuration changes.
void RedisRole::reconfigure() {
  const auto& wanted = ctx_.desired().config().redis();
  if (!google::protobuf::util::MessageDifferencer::Equals(wanted, applied_)) apply(wanted);
}

void RedisRole::apply(const v1::RedisConfig& config) {
  applied_ = config;
  engine_.settings.maxmemory = static_cast<std::uint64_t>(config.maxmemory_mb() * kMegabyte);
  engine_.settings.evict = config.maxmemory_policy() != "noeviction";
  engine_.settings.max_clients = static_cast<std::size_t>(config.max_clients());
  station_.set(station_settings(config.station()));
  emulates_work_ = config.station().service_ms() > 0;
}

awaitable<void> RedisRole::tick() {
  while (true) {
    co_await sleep_real(kTick);
    engine_.tick();
  }
}

awaitable<void> RedisRole::session(std::shared_ptr<EdgeStream> stream) {
  if (engine_.clients().size() >= engine_.settings.max_clients) {
    ++engine_.totals.rejected;
    constexpr std::string_view kRefusal = "-ERR max number of clients reached\r\n";
    stream->expires_after(kSend);
    co_await stream->write(asio::buffer(kRefusal));
    co_return;
  }
  Session session(engine_, std::move(stream));
  co_await converse(session);
}

awaitable<void> RedisRole::converse(Session& session) {
  std::array<char, kChunk> chunk;
  while (!session.client.closing && !draining_) {
    session.client.busy = false;
    session.stream->expires_after(kIdle);
    const auto got = co_await session.stream->read_some(asio::buffer(chunk));
    if (!got) co_return;
    session.client.busy = true;
    engine_.totals.in_bytes += *got;
    session.decoder.feed({chunk.data(), *got});
    co_await serve_all(session);
    const auto sent = co_await flush(session);
    if (!sent) co_return;
  }
}

/// Serves what was received, in order; answers are sent together.
awaitable<void> RedisRole::serve_all(Session& session) {
  auto& [engine, stream, client, decoder, out, writer] = session;
  resp::Progress progress = resp::Progress::more;
  while (!client.closing && (progress = decoder.next()) == resp::Progress::ready) {
    const Command* command = engine.find(decoder.args()[0]);
    const auto operation = command ? command->name : "unknown";
    auto scope = ctx_.stats.begin(operation);
    const auto verdict = ctx_.seams.call(operation);
    bool ok = true;
    if (emulates_work_ || verdict.status || verdict.delay > RealDuration::zero()) ok = co_await prepare(verdict, writer);
    client.unread = decoder.buffered();
    scope.finish(ok && engine.execute(client, command, decoder.args(), writer));
    if (out.size() < kBatch) continue;
    const auto sent = co_await flush(session);
    if (!sent) client.closing = true;
  }
  if (progress != resp::Progress::malformed) co_return;
  writer.error("ERR " + decoder.error());
  client.closing = true;
}

/// What comes before a command is carried out: faults, and the emulated work. False when it answered an error instead.
awaitable<bool> RedisRole::prepare(CallVerdict verdict, resp::Writer& out) {
  if (verdict.delay > RealDuration::zero()) co_await sleep_real(verdict.delay);
  if (verdict.status) {
    out.error("ERR internal error");
    co_return false;
  }
  if (!emulates_work_) co_return true;
  const auto slot = co_await station_.enter(ctx_.clock.now() + kTurn);
  if (!slot) {
    out.error("ERR too many commands are waiting");
    co_return false;
  }
  co_await station_.work();
  co_return true;
}

awaitable<Result<void>> RedisRole::flush(Session& session) {
  if (session.out.empty()) co_return boost::system::in_place_value;
  session.stream->expires_after(kSend);
  const auto sent = co_await session.stream->write(asio::buffer(session.out));
  engine_.totals.out_bytes += session.out.size();
  session.out.clear();
  co_return sent;
}

awaitable<void> RedisRole::drain() {
  draining_ = true;
  listener_.stop_accepting();
  for (const auto& [id, client] : engine_.clients()) {
    if (!client->busy) client->close();
  }
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
