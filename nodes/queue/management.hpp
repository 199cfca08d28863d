// The part of RabbitMQ's management HTTP API that tools read (https://www.rabbitmq.com/docs/http-api-reference):
// /api/overview, /api/queues, /api/queues/{vhost}, /api/queues/{vhost}/{name}, /api/exchanges, /api/bindings,
// /api/whoami. Reading only.
#pragma once

#include "queue/broker.hpp"
#include "runtime/http_server.hpp"

namespace chaos::broker {

/// What one path answers. Pure but for the clock-free figures of the broker.
HttpResponse manage(const Broker& broker, const BrokerMetrics& metrics, const std::string& node, const HttpRequest& request);

/// Data thread only.
class Management {
 public:
  Management(NodeContext& ctx, Broker& broker);
  Result<void> listen(const std::string& address);
  awaitable<void> drain(RealTime deadline);

 private:
  awaitable<HttpResponse> handle(HttpRequest request);
  NodeContext& ctx_;
  Broker& broker_;
  HttpServer server_;
};

}  // namespace chaos::broker
