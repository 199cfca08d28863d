#include "serve/lab_http.hpp"

#include "runtime/json_text.hpp"
#include "runtime/ports.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <prometheus/text_serializer.h>

namespace chaos {

namespace json = boost::json;

namespace {

HttpLimits limits() {
  HttpLimits out;
  out.max_body = 256 * 1024;
  out.max_sessions = 256;
  out.faults = false;
  return out;
}

}  // namespace

std::string service_discovery(const Registry& registry) {
  json::array groups;
  for (const NodeEntry& node : registry.nodes()) {
    if (!node.wanted() || node.address.empty()) continue;
    json::object labels{{"role", node.role}, {"node", node.name}, {"version", node.version}};
    json::array targets{json::string(fmt::format("{}:{}", node.address, ports::kMetrics))};
    groups.push_back(json::object{{"targets", std::move(targets)}, {"labels", std::move(labels)}});
  }
  return json_text(groups);
}

LabHttp::LabHttp(NodeContext& ctx, LabModel& model)
    : model_(model), metrics_(registry_, model),
      server_(ctx, "lab_http", limits(), [this](HttpRequest request) { return routes_.answer(std::move(request)); }) {
  routes_.get("/healthz", [](const HttpRequest&) { return text_response(200, "ok\n"); });
  routes_.get("/sd", [this](const HttpRequest&) { return json_response(200, service_discovery(model_.registry)); });
  routes_.get("/metrics", [this](const HttpRequest&) { return metrics(); });
}

HttpResponse LabHttp::metrics() {
  metrics_.refresh(model_);
  HttpResponse response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = prometheus::TextSerializer().Serialize(registry_.Collect());
  return response;
}

}  // namespace chaos
