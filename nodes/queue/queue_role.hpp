// The queue: an AMQP 0-9-1 broker on port 5672 and RabbitMQ's management API on port 15672.
#pragma once

#include "queue/management.hpp"
#include "queue/session.hpp"
#include "runtime/listener.hpp"

namespace chaos::broker {

class QueueRole final : public Role {
 public:
  explicit QueueRole(NodeContext& ctx);
  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void report(v1::Report& out) override;

 private:
  awaitable<void> serve(std::shared_ptr<EdgeStream> stream);
  const v1::QueueConfig& config() const { return ctx_.desired().config().queue(); }

  NodeContext& ctx_;
  Store store_;
  BrokerMetrics metrics_;
  Committer commits_;
  Broker broker_;
  Station station_;
  Listener listener_;
  Management management_;
  std::map<SessionId, std::shared_ptr<Session>> sessions_;
  SessionId last_session_ = 0;
};

}  // namespace chaos::broker
