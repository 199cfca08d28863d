#include "lb/lb.hpp"

#include "runtime/ports.hpp"

namespace chaos {

namespace {

constexpr std::size_t kStatsSessions = 32;

// Connections over the frontend's limit wait to be accepted, so the server itself closes none.
HttpLimits service_limits() {
  HttpLimits limits;
  limits.max_sessions = 0;
  return limits;
}

// The statistics are the operator's view, not the service: call faults do not apply.
HttpLimits statistics_limits() {
  HttpLimits limits;
  limits.max_sessions = kStatsSessions;
  limits.max_body = 1024;
  limits.faults = false;
  return limits;
}

}  // namespace

LoadBalancer::LoadBalancer(NodeContext& ctx)
    : ctx_(ctx), metrics_(ctx.registry), farm_(ctx, metrics_), frontend_(std::string(kFrontendName), kFrontendId, ctx.clock, metrics_.frontend_responses()),
      stats_frontend_(std::string(kStatsName), kStatsId, ctx.clock, CodeTallies()), proxy_(ctx, farm_, metrics_.backend(), frontend_),
      server_(ctx, "http", service_limits(), [this](HttpRequest request) { return proxy_.forward(std::move(request)); }),
      stats_server_(ctx, "stats", statistics_limits(), [this](HttpRequest request) { return statistics(std::move(request)); }),
      console_(ctx, farm_, proxy_, metrics_.backend(), {frontend_, server_, ports::kHttp}, {stats_frontend_, stats_server_, ports::kLbStats}),
      runtime_cli_(ctx, console_) {
  server_.observe(frontend_);
  stats_server_.observe(stats_frontend_);
  stats_frontend_.limit = kStatsSessions;
}

awaitable<Result<void>> LoadBalancer::start() {
  reconfigure();
  auto listening = server_.listen(ctx_.address, ports::kHttp);
  if (listening) listening = stats_server_.listen(ctx_.address, ports::kLbStats);
  if (listening) listening = runtime_cli_.listen(ctx_.address, ports::kLbRuntime);
  // A path too long for a socket is told in the log; the port does the same work.
  if (listening) runtime_cli_.listen_local(ctx_.data_dir / std::filesystem::path(farm_.config().stats_socket()).filename());
  co_return listening;
}

awaitable<HttpResponse> LoadBalancer::statistics(HttpRequest request) { co_return console_.page(request); }

void LoadBalancer::reconfigure() {
  farm_.follow();
  proxy_.follow();
  console_.follow();
}

// The operator's ports stay open to the last: draining is when one looks.
awaitable<void> LoadBalancer::drain() {
  co_await server_.drain(RealTime::max());
  stats_server_.close_all();
  runtime_cli_.close_all();
}

void LoadBalancer::report(v1::Report& out) {
  report_servers(out);
  auto& gauges = *out.mutable_gauges();
  gauges["backends_up"] = static_cast<double>(farm_.usable());
  gauges["backends_total"] = static_cast<double>(farm_.backends().size());
  gauges["retries"] = static_cast<double>(metrics_.backend().retries.value());
  gauges["no_backend_503"] = static_cast<double>(metrics_.backend().no_backend.value());
}

void LoadBalancer::report_servers(v1::Report& out) {
  for (const auto& backend : farm_.backends()) {
    auto& one = *out.add_servers();
    one.set_server(backend->peer.name());
    one.set_status(backend->status());
    if (backend->admin != AdminState::ready && !backend->admin_by_agent) one.set_ordered(backend->admin == AdminState::drain ? "drain" : "maint");
  }
}

std::unique_ptr<Role> make_lb(NodeContext& ctx) { return std::make_unique<LoadBalancer>(ctx); }

}  // namespace chaos
