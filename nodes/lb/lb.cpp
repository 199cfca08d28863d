#include "lb/lb.hpp"

#include "runtime/ports.hpp"

namespace chaos {

namespace {

// The statistics are the operator's view, not the service: call faults do not apply.
HttpLimits statistics_limits() {
  HttpLimits limits;
  limits.max_sessions = 32;
  limits.max_body = 1024;
  limits.faults = false;
  return limits;
}

}  // namespace

LoadBalancer::LoadBalancer(NodeContext& ctx)
    : ctx_(ctx), metrics_(ctx.registry), farm_(ctx, metrics_), proxy_(ctx, farm_, metrics_.backend()),
      stats_(ctx, farm_, proxy_, metrics_.backend()),
      server_(ctx, "http", {}, [this](HttpRequest request) { return proxy_.forward(std::move(request)); }),
      stats_server_(ctx, "stats", statistics_limits(), [this](HttpRequest request) { return statistics(std::move(request)); }),
      runtime_cli_(ctx, stats_) {}

awaitable<Result<void>> LoadBalancer::start() {
  reconfigure();
  auto listening = server_.listen(ctx_.address, ports::kHttp);
  if (listening) listening = stats_server_.listen(ctx_.address, ports::kLbStats);
  if (listening) listening = runtime_cli_.listen(ctx_.address, ports::kLbRuntime);
  co_return listening;
}

awaitable<HttpResponse> LoadBalancer::statistics(HttpRequest request) { co_return stats_.page(request); }

void LoadBalancer::reconfigure() {
  farm_.follow();
  proxy_.follow();
}

// The operator's ports stay open to the last: draining is when one looks.
awaitable<void> LoadBalancer::drain() {
  co_await server_.drain(RealTime::max());
  stats_server_.close_all();
  runtime_cli_.close_all();
}

void LoadBalancer::report(v1::Report& out) {
  auto& gauges = *out.mutable_gauges();
  gauges["backends_up"] = static_cast<double>(farm_.usable());
  gauges["backends_total"] = static_cast<double>(farm_.backends().size());
  gauges["retries"] = metrics_.backend().retries->Value();
  gauges["no_backend_503"] = metrics_.backend().no_backend->Value();
}

std::unique_ptr<Role> make_lb(NodeContext& ctx) { return std::make_unique<LoadBalancer>(ctx); }

}  // namespace chaos
