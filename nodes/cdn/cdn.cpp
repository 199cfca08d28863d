// The cdn role: an HTTP cache on port 8080. Its station is held for its own work only, not while an origin is asked.
#include "cdn/cache_flow.hpp"
#include "cdn/forward.hpp"
#include "runtime/http_server.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

namespace chaos {

namespace {

enum class Route { fixed, refused, purge, object, pass };

Route route_of(const HttpRequest& request) {
  if (request.path() == "/healthz" || request.path() == "/readyz") return Route::fixed;
  if (request.method == "PURGE") return Route::purge;
  if (!request.target.starts_with("/static/")) return Route::pass;
  return request.method == "GET" || request.method == "HEAD" ? Route::object : Route::refused;
}

std::string_view operation_of(Route route) {
  switch (route) {
    case Route::object: return "static";
    case Route::purge: return "purge";
    case Route::pass: return "pass";
    default: return "refused";
  }
}

HttpResponse not_allowed() {
  auto response = text_response(405, "static objects are changed at the object store\n");
  response.headers.add("Allow", "GET, HEAD, PURGE");
  return response;
}

// Call faults are applied by the role, so that their answers count as the cache's.
HttpLimits http_limits() {
  HttpLimits limits;
  limits.faults = false;
  return limits;
}

class CdnRole final : public Role {
 public:
  explicit CdnRole(NodeContext& ctx)
      : ctx_(ctx), metrics_(ctx.registry), flow_(ctx, metrics_),
        station_(station_settings(config().station()), ctx.rng.child("station"), ctx.slowdown),
        server_(ctx, "http", http_limits(), [this](HttpRequest request) { return handle(std::move(request)); }) {}

  awaitable<Result<void>> start() override {
    reconfigure();
    co_return server_.listen(ctx_.address, ports::kHttp);
  }

  void reconfigure() override {
    station_.set(station_settings(config().station()));
    flow_.reconfigure();
  }

  awaitable<void> drain() override { co_await server_.drain(RealTime::max()); }

  void report(v1::Report& out) override {
    out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
    auto& gauges = *out.mutable_gauges();
    gauges["hit_ratio"] = metrics_.hit_ratio.value(RealClock::now());
    gauges["objects"] = static_cast<double>(flow_.store().objects());
    gauges["cache_mb"] = static_cast<double>(flow_.store().bytes()) / (1024 * 1024);
  }

 private:
  const v1::CdnConfig& config() const { return ctx_.desired().config().cdn(); }

  awaitable<HttpResponse> handle(HttpRequest request) {
    const Route route = route_of(request);
    const CallVerdict fault = ctx_.seams.call(operation_of(route));
    if (fault.delay > RealDuration::zero()) co_await sleep_real(fault.delay);
    if (route == Route::fixed) co_return fault.status ? text_response(static_cast<unsigned>(*fault.status), "internal error\n") : fixed_answer(request);
    auto scope = ctx_.stats.begin(operation_of(route));
    bool refused = false;
    HttpResponse response;
    if (fault.status) {
      response = failure(static_cast<unsigned>(*fault.status), "internal error\n");
    } else if (auto admitted = co_await admit(); !admitted) {
      response = failure(http_status(admitted.error()), "cdn: " + std::string(error_word(admitted.error())) + "\n");
    } else {
      response = co_await serve(route, std::move(request), refused);
    }
    scope.finish(response.status < 500 || refused);
    co_return response;
  }

  // The cache's own, not an origin's.
  HttpResponse failure(unsigned status, std::string text) {
    metrics_.request(CacheResult::pass, status);
    return text_response(status, std::move(text));
  }

  HttpResponse fixed_answer(const HttpRequest& request) const {
    if (request.path() == "/readyz" && ctx_.draining()) return text_response(503, "draining\n");
    return text_response(200, "ok\n");
  }

  awaitable<Result<void>> admit() {
    auto slot = co_await station_.enter(flow_.deadline());
    if (!slot) co_return slot.error();
    co_await station_.work();
    co_return Result<void>{};
  }

  // refused: set when the request wanted what is in the cache or nothing. The caller's frame holds it until this returns.
  awaitable<HttpResponse> serve(Route route, HttpRequest request, bool& refused) {
    if (route == Route::refused) co_return not_allowed();
    if (route == Route::purge) co_return flow_.purge(request.target);
    CacheFlow::Served served;
    if (route == Route::object) served = co_await flow_.serve_static(std::move(request));
    else served = co_await flow_.pass(std::move(request));
    metrics_.request(served.result, served.response.status);
    refused = served.result == CacheResult::refused;
    Headers& headers = served.response.headers;
    headers.set("X-Cache", std::string(x_cache(served.result)));
    const auto via = headers.get("Via");
    headers.set("Via", (via ? std::string(*via) + ", " : "") + "1.1 " + ctx_.name);
    co_return std::move(served.response);
  }

  NodeContext& ctx_;
  CdnMetrics metrics_;
  CacheFlow flow_;
  Station station_;
  HttpServer server_;
};

}  // namespace

std::unique_ptr<Role> make_cdn(NodeContext& ctx) { return std::make_unique<CdnRole>(ctx); }

}  // namespace chaos
