// The peers of one role as an origin: round robin over the active ones, one more attempt where that does no harm.
#pragma once

#include "runtime/http_client.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>

namespace chaos {

struct OriginMetrics {
  prometheus::Histogram& seconds;
  prometheus::Counter& errors;
};

/// Data thread only.
class Origins {
 public:
  Origins(NodeContext& ctx, std::string role, unsigned short port, OriginMetrics metrics)
      : ctx_(ctx), role_(std::move(role)), port_(port), metrics_(metrics) {}

  /// Follows the desired peers. Exchanges that are under way with one that left go on.
  void reconfigure();
  /// Errors: no_backend, and those of HttpPool::fetch. Draining peers are used only when none is active.
  awaitable<Result<HttpResponse>> fetch(HttpRequest request, RealTime deadline);
  const std::string& role() const { return role_; }

 private:
  using PoolPtr = std::shared_ptr<HttpPool>;
  PoolPtr next();
  awaitable<Result<HttpResponse>> attempt(HttpRequest request, RealTime deadline);

  NodeContext& ctx_;
  std::string role_;
  unsigned short port_;
  OriginMetrics metrics_;
  std::vector<PoolPtr> pools_;
  std::size_t turn_ = 0;
};

}  // namespace chaos
