// The runtime API on its port and on its socket: `echo "show stat" | socat - TCP:HOST:9999`,
// `echo "show stat" | socat - UNIX:DATA/haproxy.sock`.
#pragma once

#include "lb/console.hpp"
#include "runtime/listener.hpp"

namespace chaos {

/// Data thread only. At most 32 sessions on each, lines of at most 4 KB, answers that nobody takes for 10 s end the session.
class RuntimeCli {
 public:
  RuntimeCli(NodeContext& ctx, Console& console);
  Result<void> listen(const std::string& address, unsigned short port) { return tcp_.listen(address, port); }
  /// Only its owner may use it.
  Result<void> listen_local(const std::filesystem::path& path) { return local_.listen_local(path); }
  void close_all();

 private:
  awaitable<void> session(std::shared_ptr<EdgeStream> stream);

  Console& console_;
  Listener tcp_;
  Listener local_;
};

}  // namespace chaos
