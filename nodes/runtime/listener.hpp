// Accepts connections for a role and runs one coroutine for each.
#pragma once

#include "runtime/node.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <filesystem>
#include <functional>
#include <limits>
#include <set>

namespace chaos {

/// Data thread only. The accept loop backs off on EMFILE and lives. A session that throws is logged and closed;
/// the others go on. Destroy only after stop().
class Listener {
 public:
  using Session = std::function<awaitable<void>(std::shared_ptr<EdgeStream> stream)>;

  /// what: for logs and metrics ("resp"). max_sessions: further connections are closed at once; 0: no limit.
  Listener(NodeContext& ctx, std::string what, std::size_t max_sessions, Session session);

  /// Binds address:port (SO_REUSEADDR) and spawns the accept loop. Errors: the system's own (address in use, ...).
  Result<void> listen(const std::string& address, unsigned short port);
  /// The same on a socket of the file system, which only its owner may use (mode 0600); one that an earlier process left
  /// there is replaced.
  Result<void> listen_local(const std::filesystem::path& path);
  /// With so many connections open, further ones wait in the system's backlog until one ends. 0: all wait.
  void hold_at(std::size_t most);
  /// No new connections from now on; those there are go on. listen() opens it again.
  void stop_accepting();
  /// stop_accepting, then closes every connection: sessions end with Errc::closed.
  void close_all();
  std::size_t sessions() const { return streams_.size(); }
  /// Returns when no session is left, or at the deadline.
  awaitable<void> wait_empty(RealTime deadline);

 private:
  using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;
  using Endpoint = asio::generic::stream_protocol::endpoint;
  ErrorCode bind(const Endpoint& endpoint);
  awaitable<void> accept_loop();
  awaitable<void> room();
  awaitable<void> run_session(std::shared_ptr<EdgeStream> stream);

  NodeContext& ctx_;
  std::string what_;
  std::size_t max_sessions_;
  Session session_;
  Acceptor acceptor_;
  std::size_t hold_at_ = std::numeric_limits<std::size_t>::max();
  WaitList room_;
  std::set<std::shared_ptr<EdgeStream>> streams_;
  WaitList empty_;
};

}  // namespace chaos
