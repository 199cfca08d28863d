#include "lb/proxy.hpp"

#include <algorithm>

namespace chaos {

namespace {

// The operation of a request in the node's own figures: a few fixed words, whatever clients send.
std::string_view operation(std::string_view method) {
  for (std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    if (method == known) return known;
  }
  return "other";
}

std::string_view host_of(std::string_view remote) { return remote.substr(0, remote.rfind(':')); }

// X-Forwarded-For lists the hosts that a request came through; ours goes last.
void add_forwarded_for(HttpRequest& request) {
  std::string hosts(request.headers.get("X-Forwarded-For").value_or(""));
  if (!hosts.empty()) hosts += ", ";
  hosts += host_of(request.remote);
  request.headers.set("X-Forwarded-For", std::move(hosts));
}

struct FrontendSession {
  FrontendSession(Frontend& frontend, prometheus::Gauge& gauge, RealTime now) : of(frontend), current(gauge) {
    of.max_sessions = std::max(of.max_sessions, ++of.sessions);
    ++of.total;
    of.rate.add(now);
    of.last_session = now;
    current.Increment();
  }
  FrontendSession(const FrontendSession&) = delete;
  ~FrontendSession() {
    --of.sessions;
    current.Decrement();
  }
  Frontend& of;
  prometheus::Gauge& current;
};

}  // namespace

Proxy::Proxy(NodeContext& ctx, Farm& farm, BackendMetrics& metrics)
    : ctx_(ctx), farm_(farm), metrics_(metrics),
      station_(station_settings(ctx.desired().config().lb().station()), ctx.rng.child("lb.station"), ctx.slowdown) {}

void Proxy::follow() { station_.set(station_settings(farm_.config().station())); }

awaitable<HttpResponse> Proxy::forward(HttpRequest request) {
  const RealTime begin = ctx_.clock.now();
  const FrontendSession session(frontend_, *metrics_.current_sessions, begin);
  auto scope = ctx_.stats.begin(operation(request.method));
  const bool head = request.method == "HEAD";
  metrics_.requests->Increment();
  HttpResponse response = co_await serve(std::move(request));
  response.head = head;
  metrics_.responses[code_index(response.status)]->Increment();
  frontend_.response_time.add(ctx_.clock.now() - begin);
  scope.finish(response.status < 500);
  co_return response;
}

awaitable<HttpResponse> Proxy::serve(HttpRequest request) {
  const RealTime deadline = ctx_.clock.now() + real_ms(farm_.config().timeout_ms());
  {
    auto slot = co_await station_.enter(deadline);
    if (!slot) co_return text_response(http_status(slot.error()), "load balancer: " + slot.error().message() + "\n");
    co_await station_.work();
  }   // the slot is for its own work: waiting for a backend costs an event-driven proxy nothing
  add_forwarded_for(request);
  co_return co_await dispatch(std::move(request), deadline);
}

awaitable<HttpResponse> Proxy::dispatch(HttpRequest request, RealTime deadline) {
  Farm::Tried tried;
  ErrorCode error;
  for (int retries = 0;; ++retries) {
    auto backend = farm_.pick(tried);
    if (!backend) break;
    if (retries > 0) {
      tried.back()->metrics.redispatches->Increment();
      metrics_.redispatches->Increment();
    }
    auto answer = co_await exchange(backend, request, deadline);
    if (answer) {
      answer->headers.set("X-Backend", backend->peer.name());
      co_return std::move(*answer);
    }
    error = answer.error();
    const bool again = try_another(*backend, request.method, error, retries);
    tried.push_back(std::move(backend));
    if (!again) break;
  }
  if (tried.empty()) co_return none_usable();
  const std::string& last = tried.back()->peer.name();
  HttpResponse failed = text_response(failure_status(error), last + ": " + error.message() + "\n");
  failed.headers.set("X-Backend", last);
  co_return failed;
}

awaitable<Result<HttpResponse>> Proxy::exchange(std::shared_ptr<Backend> backend, HttpRequest request, RealTime deadline) {
  const RealTime begin = ctx_.clock.now();
  const BackendSession session(backend, begin);
  const std::shared_ptr<HttpPool> pool = backend->pool;
  auto answer = co_await pool->fetch(std::move(request), deadline);
  if (answer) {
    backend->response_time.add(ctx_.clock.now() - begin);
    backend->metrics.response_time->Set(backend->response_time.mean_ms() / 1000);
    backend->metrics.responses[code_index(answer->status)]->Increment();
    co_return answer;
  }
  const bool not_opened = answer.error() == Errc::refused;
  (not_opened ? backend->metrics.connection_errors : backend->metrics.response_errors)->Increment();
  (not_opened ? metrics_.connection_errors : metrics_.response_errors)->Increment();
  if (not_opened) farm_.refused(*backend);
  co_return answer;
}

bool Proxy::try_another(const Backend& failed, std::string_view method, ErrorCode error, int retries) {
  if (retries >= farm_.config().retries() || !may_redispatch(method, error)) return false;
  failed.metrics.retries->Increment();
  metrics_.retries->Increment();
  return true;
}

HttpResponse Proxy::none_usable() {
  metrics_.no_backend->Increment();
  return text_response(503, no_backend_reason(farm_.unusable()) + "\n");
}

}  // namespace chaos
