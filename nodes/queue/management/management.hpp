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

/// Open file descriptors of this process.
std::size_t open_files();

/// One request. Needs the header Authorization but for "/" and /api/auth. Never throws for what clients send.
HttpResponse manage(Desk& desk, const HttpRequest& request);

/// A port that answers from the desk: the management API, the figures for Prometheus. Data thread only.
class DeskServer {
 public:
  using Answer = HttpResponse (*)(Desk& desk, const HttpRequest& request);
  DeskServer(NodeContext& ctx, const char* name, Desk desk, Answer answer);
  Result<void> listen(const std::string& address, unsigned short port) { return server_.listen(address, port); }
  awaitable<void> drain(RealTime deadline) { return server_.drain(deadline); }

 private:
  Desk desk_;
  HttpServer server_;
};

}  // namespace chaos::broker
