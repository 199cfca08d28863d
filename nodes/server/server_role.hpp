// The shop's application server: cache-aside reads, orders with a receipt job, a thread a request.
#pragma once

#include "runtime/http_server.hpp"
#include "server/failure_log.hpp"
#include "server/load_agent.hpp"
#include "server/order_body.hpp"
#include "server/route.hpp"
#include "server/upstreams.hpp"

namespace chaos {

/// A request holds one slot of the station from its admission to its answer, upstream calls included, as a thread of a
/// thread-per-request server does: slow upstreams eat slots.
class ServerRole final : public Role {
 public:
  explicit ServerRole(NodeContext& ctx);

  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void before_scrape() override;
  void report(v1::Report& out) override;

 private:
  awaitable<HttpResponse> handle(HttpRequest request);
  awaitable<HttpResponse> serve(Route route, HttpRequest request);
  HttpResponse probe(Ask ask) const;
  awaitable<HttpResponse> item(std::int64_t id);
  awaitable<HttpResponse> place_order(HttpRequest request);
  awaitable<HttpResponse> order(std::int64_t id);
  awaitable<std::optional<std::string>> cached_item(const std::string& key, bool& redis_answers);
  void note_failure(const Route& route, const HttpResponse& response, const std::string& traceparent);

  NodeContext& ctx_;
  ServerMetrics metrics_;
  Upstreams upstreams_;
  Station station_;
  HttpServer http_;
  LoadAgent agent_;
  bool serving_ = false;
  FailureLog failures_;
  double reported_hits_ = 0, reported_lookups_ = 0, hit_ratio_ = 0;
};

}  // namespace chaos
