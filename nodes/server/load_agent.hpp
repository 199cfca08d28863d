// The agent of a server: a port on which it tells load balancers how much work it would take.
#pragma once

#include "runtime/listener.hpp"
#include "runtime/station.hpp"

#include <set>
#include <string>

namespace chaos {

/// One line to each who connects (server/load_line.hpp), then the connection ends; what comes in is not looked at. Data
/// thread only.
class LoadAgent {
 public:
  LoadAgent(NodeContext& ctx, const Station& station);
  /// Listens where the configuration says, or nowhere. Errors: as Listener::listen.
  Result<void> follow();
  void close_all() { listener_.close_all(); }

 private:
  awaitable<void> session(std::shared_ptr<EdgeStream> stream);
  std::string line_for(const std::string& host) const;

  NodeContext& ctx_;
  const Station& station_;
  Listener listener_;
  unsigned short port_ = 0;
  std::set<std::string> greeted_;    // hosts that know that it takes work
};

}  // namespace chaos
