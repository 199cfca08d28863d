#include "lb/backend.hpp"

#include "runtime/ports.hpp"

#include <algorithm>

namespace chaos {

Backend::Backend(NodeContext& ctx, const v1::Peer& its_peer, const v1::LbConfig& config, LbServerMetrics& its_metrics)
    : peer(its_peer), health(config.rise(), config.fall()), check_pool(ctx, its_peer, ports::kHttp, 1), metrics(its_metrics),
      last_change(ctx.clock.now()) {
  set_connections(ctx, config.max_connections());
  show();
}

void Backend::set_connections(NodeContext& ctx, int most) {
  const auto wanted = static_cast<std::size_t>(std::max(1, most));
  if (std::exchange(max_connections, wanted) == wanted) return;
  pool = std::make_shared<HttpPool>(ctx, peer, ports::kHttp, wanted);
}

HealthRule::Change Backend::record(CheckReport report, RealTime now) {
  const bool good = report.result == CheckResult::passed || report.result == CheckResult::draining;
  if (!good && health.up()) metrics.check_failures->Increment();
  const auto change = health.record(report.result);
  last_check = std::move(report);
  if (change == HealthRule::Change::down) metrics.check_up_down->Increment();
  if (change == HealthRule::Change::up) past_downtime += now - last_change;
  if (change != HealthRule::Change::none) last_change = now;
  show();
  return change;
}

void Backend::set_admin(AdminState state) {
  const bool back = admin == AdminState::maint && state != AdminState::maint;
  admin = state;
  if (back) health.reset();
  show();
}

BackendSession::BackendSession(std::shared_ptr<Backend> backend, RealTime now) : backend_(std::move(backend)) {
  Backend& to = *backend_;
  ++to.sessions;
  to.max_sessions = std::max(to.max_sessions, to.sessions);
  to.max_queued = std::max(to.max_queued, to.queued());
  to.rate.add(now);
  to.last_session = now;
  to.metrics.sessions->Increment();
  to.metrics.current_sessions->Increment();
}

BackendSession::~BackendSession() {
  --backend_->sessions;
  backend_->metrics.current_sessions->Decrement();
}

}  // namespace chaos
