// The replica's end of replication: follows the primary, takes a base copy when it has none.
#pragma once

#include "postgres/facts.hpp"
#include "replica/apply_gate.hpp"
#include "replica/apply_holds.hpp"
#include "replica/replica_store.hpp"
#include "upstream/pg_link.hpp"

#include <functional>

namespace chaos {

/// Data thread only. Its coroutines run in the node's task group and must have ended before it is destroyed.
class WalReceiver {
 public:
  /// on_copy: called when a new base copy is in place.
  WalReceiver(NodeContext& ctx, ReplicaStore& store, std::function<void()> on_copy);
  /// Connects, and connects again with a growing delay, until cancelled.
  void start();

  pg::ReceiverRow row() const;
  std::uint64_t received() const { return received_; }
  std::uint64_t latest_end() const { return std::max(latest_end_, store_.applied()); }
  bool streaming() const { return status_ == "streaming"; }
  /// Real microseconds by which reads may be behind: 0 when all that the primary has is applied, else the age of the
  /// oldest change that is not; without a connection at least the time since it was lost.
  std::int64_t lag_us(std::int64_t now_us) const;
  WaitList& applied() { return applied_; }

 private:
  awaitable<void> follow();
  awaitable<Result<void>> session();
  awaitable<Result<void>> command(PgLink& link, std::string sql, std::vector<std::optional<std::string>>& row);
  awaitable<Result<void>> base_copy(PgLink& link);
  awaitable<Result<void>> stream(std::shared_ptr<PgLink> link);
  awaitable<Result<bool>> take(std::string_view payload);
  awaitable<void> answer(std::shared_ptr<PgLink> link, std::shared_ptr<bool> over);
  awaitable<void> apply_loop();
  Result<void> refused(std::string_view body);

  NodeContext& ctx_;
  ReplicaStore& store_;
  std::function<void()> on_copy_;
  std::shared_ptr<ApplyHolds> holds_;
  std::weak_ptr<PgLink> link_;       // that streams
  ApplyGate gate_;
  WaitList arrived_;
  WaitList applied_;
  std::string_view status_ = "stopped";
  std::string sender_;
  std::uint64_t received_ = 0;
  std::uint64_t latest_end_ = 0;
  std::int64_t latest_end_us_ = 0;
  std::int64_t last_message_us_ = 0;
  bool copy_needed_ = false;
};

}  // namespace chaos
