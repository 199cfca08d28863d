// The CDN nodes that users go to, each with its kept connections.
#pragma once

#include "runtime/http_client.hpp"

#include <memory>
#include <vector>

namespace chaos {

/// Data thread only.
class Targets {
 public:
  explicit Targets(NodeContext& ctx) : ctx_(ctx) {}

  /// Follows the peers of the desired state. Connections to nodes that stay are kept; what is under way on the
  /// others ends by itself. max_connections: to each of them.
  void follow(std::size_t max_connections);
  /// Round robin over the active ones, over draining ones when there is none; nullptr when there is neither.
  std::shared_ptr<HttpPool> next();

 private:
  NodeContext& ctx_;
  std::vector<std::shared_ptr<HttpPool>> pools_;
  std::size_t max_connections_ = 0;
  std::size_t turn_ = 0;
};

}  // namespace chaos
