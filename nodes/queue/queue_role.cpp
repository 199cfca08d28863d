#include "queue/queue_role.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

namespace chaos::broker {

namespace {

// RabbitMQ's vm_memory_high_watermark: the share of the memory limit at which publishers are blocked.
constexpr double kHighWatermark = 0.4;
constexpr std::chrono::seconds kLeave{3};

awaitable<void> write_for(std::shared_ptr<Session> session) { co_await session->write(); }

}  // namespace

QueueRole::QueueRole(NodeContext& ctx)
    : ctx_(ctx),
      store_(ctx.data_dir / "queue.sqlite"),
      metrics_(ctx.registry),
      commits_(store_, ctx.log),
      broker_(store_, metrics_, ctx.rng.child("broker")),
      station_(station_settings(config().station()), ctx.rng.child("station"), ctx.slowdown),
      listener_(ctx, "amqp", static_cast<std::size_t>(config().max_connections()),
                [this](std::shared_ptr<EdgeStream> stream) { return serve(std::move(stream)); }),
      management_(ctx, broker_) {}

awaitable<Result<void>> QueueRole::start() {
  reconfigure();
  ctx_.tasks.spawn("amqp.commit", commits_.run());
  if (auto managed = management_.listen(ctx_.address); !managed) co_return managed;
  co_return listener_.listen(ctx_.address, ports::kAmqp);
}

void QueueRole::reconfigure() {
  station_.set(station_settings(config().station()));
  const double limit = ctx_.desired().config().node().memory_limit_mb() * 1024 * 1024;
  broker_.accounts().set_limit(static_cast<std::uint64_t>(limit * kHighWatermark));
}

awaitable<void> QueueRole::serve(std::shared_ptr<EdgeStream> stream) {
  struct Leave {
    QueueRole& role;
    SessionId id;
    ~Leave() { role.sessions_.erase(id); }
  } leave{*this, ++last_session_};
  Tuning offer;
  offer.frame_max = static_cast<std::uint32_t>(config().frame_max());
  const SessionHost host{ctx_, broker_, commits_, station_};
  auto session = std::make_shared<Session>(host, std::move(stream), leave.id, offer);
  sessions_[leave.id] = session;
  ctx_.tasks.spawn("amqp.write", write_for(session));
  co_await session->run();
}

awaitable<void> QueueRole::drain() {
  listener_.stop_accepting();
  commits_.flush();
  for (const auto& [id, session] : std::map(sessions_)) session->send_off();
  co_await listener_.wait_empty(RealClock::now() + kLeave);
  listener_.close_all();
  co_await management_.drain(RealClock::now() + kLeave);
  commits_.flush();
}

void QueueRole::report(v1::Report& out) {
  double ready = 0, unacked = 0, consumers = 0;
  for (const auto& [name, queue] : broker_.queues()) {
    ready += static_cast<double>(queue->rule().ready());
    unacked += static_cast<double>(queue->rule().unacked());
    consumers += static_cast<double>(queue->rule().consumers());
  }
  auto& gauges = *out.mutable_gauges();
  gauges["ready"] = ready;
  gauges["unacked"] = unacked;
  gauges["consumers"] = consumers;
  gauges["published"] = metrics_.received.Value();
  gauges["delivered"] = metrics_.delivered.Value();
  out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
}

}  // namespace chaos::broker

namespace chaos {

std::unique_ptr<Role> make_queue(NodeContext& ctx) { return std::make_unique<broker::QueueRole>(ctx); }

}  // namespace chaos
