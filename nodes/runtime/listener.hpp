// Accepts connections for a role and runs one coroutine for each.
#pragma once

#include "runtime/node.hpp"

#include <functional>
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
  /// No new connections from now on; those there are go on.
  void stop_accepting();
  /// stop_accepting, then closes every connection: sessions end with Errc::closed.
  void close_all();
  std::size_t sessions() const { return streams_.size(); }
  /// Returns when no session is left, or at the deadline.
  awaitable<void> wait_empty(RealTime deadline);

 private:
  awaitable<void> accept_loop();
  awaitable<void> run_session(std::shared_ptr<EdgeStream> stream);

  NodeContext& ctx_;
  std::string what_;
  std::size_t max_sessions_;
  Session session_;
  asio::ip::tcp::acceptor acceptor_;
  std::set<std::shared_ptr<EdgeStream>> streams_;
  WaitList empty_;
};

}  // namespace chaos
