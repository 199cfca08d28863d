#include "lb/console.hpp"

#include "lb/byte_dump.hpp"

#include <fmt/format.h>

namespace chaos {

Console::Console(NodeContext& ctx, Farm& farm, Proxy& proxy, BackendMetrics& metrics, Gate gate, Gate stats_gate)
    : ctx_(ctx), farm_(farm), proxy_(proxy), metrics_(metrics), gate_(gate), stats_gate_(stats_gate), start_(ctx.clock.now()),
      global_limit_(65536) {}

void Console::follow() {
  const auto wanted = static_cast<std::size_t>(farm_.config().frontend_max_connections());
  if (std::exchange(configured_limit_, wanted) != wanted) gate_.frontend.limit = wanted;
  hold();
}

void Console::hold() { gate_.server.hold_at(std::min(gate_.frontend.limit, global_limit_)); }

Gate* Console::find(std::string_view frontend) {
  if (frontend == gate_.frontend.name) return &gate_;
  return frontend == stats_gate_.frontend.name ? &stats_gate_ : nullptr;
}

std::vector<ServerView> Console::servers() {
  const RealTime now = ctx_.clock.now();
  std::vector<ServerView> views;
  for (const auto& backend : farm_.backends()) {
    const Backend& b = *backend;
    ServerView view;
    view.id = b.id;
    view.name = b.peer.name();
    view.address = b.peer.address();
    view.up = b.up();
    view.stopping = b.health.stopping();
    view.drained = b.drained();
    view.checked = b.checked;
    view.admin = b.admin;
    view.weight = b.weight;
    view.first_weight = b.first_weight;
    view.since_change_s = static_cast<std::uint64_t>(to_s(now - b.last_change));
    view.check_status = b.last_check.status;
    view.check_result = b.last_check.result;
    view.check_health = b.health.health();
    view.agent_exists = b.agent.exists();
    view.agent_enabled = b.agent.asked();
    view.agent_address = b.agent.target.address;
    view.agent_port = b.agent.target.port;
    view.used = b.pool.in_use();
    view.most_used = b.max_used;
    view.idle = b.pool.idle();
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<SessionView> Console::sessions() {
  const RealTime now = ctx_.clock.now();
  std::vector<SessionView> views;
  for (const Stream& stream : proxy_.streams()) {
    SessionView view;
    view.id = reinterpret_cast<std::uintptr_t>(&stream);    // as HAProxy: the address of what it stands for
    view.source = stream.remote;
    view.server = stream.server && !stream.interrupt ? stream.server->peer.name() : "";
    view.request = stream.method + " " + stream.target.substr(0, 256);
    view.age_s = static_cast<std::uint64_t>(to_s(now - stream.begin));
    view.retries = stream.retries;
    view.queued = stream.interrupt != nullptr;
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<std::string> Console::session_log() { return {proxy_.log().lines().begin(), proxy_.log().lines().end()}; }

std::string Console::errors() {
  const Frontend& f = gate_.frontend;
  std::string text = fmt::format("Total events captured on [{}] : {}\n", log_time(std::chrono::system_clock::now()), f.request_errors.value());
  std::size_t event = 0;
  for (const auto& bad : f.bad_requests()) {
    text += fmt::format(" \n[{}] frontend {} (#{}): invalid request\n  backend <NONE> (#-1), server <NONE> (#-1), event #{}, src {}\n  len {}, answered {} :\n  \n{}", log_time(bad.wall),
                        f.name, f.id, event++, bad.source, bad.bytes.size(), bad.status, byte_dump(bad.bytes));
  }
  return text;
}

void Console::set_state(std::string_view server, AdminState state) {
  if (Backend* b = farm_.find(server)) farm_.set_admin(*b, state);
}

void Console::set_health(std::string_view server, Health health) {
  Backend* const b = farm_.find(server);
  if (!b) return;
  const auto wanted = health == Health::up ? Farm::Health::up : health == Health::down ? Farm::Health::down : Farm::Health::stopping;
  farm_.set_health(*b, wanted);
}

void Console::set_checked(std::string_view server, bool checked) {
  if (Backend* b = farm_.find(server)) farm_.set_checked(*b, checked);
}

void Console::set_weight(std::string_view server, unsigned weight) {
  if (Backend* b = farm_.find(server)) farm_.set_weight(*b, weight);
}

void Console::set_agent(std::string_view server, const AgentOrder& order) {
  if (Backend* b = farm_.find(server)) farm_.set_agent(*b, order);
}

void Console::set_server_limit(std::string_view server, std::size_t most) {
  if (Backend* b = farm_.find(server)) farm_.set_max_connections(*b, most);
}

void Console::set_frontend_limit(std::string_view frontend, std::size_t most) {
  Gate* const gate = find(frontend);
  if (!gate) return;
  gate->frontend.limit = most;
  if (gate == &gate_) hold();
  else gate->server.hold_at(std::max<std::size_t>(1, most));    // never locks the operator out
}

bool Console::set_global_limit(std::size_t most) {
  if (most > 65536) return false;
  global_limit_ = most;
  hold();
  return true;
}

bool Console::set_frontend_open(std::string_view frontend, bool open) {
  Gate* const gate = find(frontend);
  if (!gate || gate->frontend.paused == !open) return false;
  if (!open) gate->server.pause();
  else if (!gate->server.listen(ctx_.address, gate->port)) return false;
  gate->frontend.paused = !open;
  return true;
}

bool Console::kill_session(std::uint64_t id) {
  for (Stream& stream : proxy_.streams()) {
    if (reinterpret_cast<std::uintptr_t>(&stream) != id) continue;
    stream.kill();
    return true;
  }
  return false;
}

void Console::kill_sessions(std::string_view server) {
  for (Stream& stream : proxy_.streams()) {
    if (stream.server && !stream.interrupt && stream.server->peer.name() == server) stream.kill();
  }
}

void Console::clear_counters(bool all) {
  gate_.frontend.clear_counters(all);
  stats_gate_.frontend.clear_counters(all);
  proxy_.clear_counters(all);
  for (const auto& backend : farm_.backends()) {
    backend->max_sessions = backend->sessions;
    backend->rate.clear_max();
    backend->times.clear_max();
    backend->queue.clear_most();
    if (!all) continue;
    backend->metrics.clear();
    backend->metrics.check_failures.clear();
    backend->metrics.refused.clear();
  }
}

}  // namespace chaos
