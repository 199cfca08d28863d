// The controller over HTTP: /metrics, /sd (Prometheus' http_sd), /healthz.
#pragma once

#include "runtime/http_server.hpp"
#include "serve/lab_metrics.hpp"

namespace chaos {

/// Prometheus' http_sd format (prometheus.io/docs/prometheus/latest/http_sd): every node that is to serve, at its
/// metrics port, with labels role, node and version. Pure.
std::string service_discovery(const Registry& registry);

class LabHttp {
 public:
  LabHttp(NodeContext& ctx, LabModel& model);
  Result<void> listen(const std::string& host, unsigned short port) { return server_.listen(host, port); }
  void close() { server_.close_all(); }

 private:
  awaitable<HttpResponse> answer(HttpRequest request);

  prometheus::Registry registry_;
  LabModel& model_;
  LabMetrics metrics_;
  HttpServer server_;
};

}  // namespace chaos
