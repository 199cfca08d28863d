// The controller over HTTP: /metrics, /sd (Prometheus' http_sd), /healthz, and what others add to the table.
#pragma once

#include "runtime/http_server.hpp"
#include "serve/lab_metrics.hpp"
#include "web/routes.hpp"

namespace chaos {

/// Prometheus' http_sd format (prometheus.io/docs/prometheus/latest/http_sd): every node that is to serve, at its
/// metrics port, with labels role, node and version. Pure.
std::string service_discovery(const Registry& registry);

/// Engine's thread only.
class LabHttp {
 public:
  LabHttp(NodeContext& ctx, LabModel& model);
  /// To be complete before listen().
  web::Routes& routes() { return routes_; }
  Result<void> listen(const std::string& host, unsigned short port) { return server_.listen(host, port); }
  void close() { server_.close_all(); }

 private:
  HttpResponse metrics();

  prometheus::Registry registry_;
  LabModel& model_;
  LabMetrics metrics_;
  web::Routes routes_;
  HttpServer server_;
};

}  // namespace chaos
