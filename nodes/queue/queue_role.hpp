// The queue: an AMQP 0-9-1 broker on port 5672 and RabbitMQ's management API on port 15672, the figures
// of its Prometheus plugin on port 15692.
#pragma once

#include "queue/management/management.hpp"
#include "queue/management/prometheus_page.hpp"
#include "queue/session.hpp"
#include "runtime/listener.hpp"

namespace chaos::broker {

class QueueRole final : public Role {
 public:
  explicit QueueRole(NodeContext& ctx);
  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void before_scrape() override;
  void report(v1::Report& out) override;

 private:
  Desk desk();
  awaitable<void> watch();
  void look();
  awaitable<void> serve(std::shared_ptr<EdgeStream> stream);
  const v1::QueueConfig& config() const { return ctx_.desired().config().queue(); }

  NodeContext& ctx_;
  BrokerLog log_;
  Users users_;
  Store store_;
  BrokerMetrics metrics_;
  Committer commits_;
  Broker broker_;
  Station station_;
  Listener listener_;
  DeskServer management_;
  DeskServer prometheus_;
  std::map<SessionId, std::shared_ptr<Session>> sessions_;
  SessionId last_session_ = 0;
  bool memory_alarm_ = false;      // as last logged
  bool disk_alarm_ = false;
};

}  // namespace chaos::broker
