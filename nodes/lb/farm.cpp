#include "lb/farm.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

constexpr double kWeightScale = 16;     // so that a slow start grows in steps even at weight 1
constexpr unsigned kFirstWeightWithAgent = 100;    // of 1 every percentage below 100 would be nothing

bool was_tried(const Tried& tried, const Backend& backend) {
  return std::any_of(tried.begin(), tried.end(), [&backend](const auto& one) { return one.get() == &backend; });
}

std::uint32_t share(const Backend& backend, RealTime now) {
  return static_cast<std::uint32_t>(std::max(1.0, std::round(backend.weight * kWeightScale * backend.throttle(now))));
}

}  // namespace

void Farm::follow() {
  config_ = ctx_.desired().config().lb();
  if (last_change_ == RealTime{}) last_change_ = ctx_.clock.now();
  auto before = std::exchange(backends_, {});
  for (const auto& peer : ctx_.peers("server")) {
    const auto kept = std::find_if(before.begin(), before.end(), [&peer](const auto& backend) {
      return backend && same_place(backend->peer, peer);
    });
    backends_.push_back(kept != before.end() ? std::exchange(*kept, nullptr) : adopt(peer));
    Backend& backend = *backends_.back();
    const std::string word = backend.status();
    backend.peer = peer;
    configure(backend);
    changed(backend, word, "the controller");
  }
  for (const auto& left : before) {
    if (!left) continue;
    left->gone = true;
    const auto renewed = [&left](const auto& backend) { return backend->peer.name() == left->peer.name(); };
    if (std::none_of(backends_.begin(), backends_.end(), renewed)) left->settle(ctx_.clock.now());
    left->queue.wake_all();
  }
  settle();
}

std::shared_ptr<Backend> Farm::adopt(const v1::Peer& peer) {
  auto backend = std::make_shared<Backend>(ctx_, peer, config_, metrics_.server(peer.name()));
  backend->id = ++last_id_;
  ctx_.tasks.spawn("lb.check", watch(backend));
  ctx_.tasks.spawn("lb.agent", listen_to(backend));
  return backend;
}

void Farm::configure(Backend& backend) {
  const auto most = static_cast<std::size_t>(std::max(1, config_.max_connections()));
  if (std::exchange(backend.configured_connections, most) != most) backend.max_connections = most;
  backend.slowstart = real_ms(config_.slowstart_ms());
  backend.health.set(config_.rise(), config_.fall());
  backend.agent.configure({config_.agent_addr(), static_cast<unsigned short>(config_.agent_port()), config_.agent_send()});
  const unsigned first = backend.agent.exists() ? kFirstWeightWithAgent : 1;
  if (std::exchange(backend.first_weight, first) != first) backend.weight = first;
  backend.settle(ctx_.clock.now());
}

Farm::Place Farm::place(const Tried& tried, std::string_view pinned) {
  const RealTime now = ctx_.clock.now();
  Backend* const own = pinned.empty() ? nullptr : find(pinned);
  if (own && own->takes_its_own() && !was_tried(tried, *own)) return again(own->shared_from_this());
  candidates_.clear();
  bool full = false;
  for (const auto& backend : backends_) {
    const bool takes = backend->usable() && !was_tried(tried, *backend);
    const bool room = takes && backend->has_room(now);
    full = full || (takes && !room);
    candidates_.push_back({room, backend->sessions, room ? share(*backend, now) : 1, &backend->credit});
  }
  const auto chosen = balance_.pick(balance(), candidates_);
  Place place;
  if (!chosen) {
    if (full) place.queue = &queue_;
    return place;
  }
  backends_[*chosen]->metrics.balanced.add();
  metrics_.backend().balanced.add();
  place.seat = Seat(*this, backends_[*chosen]);
  return place;
}

Farm::Place Farm::again(const std::shared_ptr<Backend>& backend) {
  Place place;
  if (!backend->takes_its_own()) return place;
  if (backend->has_room(ctx_.clock.now())) place.seat = Seat(*this, backend);
  else place.queue = &backend->queue;
  return place;
}

void Farm::freed(Backend& backend) {
  const RealTime now = ctx_.clock.now();
  while (backend.up() && backend.has_room(now)) {
    if (backend.queue.give(*this, backend)) continue;
    if (!backend.usable() || !queue_.give(*this, backend)) return;
    backend.metrics.balanced.add();
    metrics_.backend().balanced.add();
  }
}

Unusable Farm::unusable() const {
  Unusable counts;
  for (const auto& backend : backends_) {
    if (backend->admin == AdminState::maint) ++counts.maintenance;
    else if (!backend->up()) ++counts.down;
    else if (!backend->usable()) ++counts.draining;
  }
  return counts;
}

std::size_t Farm::usable() const {
  return static_cast<std::size_t>(std::count_if(backends_.begin(), backends_.end(), [](const auto& b) { return b->usable(); }));
}

RealDuration Farm::downtime(RealTime now) const {
  return past_downtime_ + (usable_before_ > 0 || last_change_ == RealTime{} ? RealDuration{} : now - last_change_);
}

Backend* Farm::find(std::string_view server) const {
  for (const auto& backend : backends_) {
    if (backend->peer.name() == server) return backend.get();
  }
  return nullptr;
}

void Farm::refused(Backend& backend) {
  backend.metrics.refused.add();
  if (backend.admin == AdminState::maint || !backend.checked) return;
  record(backend, {CheckResult::failed, "L4CON", 0, backend.last_check.took, "Connection refused"});
}

void Farm::record(Backend& backend, CheckReport report) {
  const std::string before = backend.status();
  const auto change = backend.record(report, ctx_.clock.now());
  if (change != HealthRule::Change::none) changed(backend, before, report.status);
  settle();
}

void Farm::changed(Backend& backend, const std::string& before, std::string_view why) {
  const std::string after = backend.status();
  if (backend.gone || before == after) return;
  ctx_.log.info("server_state", {{"server", backend.peer.name()}, {"from", before}, {"to", after}, {"check", std::string(why)}});
}

void Farm::settle() {
  const RealTime now = ctx_.clock.now();
  const std::size_t now_usable = usable();
  metrics_.backend().active_servers->Set(static_cast<double>(now_usable));
  for (const auto& backend : backends_) {
    if (!backend->up()) backend->queue.wake_all();
    else freed(*backend);
  }
  const std::size_t before = std::exchange(usable_before_, now_usable);
  if ((before == 0) == (now_usable == 0)) return;
  if (now_usable > 0) past_downtime_ += now - last_change_;
  last_change_ = now;
  if (now_usable > 0) return;
  metrics_.backend().went_down.add();
  ctx_.log.warn("no_backend", {{"why", no_backend_reason(unusable())}});
}

}  // namespace chaos
