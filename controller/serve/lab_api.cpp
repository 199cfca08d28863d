#include "serve/lab_api.hpp"

#include "serve/plans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace chaos {

namespace {

constexpr std::size_t kWatchEvents = 1000;       // newest ones of a message; Events gives them all
constexpr RealDuration kInForce = std::chrono::seconds(1);
constexpr std::size_t kMaxSpikes = 16;
constexpr double kMaxUsers = 100'000;
constexpr double kMaxSpikeLabS = 604'800;

Refusal invalid(std::string text) { return {Refusal::Kind::invalid, std::move(text)}; }

template <class Events>
void add_events(v1::LabStatus& status, Events events) {
  for (v1::Event& event : events) *status.add_events() = std::move(event);
}

std::set<std::string> as_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

bool in_range(double value, double low, double high) { return std::isfinite(value) && value >= low && value <= high; }

Answer<void> check_traffic(const v1::SetTrafficRequest& request) {
  if (request.has_users() && !in_range(request.users(), 0, kMaxUsers)) {
    return invalid(fmt::format("users: {:g} is out of range: 0 to {:g}", request.users(), kMaxUsers));
  }
  if (!in_range(request.spike_users(), 0, kMaxUsers)) return invalid(fmt::format("spike_users: {:g} is out of range: 0 to {:g}", request.spike_users(), kMaxUsers));
  if (request.spike_users() > 0 && !in_range(request.spike_lab_s(), 1, kMaxSpikeLabS)) {
    return invalid(fmt::format("spike_lab_s: {:g} is out of range: 1 to {:g} lab s", request.spike_lab_s(), kMaxSpikeLabS));
  }
  if (request.has_users() && request.follow_curve()) return invalid("users and follow_curve exclude each other");
  return boost::system::in_place_value;
}

}  // namespace

Answer<void> LabApi::now_open() const {
  if (p_.model.phase == RunPhase::starting) return Refusal{Refusal::Kind::not_now, "the lab is starting"};
  if (p_.model.phase == RunPhase::settling) return Refusal{Refusal::Kind::not_now, "the run is over and its ledger is being checked; a moment"};
  return boost::system::in_place_value;
}

v1::LabStatus LabApi::status(bool see_hidden, std::size_t events) {
  v1::LabStatus out = lab_status(p_.model, p_.place);
  add_events(out, p_.events.last(events, see_hidden));
  return out;
}

v1::LabStatus LabApi::watch(std::uint64_t seq, bool see_hidden) {
  v1::LabStatus out = lab_status(p_.model, p_.place);
  auto events = p_.events.after(seq, see_hidden);
  if (events.size() > kWatchEvents) events.erase(events.begin(), events.end() - kWatchEvents);
  add_events(out, std::move(events));
  return out;
}

awaitable<Answer<v1::InjectReply>> LabApi::inject(v1::InjectRequest request) {
  const RealTime begin = RealClock::now();
  if (auto open = now_open(); !open) co_return open.error();
  if (auto serves = check_serves(request.fault(), p_.model.registry); !serves) co_return serves.error();
  const auto booked = p_.model.faults.inject({request.fault(), "operator", false, p_.model.clock.lab_now(), p_.model.primary}, p_.model.registry);
  if (!booked) co_return booked.error();
  const std::string id = (*booked)->fault.id();
  const double at = static_cast<double>((*booked)->fault.start_lab_us()) / 1e6;
  const std::string text = fmt::format("{} on {} ({})", kind_name((*booked)->fault), target_text((*booked)->fault.target()), id);
  const std::vector<std::string> nodes = p_.model.faults.carriers(**booked, p_.model.registry);
  p_.fleet.push();
  const InForce outcome = co_await p_.fleet.in_force(nodes, begin + kInForce);
  if (!outcome.refusal.empty()) {
    (void)p_.model.faults.clear(id, true);
    p_.fleet.push();
    co_return invalid(outcome.refusal);
  }
  p_.events.publish({"fault", nodes.size() == 1 ? nodes[0] : "", "inject", text, "operator", false, at});
  if (!outcome.silent.empty()) {
    co_return Refusal{Refusal::Kind::timed_out, fmt::format("{} is booked, but {} {} not said so after 1 s", id, fmt::join(outcome.silent, ", "), outcome.silent.size() == 1 ? "has" : "have")};
  }
  v1::InjectReply reply;
  reply.set_id(id);
  reply.set_in_force_ms(to_ms(RealClock::now() - begin));
  for (const std::string& node : nodes) {
    const bool down = std::find(outcome.gone.begin(), outcome.gone.end(), node) != outcome.gone.end();
    down ? reply.add_down(node) : reply.add_nodes(node);
  }
  co_return reply;
}

