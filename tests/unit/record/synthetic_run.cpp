#include "unit/record/synthetic_run.hpp"

#include "chaoslab/v1/node.pb.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace chaos::test {
namespace {

constexpr double kLeakAt = 16.5 * 3600;
constexpr double kRollbackAt = 19.75 * 3600;
constexpr double kLimitMb = 128;
constexpr double kBaseMb = 42;
constexpr int kServers = 4;
constexpr std::int64_t kStartUs = 1'741'000'000'000'000;

double users_at(double lab_s) {
  const double hour = lab_s / 3600;
  const double day = std::clamp((hour - 6) / 3, 0.0, 1.0) * std::clamp((23 - hour) / 2, 0.0, 1.0);
  const double busy = std::clamp((hour - 16) / 1.5, 0.0, 1.0) * std::clamp((20.5 - hour) / 1.0, 0.0, 1.0);
  return 260 + 740 * day + 900 * busy;
}

struct Server {
  double mb = kBaseMb;
  double back_at = 0;     // ready again
  bool leaks = true;
};

class Day {
 public:
  explicit Day(RunWriter& run) : run_(run) {}
  void live() {
    tell(0, {"run", "", "start", "run began", "controller"});
    for (double t = 60; t <= 86400; t += 60) minute(t);
    end();
  }

 private:
  double noise(double width) { return 1 + width * (static_cast<double>(random_() % 2001) / 1000.0 - 1); }

  struct Said {
    const char* kind;
    std::string node;
    const char* what;
    std::string text;
    const char* actor;
    bool hidden = false;
  };

  void tell(double t, const Said& said) {
    v1::Event event;
    event.set_lab_s(t);
    event.set_unix_us(kStartUs + static_cast<std::int64_t>(t / 60 * 1e6));
    event.set_kind(said.kind);
    event.set_node(said.node);
    event.set_what(said.what);
    event.set_text(said.text);
    event.set_actor(said.actor);
    event.set_hidden(said.hidden);
    run_.append(std::move(event));
  }

  void act(double t) {
    if (t == kLeakAt) tell(t, {"fault", "server", "inject", "memory_leak on server (f1)", "drill", true});
    if (t == 16 * 3600) tell(t, {"deploy", "server", "deploy", "version v2 of server is deployed", "drill"});
    if (t == 16 * 3600) tell(t, {"action", "", "deploy", "server goes to version v2, one by one", "drill"});
    if (t == 16 * 3600 + 1200) tell(t, {"action", "", "deploy_done", "deploy of server to v2 is done", "drill"});
    if (t == 18 * 3600 - 240) tell(t, {"alert", "ServerMemoryHigh", "firing", "a server is above 85 % of its limit", "alerts"});
    if (t == 18.5 * 3600) restart_all(t);
    if (t == kRollbackAt) tell(t, {"action", "server", "rollback", "server goes to version v1, one by one, drained for at most 60 lab s", "operator"});
    for (int i = 0; i < kServers; ++i) {
      if (t == kRollbackAt + 300 * i) roll_back(t, i);
    }
    if (t == kRollbackAt + 300 * kServers) tell(t, {"action", "", "rollback_done", "rollback of server to v1 is done", "operator"});
    if (t == kRollbackAt + 1800) tell(t, {"alert", "ServerMemoryHigh", "resolved", "no server is above 85 % of its limit", "alerts"});
  }

  void restart_all(double t) {
    tell(t, {"action", "server", "restart", "restart every server at once", "operator"});
    for (int i = 0; i < kServers; ++i) down(t, i, 180);
  }
  void roll_back(double t, int i) {
    servers_[static_cast<std::size_t>(i)].leaks = false;
    down(t, i, 120);
  }
  void down(double t, int i, double for_s) {
    auto& server = servers_[static_cast<std::size_t>(i)];
    server.mb = kBaseMb;
    server.back_at = t + for_s;
  }

  void leak(double t) {
    for (int i = 0; i < kServers; ++i) {
      auto& server = servers_[static_cast<std::size_t>(i)];
      const std::string name = fmt::format("server-{}", i + 1);
      if (server.back_at == t) tell(t, {"node", name, "ready", name + " is ready", "supervisor"});
      if (t < kLeakAt || !server.leaks || server.back_at > t) continue;
      server.mb += (0.9 + 0.12 * i) * noise(0.1);
      if (server.mb < kLimitMb) continue;
      tell(t, {"node", name, "killed", name + " was killed at its memory limit (SIGKILL, 137)", "supervisor"});
      down(t, i, 120);
    }
  }

  struct Felt { double p50, p95, good; };
  Felt feel(double t, double users) {
    double ready = 0;
    double pressure = 0;
    for (const auto& server : servers_) {
      if (server.back_at > t) continue;
      ready += 1;
      pressure += 5 * std::max(0.0, (server.mb / kLimitMb - 0.7) / 0.3) / kServers;
    }
    if (ready == 0) return {kNotMeasured, kNotMeasured, 0.5};
    const double load = users / 1900 * kServers / ready * (1 + pressure * 0.5);
    const double wait = 1 / std::max(0.08, 1.15 - load * 0.7);
    const double good = 1 - std::clamp((load - 1.1) * 0.22, 0.0, 0.4) - (ready < kServers ? 0.04 : 0.0);
    return {18 * wait * noise(0.1), 78 * wait * (1 + pressure * 0.6) * noise(0.15), std::min(1.0, good)};
  }

