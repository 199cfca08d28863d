// The primary's end of replication: one session that asked for it.
#pragma once

#include "postgres/base/session_wire.hpp"
#include "postgres/execution/engine.hpp"
#include "postgres/replication/lag_tracker.hpp"
#include "postgres/replication/replication_command.hpp"

#include <deque>

namespace chaos::pg {

/// How far one replica is, from what was sent to it and what it answered. Pure.
class ReplicaProgress {
 public:
  /// The log ends at `lsn` now: what is sent next leads there.
  void log_ends(Lsn lsn, std::int64_t now_us);
  void sent(std::int64_t seq, Lsn lsn);
  void confirmed(const StandbyStatus& status, std::int64_t now_us);

  std::int64_t applied_seq = 0;      // of those sent; the log up to here may go
  StandbyStatus status;
  Lsn sent_lsn = 0;
  std::int64_t reply_us = 0;
  // What the answers say of the time from the end of a commit here to its being written, flushed and applied there.
  std::optional<std::int64_t> write_lag_us, flush_lag_us, replay_lag_us;

 private:
  struct Sent { std::int64_t seq; Lsn lsn; };
  static constexpr std::size_t kMost = 20'000;
  std::deque<Sent> open_;
  LagTracker write_, flush_, replay_;
  bool had_applied_all_ = false;
};

/// Data thread only. Shared by its two coroutines: commands and sending, and the replica's answers.
class WalSender : public std::enable_shared_from_this<WalSender> {
 public:
  WalSender(Engine& engine, std::shared_ptr<SessionWire> wire, Backend& backend, std::vector<Setting> settings);

  /// Serves commands until the replica leaves or the server ends.
  awaitable<void> run();
  /// Sends what there is, then ends.
  void finish();
  ReplicationRow row() const;
  bool streaming() const { return state_ == "streaming" || state_ == "catchup"; }
  std::int64_t applied_seq() const { return progress_.applied_seq; }

 private:
  awaitable<bool> command(std::string_view text);
  void identify_system();
  bool timeline_history(int timeline);
  awaitable<bool> base_backup();
  awaitable<bool> send_file(const std::filesystem::path& file);
  void send_position(const char* column, Lsn lsn);
  awaitable<bool> stream(ReplicationCommand command);
  awaitable<bool> send_records(std::int64_t& seq);
  static awaitable<void> hear(std::shared_ptr<WalSender> self);
  bool fail(ServerError error);

  Engine& engine_;
  std::shared_ptr<SessionWire> wire_;
  Backend& backend_;
  std::vector<Setting> settings_;
  std::shared_ptr<Database> database_;
  ReplicaProgress progress_;
  std::string_view state_ = "startup";
  bool finishing_ = false;
  bool over_ = false;
};

}  // namespace chaos::pg
