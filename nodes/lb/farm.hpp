// The servers behind the load balancer: who they are, whether they are up, which takes the next request.
#pragma once

#include "lb/backend.hpp"
#include "lb/balance.hpp"
#include "lb/redispatch.hpp"

#include <span>

namespace chaos {

/// Data thread only.
class Farm {
 public:
  Farm(NodeContext& ctx, LbMetrics& metrics) : ctx_(ctx), metrics_(metrics) {}

  /// Follows peers and config of the desired state. A new server is checked at once; one that left is forgotten,
  /// requests under way on it end by themselves.
  void follow();

  using Tried = std::vector<std::shared_ptr<Backend>>;
  /// The backend for a request that has tried some already; nullptr when none is usable.
  std::shared_ptr<Backend> pick(const Tried& tried);
  /// Why none was usable.
  Unusable unusable() const;
  /// A request found nothing listening: that counts as a failed check.
  void refused(Backend& backend);

  /// False: no server of that name.
  bool set_admin(std::string_view server, AdminState state);
  const std::vector<std::shared_ptr<Backend>>& backends() const { return backends_; }
  const v1::LbConfig& config() const { return config_; }
  std::size_t usable() const;
  RealTime last_change() const { return last_change_; }        // of "any usable"

 private:
  std::shared_ptr<Backend> adopt(const v1::Peer& peer);
  awaitable<void> watch(std::shared_ptr<Backend> backend);
  awaitable<CheckReport> check(std::shared_ptr<Backend> backend);
  void record(Backend& backend, CheckReport report);
  void settle();

  NodeContext& ctx_;
  LbMetrics& metrics_;
  v1::LbConfig config_;
  BalanceRule balance_;
  std::vector<std::shared_ptr<Backend>> backends_;    // in the order of the peers
  std::vector<Candidate> candidates_;                 // of the pick under way
  std::size_t usable_before_ = 0;
  RealTime last_change_{};
  int last_id_ = 0;
};

}  // namespace chaos
