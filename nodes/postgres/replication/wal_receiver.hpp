// The replica's end of replication: follows the primary, takes a base copy when it has none.
#pragma once

#include "postgres/replication/apply_gate.hpp"
#include "postgres/replication/apply_holds.hpp"
#include "postgres/replication/replica_store.hpp"
#include "postgres/state/facts.hpp"
#include "upstream/pg_link.hpp"

#include <functional>

namespace chaos::pg {

/// Data thread only. Its coroutines run in the node's task group and must have ended before it is destroyed.
class WalReceiver {
 public:
  /// on_copy: called when a new base copy is in place.
  WalReceiver(NodeContext& ctx, ReplicaStore& store, std::function<void()> on_copy);
  /// Connects, and connects again with a growing delay, until cancelled or finished. What was written before and not
  /// applied is applied first.
  void start();
  /// The first copy is a new one, whatever is there. fork: called with the position up to which the primary has what a
  /// server on `timeline` wrote, before the copy is taken; 0 when their histories have nothing in common.
  void rejoin(std::uint64_t system_id, int timeline, std::function<void(Lsn)> fork);
  /// Receives nothing more and applies all that was received, held back or not. False: a change could not be applied.
  awaitable<bool> finish();

  void pause(bool paused) { paused_ = paused; }
  bool paused() const { return paused_; }

  ReceiverRow row() const;
  std::uint64_t received() const { return received_; }
  /// A base copy that is there, and fits its primary as far as is known.
  bool usable() const { return store_.is_open() && !copy_needed_; }
  std::uint64_t latest_end() const { return std::max(latest_end_, store_.applied()); }
  bool streaming() const { return status_ == "streaming"; }
  /// Real microseconds by which reads may be behind: 0 when all that the primary has is applied, else the age of the
  /// oldest change that is not; without a connection at least the time since it was lost.
  std::int64_t lag_us(std::int64_t now_us) const;
  WaitList& applied() { return applied_; }

 private:
  static constexpr std::chrono::seconds kConnect{5};
  static constexpr std::chrono::seconds kSilence{10};    // wal_receiver_timeout, as setting_table.cpp shows it; the primary speaks every second

  awaitable<void> follow();
  awaitable<Result<void>> session();
  awaitable<Result<void>> command(PgLink& link, std::string sql, std::vector<std::optional<std::string>>& row);
  awaitable<Result<void>> agree(PgLink& link, std::uint64_t system_id, int timeline);
  void receive(ReceivedChange change);
  bool keep_received();
  void give_up(const ServerError& error);
  awaitable<Result<void>> base_copy(PgLink& link);
  awaitable<Result<void>> stream(std::shared_ptr<PgLink> link);
  awaitable<Result<bool>> take(std::string_view payload);
  awaitable<void> answer(std::shared_ptr<PgLink> link, std::shared_ptr<bool> over);
  awaitable<void> apply_loop();
  awaitable<bool> apply(std::vector<ReceivedChange> changes);
  awaitable<bool> try_apply(const std::vector<ReceivedChange>& changes, ServerError& error);
  awaitable<void> until_applied();
  Result<void> refused(std::string_view body);

  NodeContext& ctx_;
  ReplicaStore& store_;
  std::function<void()> on_copy_;
  std::shared_ptr<ApplyHolds> holds_;
  std::weak_ptr<PgLink> link_;       // of the session under way
  ApplyGate gate_;
  WaitList arrived_;
  WaitList applied_;
  std::string_view status_ = "stopped";
  std::string sender_;
  std::uint64_t received_ = 0;
  std::uint64_t latest_end_ = 0;
  std::int64_t latest_end_us_ = 0;
  std::int64_t last_message_us_ = 0;
  std::int64_t last_send_us_ = 0;
  Lsn start_ = 0;
  int start_timeline_ = 0;
  bool copy_needed_ = false;
  std::int64_t applying_at_us_ = 0;  // of the commit of what is being applied; 0: nothing is
  bool paused_ = false;
  bool finishing_ = false;
  std::uint64_t old_system_id_ = 0;  // of what was there before a rejoin
  int old_timeline_ = 0;
  std::function<void(Lsn)> on_fork_;
};

}  // namespace chaos::pg
