// One server behind the load balancer: its connections, its health, its share, its figures.
#pragma once

#include "lb/backend_agent.hpp"
#include "lb/health.hpp"
#include "lb/meters.hpp"
#include "lb/metrics.hpp"
#include "lb/request_queue.hpp"
#include "runtime/http_client.hpp"

namespace chaos {

/// How long requests took on their way (management guide, section 9.1): means of the last 1024, and the longest.
struct TimeMeters {
  TimeMeter queue, connect, response, total;
  void clear_max();
};

/// Data thread only. Shared: a request under way on a backend that left the lab keeps it alive.
struct Backend : std::enable_shared_from_this<Backend> {
  Backend(NodeContext& ctx, const v1::Peer& peer, const v1::LbConfig& config, LbServerMetrics& metrics);

  /// By the controller's order, whatever the runtime API says.
  bool drained() const { return peer.duty() == v1::DUTY_DRAINING; }
  bool draining() const { return drained() || admin == AdminState::drain || health.stopping(); }
  bool up() const { return !gone && health.up() && agent.state() != AgentState::down && admin != AdminState::maint; }
  /// Chosen for new requests.
  bool usable() const { return up() && !draining() && weight > 0; }
  /// Only users whom a cookie keeps there still come to one that drains.
  bool takes_its_own() const { return up(); }
  std::string status() const { return status_word(health, admin, drained(), checked, agent.state()); }
  bool has_room(RealTime now) const { return max_sessions_now(now) == 0 || sessions < max_sessions_now(now); }
  /// Requests at once, of which a slow start allows a part; 0: no limit.
  std::size_t max_sessions_now(RealTime now) const;
  /// How far a slow start has come, 0 to 1; 1 when none is under way.
  double throttle(RealTime now) const;
  RealDuration downtime(RealTime now) const { return past_downtime + (up() ? RealDuration{} : now - last_change); }
  /// Takes a check's result, or a connection that was refused to a request, into account.
  HealthRule::Change record(CheckReport report, RealTime now);
  /// Does what its agent says. report: what `agent.last` is from now on.
  void obey(const AgentReply& reply, CheckReport report, RealTime now);
  void set_admin(AdminState state, RealTime now);
  /// After any change: when it changed, whether it went down, its status in the metrics.
  void settle(RealTime now);

  v1::Peer peer;
  int id = 0;                       // 1, 2, ... in the order of first sight
  AdminState admin = AdminState::ready;
  bool admin_by_agent = false;      // its agent's doing, nobody's order
  HealthRule health;
  bool checked = true;              // its checks run
  bool check_under_way = false;
  CheckReport last_check;
  BackendAgent agent;
  unsigned weight = 1;              // 0 to 256
  unsigned first_weight = 1;
  RealDuration slowstart{};
  std::int64_t credit = 0;          // for BalanceRule
  std::size_t max_connections = 0;  // requests on it at once; 0: no limit
  std::size_t configured_connections = 0;
  HttpPool pool;                    // for requests
  HttpPool check_pool;              // checks do not wait for requests
  LbServerMetrics& metrics;
  RequestQueue queue;               // of those that may go nowhere else
  std::size_t sessions = 0;
  std::size_t max_sessions = 0;
  std::size_t max_used = 0;         // connections at once
  RateMeter rate;
  TimeMeters times;
  RealTime last_session{};          // the epoch: none yet
  RealTime last_change;             // of being up, or of taking requests
  RealTime up_since{};
  RealDuration past_downtime{};     // up to last_change
  bool gone = false;                // not in the lab any more

 private:
  struct Standing {
    bool up = false;
    bool usable = false;
    bool operator==(const Standing&) const = default;
  };
  Standing standing_;
};

}  // namespace chaos
