// The runtime API on its port: `echo "show stat" | socat - TCP:HOST:9999`.
#pragma once

#include "lb/stats.hpp"
#include "runtime/listener.hpp"

namespace chaos {

/// Data thread only. At most 32 sessions, lines of at most 4 KB.
class RuntimeCli {
 public:
  RuntimeCli(NodeContext& ctx, LbControl& lb);
  Result<void> listen(const std::string& address, unsigned short port) { return listener_.listen(address, port); }
  void close_all() { listener_.close_all(); }

 private:
  awaitable<void> session(std::shared_ptr<EdgeStream> stream);

  LbControl& lb_;
  Listener listener_;
};

}  // namespace chaos
