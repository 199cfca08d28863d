#include "queue/queue_role.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

namespace chaos::broker {

namespace {

// RabbitMQ's vm_memory_high_watermark: the share of the memory limit at which publishers are blocked.
constexpr double kHighWatermark = 0.4;
constexpr std::chrono::seconds kLeave{3};
constexpr std::chrono::milliseconds kTick{20};    // how late a message may die
constexpr std::chrono::seconds kSample{1};        // of counters, for their rates; the disk is looked at as often

awaitable<void> write_for(std::shared_ptr<Session> session) { co_await session->write(); }

}  // namespace

QueueRole::QueueRole(NodeContext& ctx)
    : ctx_(ctx),
      log_(ctx.log, ctx.clock),
      users_(""),
      store_(ctx.data_dir / "queue.sqlite"),
      metrics_(ctx.registry),
      commits_(store_, ctx.log),
      broker_(store_, metrics_, ctx.clock, ctx.rng.child("broker")),
      station_(station_settings(config().station()), ctx.rng.child("station"), ctx.slowdown),
      listener_(ctx, "amqp", static_cast<std::size_t>(config().max_connections()),
                [this](std::shared_ptr<EdgeStream> stream) { return serve(std::move(stream)); }),
      management_(ctx, "management", desk(), manage),
      prometheus_(ctx, "prometheus", desk(), prometheus_page) {}

Desk QueueRole::desk() {
  auto connections = [this] {
    std::vector<ConnectionView> all;
    for (const auto& [id, session] : sessions_) {
      if (session->logged_in()) all.push_back(session->view());
    }
    return all;
  };
  auto close = [this](SessionId id, const std::string& reason) {
    const auto at = sessions_.find(id);
    if (at != sessions_.end()) at->second->close_by_operator(reason);
  };
  return {broker_, commits_, users_, ctx_.name, ctx_.address, static_cast<std::size_t>(config().max_connections()), ctx_.clock.now(),
          connections, close};
}

awaitable<Result<void>> QueueRole::start() {
  reconfigure();
  ctx_.tasks.spawn("amqp.commit", commits_.run());
  ctx_.tasks.spawn("amqp.watch", watch());
  if (auto managed = management_.listen(ctx_.address, ports::kAmqpManagement); !managed) co_return managed;
  if (auto figures = prometheus_.listen(ctx_.address, ports::kAmqpPrometheus); !figures) co_return figures;
  co_return listener_.listen(ctx_.address, ports::kAmqp);
}

void QueueRole::reconfigure() {
  station_.set(station_settings(config().station()));
  const double limit = ctx_.desired().config().node().memory_limit_mb() * 1024 * 1024;
  broker_.accounts().set_limit(static_cast<std::uint64_t>(limit * kHighWatermark));
  users_ = Users(config().users().empty() ? "guest:guest" : config().users());   // a controller of an older version names none
  look();
}

// The disk under the data, and what the alarms make of it.
void QueueRole::look() {
  std::error_code error;
  const auto space = std::filesystem::space(ctx_.data_dir, error);
  const auto least = static_cast<std::uint64_t>(config().disk_free_limit_mb() * 1e6);
  if (!error) broker_.accounts().set_disk(space.available, least);
  before_scrape();
}

void QueueRole::before_scrape() {
  const Accounts& accounts = broker_.accounts();
  metrics_.memory_alarm.Set(accounts.memory_full() ? 1 : 0);
  metrics_.disk_alarm.Set(accounts.disk_low() ? 1 : 0);
  metrics_.disk_free.Set(static_cast<double>(accounts.disk_free()));
}

awaitable<void> QueueRole::watch() {
  RealTime next_sample = ctx_.clock.now();
  while (true) {
    broker_.tick();
    const Accounts& accounts = broker_.accounts();
    const auto told = [this](bool now, bool& before, const char* which) {
      if (now == before) return;
      before = now;
      log_.warn(now ? "resource_alarm_set" : "resource_alarm_cleared", {}, which);
    };
    told(accounts.memory_full(), memory_alarm_, "memory");
    told(accounts.disk_low(), disk_alarm_, "disk");
    if (const RealTime now = ctx_.clock.now(); now >= next_sample) {
      next_sample = now + kSample;
      look();
      broker_.sample(now);
      for (const auto& [id, session] : sessions_) session->sample(now);
    }
    co_await sleep_real(kTick);
  }
}

awaitable<void> QueueRole::serve(std::shared_ptr<EdgeStream> stream) {
  struct Leave {
    QueueRole& role;
    SessionId id;
    ~Leave() { role.sessions_.erase(id); }
  } leave{*this, ++last_session_};
  Tuning offer;
  offer.frame_max = static_cast<std::uint32_t>(config().frame_max());
  offer.heartbeat = static_cast<std::uint16_t>(config().heartbeat_s());
  const SessionHost host{ctx_, broker_, commits_, station_, log_, users_};
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
  co_await prometheus_.drain(RealClock::now() + kLeave);
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