awaitable<Answer<v1::ClearReply>> LabApi::clear(v1::ClearRequest request, bool see_hidden) {
  if (request.all() == !request.id().empty()) co_return invalid("name one fault by id, or all");
  const bool see = see_hidden || p_.model.revealed();
  v1::ClearReply reply;
  std::set<std::string> carriers;
  std::set<std::string> hidden;      // the game master's own work stays hidden too
  for (const BookedFault& booked : p_.model.faults.all()) {
    if (!request.all() && booked.fault.id() != request.id()) continue;
    carriers.merge(as_set(p_.model.faults.carriers(booked, p_.model.registry)));
    if (booked.hidden) hidden.insert(booked.fault.id());
  }
  if (request.all()) {
    for (std::string& id : p_.model.faults.clear_all(see)) reply.add_ids(std::move(id));
  } else {
    if (auto cleared = p_.model.faults.clear(request.id(), see); !cleared) co_return cleared.error();
    reply.add_ids(request.id());
  }
  p_.fleet.push();
  const InForce outcome = co_await p_.fleet.in_force({carriers.begin(), carriers.end()}, RealClock::now() + kInForce);
  for (const std::string& id : reply.ids()) p_.events.publish({"fault", "", "clear", fmt::format("{} is cleared", id), "operator", hidden.contains(id)});
  if (!outcome.refusal.empty()) co_return invalid(outcome.refusal);
  if (!outcome.silent.empty()) {
    co_return Refusal{Refusal::Kind::timed_out, fmt::format("cleared, but {} {} not said so after 1 s", fmt::join(outcome.silent, ", "), outcome.silent.size() == 1 ? "has" : "have")};
  }
  co_return reply;
}

v1::ListFaultsReply LabApi::faults(bool see_hidden) const {
  v1::ListFaultsReply reply;
  for (const BookedFault& booked : p_.model.faults.all()) {
    if (booked.hidden && !see_hidden && !p_.model.revealed()) continue;
    v1::ActiveFault& out = *reply.add_faults();
    *out.mutable_fault() = booked.fault;
    for (std::string& node : p_.model.faults.carriers(booked, p_.model.registry)) out.add_nodes(std::move(node));
    out.set_bites(booked.bites_total());
    out.set_origin(booked.origin);
  }
  return reply;
}

Answer<void> LabApi::start(Answer<Operation> operation, std::function<void(const v1::Progress&)> on_progress,
                           std::function<void(const OperationEnd&)> on_end) {
  if (!operation) return operation.error();
  if (auto open = now_open(); !open) return open.error();
  operation->actor = "operator";
  operation->on_progress = std::move(on_progress);
  operation->on_end = std::move(on_end);
  return p_.operations.start(std::move(*operation));
}

Answer<Operation> LabApi::failover(const v1::FailoverRequest& request) {
  auto operation = plan_failover(p_.model, request, std::make_shared<FailoverLoss>());
  if (operation) return counting(std::move(*operation));
  return operation;
}

Operation LabApi::counting(Operation failover) const {
  failover.count = [count = p_.count_loss, loss = failover.failover->loss] { count(loss); };
  return failover;
}

void LabApi::go_on() {
  if (!p_.model.failover) return;
  if (const auto started = p_.operations.start(counting(plan_rest(p_.model, *p_.model.failover))); started) return;
  p_.model.failover.reset();
}

Answer<v1::TrafficStatus> LabApi::traffic(const v1::SetTrafficRequest& request) {
  if (request.show()) return traffic_status(p_.model, CurveStep::fine);
  if (auto checked = check_traffic(request); !checked) return checked.error();
  if (p_.model.phase == RunPhase::settling) return now_open().error();
  const double now = p_.model.lab_s();
  std::erase_if(p_.model.overlay.spikes, [&](const Spike& spike) { return spike.to_lab_s <= now; });
  if (request.spike_users() > 0 && p_.model.overlay.spikes.size() >= kMaxSpikes) return invalid(fmt::format("spike_users: {} spikes stand already; chaosctl traffic curve ends them", kMaxSpikes));
  std::string text;
  if (request.has_users()) {
    p_.model.overlay.fixed_users = request.users();
    text = fmt::format("fixed at {:g} users", request.users());
  }
  if (request.follow_curve()) {
    p_.model.overlay = {};
    text = "follows the curve";
  }
  if (request.spike_users() > 0) {
    p_.model.overlay.spikes.push_back({now, now + request.spike_lab_s(), request.spike_users()});
    text += fmt::format("{}{:g} more users for {:g} lab s", text.empty() ? "" : ", ", request.spike_users(), request.spike_lab_s());
  }
  if (!text.empty()) {
    p_.fleet.push();
    p_.events.publish({"traffic", "", "traffic", "traffic: " + text, "operator"});
  }
  return traffic_status(p_.model, CurveStep::fine);
}

Answer<v1::SpeedReply> LabApi::speed(const v1::SetSpeedRequest& request) {
  if (!in_range(request.speed(), 1, 1440)) return invalid(fmt::format("speed: {:g} is out of range: 1 to 1440", request.speed()));
  if (p_.model.phase == RunPhase::settling) return now_open().error();
  p_.model.settings.speed = request.speed();
  if (p_.model.phase != RunPhase::starting) {
    p_.model.set_clock(p_.model.clock.lab_now(), request.speed());
    p_.fleet.push();
  }
  p_.events.publish({"action", "", "speed", fmt::format("lab time runs {:g} times as fast as real time", request.speed()), "operator"});
  v1::SpeedReply reply;
  reply.set_speed(request.speed());
  reply.set_lab_s(p_.model.lab_s());
  return reply;
}

v1::ShutdownReply LabApi::shutdown(const v1::ShutdownRequest& request) {
  v1::ShutdownReply reply;
  reply.set_run(p_.model.run);
  p_.shutdown(request.settle());
  return reply;
}

}  // namespace chaos
