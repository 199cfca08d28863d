// The servers behind the load balancer: who they are, whether they are up, which takes the next request.
#pragma once

#include "lb/backend.hpp"
#include "lb/balance.hpp"
#include "lb/control.hpp"
#include "lb/redispatch.hpp"

#include <span>

namespace chaos {

/// Data thread only.
class Farm {
 public:
  Farm(NodeContext& ctx, LbMetrics& metrics) : ctx_(ctx), metrics_(metrics) {}

  /// Follows peers and config of the desired state. A new server is checked at once; one that left is forgotten,
  /// requests under way on it end by themselves. Weights and limits that the runtime API set stay, until the config changes them.
  void follow();

  /// Where a request goes now: a seat; or a queue to wait in, as every server that would take it is full; or neither.
  struct Place {
    Seat seat;
    RequestQueue* queue = nullptr;
  };
  /// For a request that has tried some servers already. pinned: the server that its cookie names, or empty.
  Place place(const Tried& tried, std::string_view pinned);
  /// The same server again, unless it is down by now.
  Place again(const std::shared_ptr<Backend>& backend);
  /// Why none was usable.
  Unusable unusable() const;
  /// A request found nothing listening: that counts as a failed check.
  void refused(Backend& backend);
  /// A place came free: whoever waits longest for one gets it.
  void freed(Backend& backend);

  Backend* find(std::string_view server) const;
  // What the runtime API orders.
  void set_admin(Backend& backend, AdminState state);
  enum class Health { up, stopping, down };
  void set_health(Backend& backend, Health health);
  void set_checked(Backend& backend, bool checked);
  void set_weight(Backend& backend, unsigned weight);
  void set_max_connections(Backend& backend, std::size_t most);
  void set_agent(Backend& backend, const AgentOrder& order);

  const std::vector<std::shared_ptr<Backend>>& backends() const { return backends_; }
  const v1::LbConfig& config() const { return config_; }
  std::size_t usable() const;
  RequestQueue& queue() { return queue_; }
  RealTime last_change() const { return last_change_; }        // of "any usable"
  RealDuration downtime(RealTime now) const;

 private:
  std::shared_ptr<Backend> adopt(const v1::Peer& peer);
  void configure(Backend& backend);
  awaitable<void> watch(std::shared_ptr<Backend> backend);
  awaitable<CheckReport> check(std::shared_ptr<Backend> backend);
  awaitable<void> listen_to(std::shared_ptr<Backend> backend);
  awaitable<CheckReport> ask(std::shared_ptr<Backend> backend, AgentReply& reply);
  void heard(Backend& backend, const AgentReply& reply, CheckReport report);
  void record(Backend& backend, CheckReport report);
  void changed(Backend& backend, const std::string& before, std::string_view why);
  void settle();
  Balance balance() const { return config_.balance() == "roundrobin" ? Balance::roundrobin : Balance::leastconn; }

  NodeContext& ctx_;
  LbMetrics& metrics_;
  v1::LbConfig config_;
  BalanceRule balance_;
  std::vector<std::shared_ptr<Backend>> backends_;    // in the order of the peers
  std::vector<Candidate> candidates_;                 // of the choice under way
  RequestQueue queue_;                                // of those whom any server may take
  std::size_t usable_before_ = 0;
  RealTime last_change_{};
  RealDuration past_downtime_{};
  int last_id_ = 0;
};

}  // namespace chaos