  void minute(double t) {
    act(t);
    leak(t);
    const double users = users_at(t) * noise(0.02);
    const Felt felt = feel(t, users);
    const auto total = static_cast<std::uint64_t>(users / 10 * noise(0.1));
    const auto good = static_cast<std::uint64_t>(static_cast<double>(total) * felt.good + 0.5);
    v1::MinuteTally tally;
    tally.set_lab_minute(static_cast<std::int64_t>(t / 60) - 1);
    tally.set_total(total);
    tally.set_good(good);
    run_.add_minutes(tally);
    requests_ += total;
    good_ += good;
    sample(t, users, felt, total);
    if (std::fmod(t, 3600) == 0) (void)run_.flush();
  }

  void sample(double t, double users, const Felt& felt, std::uint64_t total) {
    const auto unix_us = kStartUs + static_cast<std::int64_t>(t / 60 * 1e6);
    for (int i = 0; i < kServers; ++i) {
      const auto& server = servers_[static_cast<std::size_t>(i)];
      v1::NodeStatus node;
      node.set_name(fmt::format("server-{}", i + 1));
      node.set_role("server");
      node.set_attached(true);
      node.set_phase(server.back_at > t ? v1::PHASE_BOOTING : v1::PHASE_READY);
      node.set_resident_bytes(static_cast<std::uint64_t>((server.back_at > t ? 12 : server.mb) * 1e6));
      node.set_memory_limit_bytes(static_cast<std::uint64_t>(kLimitMb * 1e6));
      run_.add_node(t, unix_us, node);
    }
    const double uptime = static_cast<double>(good_) / static_cast<double>(requests_);
    run_.add_sli({.lab_s = t, .unix_us = unix_us, .users = users, .planned_users = users_at(t), .rate = static_cast<double>(total),
                  .p50_ms = felt.p50, .p95_ms = felt.p95, .p99_ms = felt.p95 * 1.8 * noise(0.25), .success = felt.good,
                  .uptime = uptime, .p95_run_ms = 210, .budget_usd_month = 612});
    Histogram latency;
    if (std::isfinite(felt.p95)) latency.add(real_ms(felt.p95), total / 10), latency.add(real_ms(felt.p50), total - total / 10);
    v1::HistogramDelta delta;
    latency.write(&delta);
    latency_.merge(latency);
    run_.add_latency(delta);
    run_.add_orders(std::array<std::int64_t, 2>{static_cast<std::int64_t>(t), static_cast<std::int64_t>(t) + 1});
  }

  void end() {
    tell(86400, {"run", "", "end", "run ended", "controller"});
    run_.set_ledger({.acknowledged = 2880, .without_receipt = {61200, 61201}});
    v1::ContractStatus verdict;
    verdict.set_uptime(static_cast<double>(good_) / static_cast<double>(requests_));
    verdict.set_uptime_min(0.95);
    verdict.set_p95_ms(latency_.quantile_ms(0.95));
    verdict.set_p95_ms_max(320);
    verdict.set_budget_usd_month(612);
    verdict.set_budget_usd_month_max(760);
    verdict.set_requests(requests_);
    verdict.set_good(good_);
    verdict.set_met(verdict.uptime() >= 0.95 && verdict.p95_ms() <= 320);
    (void)run_.finish(verdict, 86400, kStartUs + 1440'000'000);
  }

  RunWriter& run_;
  std::mt19937 random_{7};
  std::array<Server, kServers> servers_;
  std::uint64_t requests_ = 0;
  std::uint64_t good_ = 0;
  Histogram latency_;
};

}  // namespace

RunInfo synthetic_info() {
  RunInfo info{.drill = "guided-incident-response", .seed = 7, .speed = 60};
  info.end_lab_s = 86400;
  info.start_unix_us = kStartUs;
  auto& plan = info.plan;
  plan.set_name(info.drill);
  plan.set_title("SteadyCart: a slow afternoon");
  plan.mutable_contract()->set_uptime_min(0.95);
  plan.mutable_contract()->set_p95_ms_max(320);
  plan.mutable_contract()->set_budget_usd_month_max(760);
  plan.mutable_traffic()->set_think_s(10);
  auto& fault = *plan.add_faults();
  fault.set_at(kLeakAt);
  fault.set_in_version("v2");
  fault.set_where("an image cache without a bound, new in v2");
  fault.mutable_fault()->mutable_target()->set_role("server");
  fault.mutable_fault()->mutable_memory_leak()->set_mb_per_lab_hour(60);
  return info;
}

void write_synthetic_day(RunWriter& run) { Day(run).live(); }

}  // namespace chaos::test
