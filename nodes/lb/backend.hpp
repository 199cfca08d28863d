// One server behind the load balancer: its connections, its health, its figures.
#pragma once

#include "lb/health.hpp"
#include "lb/meters.hpp"
#include "lb/metrics.hpp"
#include "runtime/http_client.hpp"

namespace chaos {

/// What the last check found, in HAProxy's words (management guide, section 9.1, check_status).
struct CheckReport {
  CheckResult result = CheckResult::failed;
  std::string status = "INI";       // L7OK, L7STS, L7TOUT, L7RSP, L4CON
  unsigned code = 0;                // HTTP status; 0: no answer
  RealDuration took{};
};

/// Data thread only. Shared: a request under way on a backend that left the lab keeps it alive.
struct Backend {
  Backend(NodeContext& ctx, const v1::Peer& peer, const v1::LbConfig& config, LbServerMetrics& metrics);

  bool draining() const { return peer.duty() == v1::DUTY_DRAINING || admin == AdminState::drain || health.draining(); }
  bool usable() const { return health.up() && admin != AdminState::maint && !draining(); }
  std::string status() const { return status_word(health, admin, draining()); }
  /// Requests that wait for a connection.
  std::size_t queued() const { return sessions > max_connections ? sessions - max_connections : 0; }
  /// At most so many connections; requests under way go on over those that they have.
  void set_connections(NodeContext& ctx, int most);
  RealDuration downtime(RealTime now) const { return past_downtime + (health.up() ? RealDuration{} : now - last_change); }
  /// Takes a check's result, or a connection that was refused to a request, into account.
  HealthRule::Change record(CheckReport report, RealTime now);
  /// Leaving maintenance, it begins anew: down until its checks pass.
  void set_admin(AdminState state);
  /// Puts its status into the metrics.
  void show() { metrics.set_status(gone ? std::string_view{} : std::string_view(status())); }

  v1::Peer peer;
  int id = 0;                       // 1, 2, ... in the order of first sight
  AdminState admin = AdminState::ready;
  HealthRule health;
  CheckReport last_check;
  std::size_t max_connections = 0;
  std::shared_ptr<HttpPool> pool;   // for requests; replaced when its size changes
  HttpPool check_pool;              // checks do not wait for requests
  LbServerMetrics& metrics;
  std::size_t sessions = 0;
  std::size_t max_sessions = 0;
  std::size_t max_queued = 0;
  RateMeter rate;
  TimeMeter response_time;
  RealTime last_session{};          // the epoch: none yet
  RealTime last_change;             // up to down or back
  RealDuration past_downtime{};     // up to last_change
  bool gone = false;                // not in the lab any more
};

/// One request on a backend, from choice to end.
class BackendSession {
 public:
  BackendSession(std::shared_ptr<Backend> backend, RealTime now);
  BackendSession(const BackendSession&) = delete;
  ~BackendSession();
  Backend& backend() const { return *backend_; }

 private:
  std::shared_ptr<Backend> backend_;
};

}  // namespace chaos
