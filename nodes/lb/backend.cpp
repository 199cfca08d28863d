#include "lb/backend.hpp"

#include "runtime/ports.hpp"

#include <algorithm>

namespace chaos {

namespace {
constexpr std::size_t kUnbounded = 65536;    // connections of a pool: requests are bounded before they come to it
}

void TimeMeters::clear_max() {
  for (TimeMeter* one : {&queue, &connect, &response, &total}) one->clear_max();
}

Backend::Backend(NodeContext& ctx, const v1::Peer& its_peer, const v1::LbConfig& config, LbServerMetrics& its_metrics)
    : peer(its_peer), health(config.rise(), config.fall()), pool(ctx, its_peer, ports::kHttp, kUnbounded),
      check_pool(ctx, its_peer, ports::kHttp, 1), metrics(its_metrics), last_change(ctx.clock.now()) {
  settle(last_change);
}

double Backend::throttle(RealTime now) const {
  if (slowstart <= RealDuration::zero() || !up() || now >= up_since + slowstart) return 1;
  return std::max(0.0, to_s(now - up_since) / to_s(slowstart));
}

std::size_t Backend::max_sessions_now(RealTime now) const {
  if (max_connections == 0) return 0;
  return std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(max_connections) * throttle(now)));
}

HealthRule::Change Backend::record(CheckReport report, RealTime now) {
  const bool good = report.result == CheckResult::passed || report.result == CheckResult::draining;
  if (!good && health.up()) metrics.check_failures.add();
  const auto change = health.record(report.result);
  last_check = std::move(report);
  settle(now);
  return change;
}

void Backend::obey(const AgentReply& reply, CheckReport report, RealTime now) {
  agent.last = std::move(report);
  if (reply.admin && *reply.admin != admin) {
    set_admin(*reply.admin, now);
    admin_by_agent = true;
  }
  if (reply.percent) weight = relative_weight(first_weight, *reply.percent);
  if (reply.max_connections) max_connections = *reply.max_connections;
  if (reply.health != AgentReply::Health::same) agent.up = reply.health == AgentReply::Health::up;
  settle(now);
}

void Backend::set_admin(AdminState state, RealTime now) {
  const bool back = admin == AdminState::maint && state != AdminState::maint;
  admin = state;
  admin_by_agent = false;
  if (back) health.give_trust();
  settle(now);
}

void Backend::settle(RealTime now) {
  const Standing before = std::exchange(standing_, {up(), usable()});
  if (before.up && !standing_.up && !gone) metrics.went_down.add();
  if (!before.up && standing_.up) {
    past_downtime += now - last_change;
    up_since = now;
  }
  if (before != standing_) last_change = now;
  metrics.set_status(gone ? std::string_view{} : std::string_view(status()));
}

}  // namespace chaos
