// The load balancer role: an HTTP reverse proxy with health checks, and HAProxy's statistics and runtime API.
#pragma once

#include "lb/farm.hpp"
#include "lb/metrics.hpp"
#include "lb/proxy.hpp"
#include "lb/runtime_cli.hpp"
#include "lb/stats_view.hpp"
#include "runtime/http_server.hpp"

namespace chaos {

/// Data thread only.
class LoadBalancer final : public Role {
 public:
  explicit LoadBalancer(NodeContext& ctx);

  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void report(v1::Report& out) override;

 private:
  awaitable<HttpResponse> statistics(HttpRequest request);

  NodeContext& ctx_;
  LbMetrics metrics_;
  Farm farm_;
  Proxy proxy_;
  StatsView stats_;
  HttpServer server_;
  HttpServer stats_server_;
  RuntimeCli runtime_cli_;
};

}  // namespace chaos
