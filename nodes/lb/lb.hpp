// The load balancer role: an HTTP reverse proxy with health checks, and HAProxy's statistics and runtime API.
#pragma once

#include "lb/console.hpp"
#include "lb/farm.hpp"
#include "lb/metrics.hpp"
#include "lb/proxy.hpp"
#include "lb/runtime_cli.hpp"
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
  void report_servers(v1::Report& out);

  NodeContext& ctx_;
  LbMetrics metrics_;
  Farm farm_;
  Frontend frontend_;
  Frontend stats_frontend_;
  Proxy proxy_;
  HttpServer server_;
  HttpServer stats_server_;
  Console console_;
  RuntimeCli runtime_cli_;
};

}  // namespace chaos
