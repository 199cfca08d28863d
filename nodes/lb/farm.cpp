#include "lb/farm.hpp"

#include <algorithm>

namespace chaos {

void Farm::follow() {
  config_ = ctx_.desired().config().lb();
  auto before = std::exchange(backends_, {});
  for (const auto& peer : ctx_.peers("server")) {
    const auto kept = std::find_if(before.begin(), before.end(), [&peer](const auto& backend) {
      return backend && same_place(backend->peer, peer);
    });
    backends_.push_back(kept != before.end() ? std::exchange(*kept, nullptr) : adopt(peer));
    Backend& backend = *backends_.back();
    backend.peer = peer;
    backend.health.set(config_.rise(), config_.fall());
    backend.set_connections(ctx_, config_.max_connections());
    backend.show();
  }
  for (const auto& left : before) {
    if (!left) continue;
    left->gone = true;
    const auto renewed = [&left](const auto& backend) { return backend->peer.name() == left->peer.name(); };
    if (std::none_of(backends_.begin(), backends_.end(), renewed)) left->show();
  }
  settle();
}

std::shared_ptr<Backend> Farm::adopt(const v1::Peer& peer) {
  auto backend = std::make_shared<Backend>(ctx_, peer, config_, metrics_.server(peer.name()));
  backend->id = ++last_id_;
  ctx_.tasks.spawn("lb.check", watch(backend));
  return backend;
}

std::shared_ptr<Backend> Farm::pick(const Tried& tried) {
  candidates_.clear();
  for (const auto& backend : backends_) {
    const bool fresh = std::find(tried.begin(), tried.end(), backend) == tried.end();
    candidates_.push_back({fresh && backend->usable(), backend->sessions});
  }
  const auto balance = config_.balance() == "roundrobin" ? Balance::roundrobin : Balance::leastconn;
  const auto chosen = balance_.pick(balance, candidates_);
  return chosen ? backends_[*chosen] : nullptr;
}

Unusable Farm::unusable() const {
  Unusable counts;
  for (const auto& backend : backends_) {
    if (backend->admin == AdminState::maint) ++counts.maintenance;
    else if (!backend->health.up()) ++counts.down;
    else if (backend->draining()) ++counts.draining;
  }
  return counts;
}

std::size_t Farm::usable() const {
  return static_cast<std::size_t>(std::count_if(backends_.begin(), backends_.end(), [](const auto& b) { return b->usable(); }));
}

bool Farm::set_admin(std::string_view server, AdminState state) {
  for (const auto& backend : backends_) {
    if (backend->peer.name() != server) continue;
    backend->set_admin(state);
    settle();
    return true;
  }
  return false;
}

void Farm::refused(Backend& backend) {
  CheckReport report = backend.last_check;
  report.result = CheckResult::failed;
  report.status = "L4CON";
  report.code = 0;
  record(backend, std::move(report));
}

void Farm::record(Backend& backend, CheckReport report) {
  const std::string before = backend.status();
  const auto change = backend.record(std::move(report), ctx_.clock.now());
  if (backend.gone) return;
  if (change != HealthRule::Change::none) {
    ctx_.log.info("server_state", {{"server", backend.peer.name()}, {"from", before}, {"to", backend.status()},
                                   {"check", backend.last_check.status}});
  }
  settle();
}

void Farm::settle() {
  const std::size_t now_usable = usable();
  metrics_.backend().active_servers->Set(static_cast<double>(now_usable));
  const std::size_t before = std::exchange(usable_before_, now_usable);
  if ((before == 0) == (now_usable == 0)) return;
  last_change_ = ctx_.clock.now();
  if (now_usable > 0) return;
  metrics_.backend().down->Increment();
  ctx_.log.warn("no_backend", {{"why", no_backend_reason(unusable())}});
}

}  // namespace chaos
