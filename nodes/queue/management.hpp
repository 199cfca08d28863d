// RabbitMQ's management HTTP API (https://www.rabbitmq.com/docs/http-api-reference, as of 3.10), enough for rabbitmqadmin:
// overview, nodes, queues, exchanges, bindings, connections, channels, consumers, users, permissions, definitions, health
// checks; declaring, deleting, publishing, getting, purging, closing. One virtual host, "/". Policies, users and virtual hosts
// are not made here: such requests are refused with the reason.
#pragma once

#include "queue/broker.hpp"
#include "queue/committer.hpp"
#include "queue/users.hpp"
#include "queue/views.hpp"
#include "runtime/http_server.hpp"

namespace chaos::broker {

/// What the answers are made of, and what requests act on. All outlive it.
struct Desk {
  Broker& broker;
  Committer& commits;
  const Users& users;
  std::string node;                  // its name
  std::string address;
  std::size_t max_connections = 0;
  RealTime started{};
  std::function<std::vector<ConnectionView>()> connections;
  /// Tells the client to go, with this reason.
  std::function<void(SessionId, const std::string& reason)> close;
};

/// One request. Needs the header Authorization but for "/" and /api/auth. Never throws for what clients send.
HttpResponse manage(Desk& desk, const HttpRequest& request);

/// On port 15672. Data thread only.
class Management {
 public:
  Management(NodeContext& ctx, Desk desk);
  Result<void> listen(const std::string& address);
  awaitable<void> drain(RealTime deadline);

 private:
  awaitable<HttpResponse> handle(HttpRequest request);
  Desk desk_;
  HttpServer server_;
};

}  // namespace chaos::broker
