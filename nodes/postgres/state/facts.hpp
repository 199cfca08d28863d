// What SQL can ask of the server that runs it.
#pragma once

#include "postgres/state/backends.hpp"
#include "postgres/state/lock_manager.hpp"
#include "postgres/state/session_settings.hpp"
#include "postgres/state/statistics.hpp"
#include "wire/pgwire_replication.hpp"

#include <atomic>
#include <optional>
#include <vector>

namespace chaos::pg {

class Handle;

/// One walsender, as pg_stat_replication shows it.
struct ReplicationRow {
  const Backend* backend = nullptr;
  std::string_view state;              // startup, backup, catchup, streaming
  Lsn sent = 0;
  Lsn written = 0;
  Lsn flushed = 0;
  Lsn replayed = 0;
  std::optional<std::int64_t> replay_lag_us;  // of the last answers, from the commit here until it was replayed, ...
  std::int64_t reply_us = 0;
  std::optional<std::int64_t> write_lag_us;   // ... received,
  std::optional<std::int64_t> flush_lag_us;   // ... written to its log
};

/// The walreceiver, as pg_stat_wal_receiver shows it.
struct ReceiverRow {
  std::string_view status;             // connecting, backup, streaming, stopped
  Lsn written = 0;
  Lsn flushed = 0;
  Lsn latest_end = 0;
  std::int64_t latest_end_us = 0;
  std::int64_t last_message_us = 0;
  std::string sender_host;
  Lsn start = 0;                       // where it began to stream
  int start_timeline = 0;
  int timeline = 0;                    // that it receives
  std::int64_t last_send_us = 0;       // when the primary sent the last message, by its clock
};

/// pg_wal_replay_pause() and its kin.
enum class ReplayPause { no, requested, paused };

/// Transactions and what went with them, as pg_stat_database shows them.
struct DatabaseCounts {
  std::int64_t commits = 0;
  std::int64_t rollbacks = 0;
  std::int64_t deadlocks = 0;
};

/// Data thread only.
class Facts {
 public:
  Facts() : statistics_(0) {}
  explicit Facts(std::int64_t now_us) : statistics_(now_us) {}
  virtual ~Facts() = default;
  Statistics& statistics() { return statistics_; }
  ServerConfig& config() { return config_; }
  const ServerConfig& config() const { return config_; }
  /// Writes what ALTER SYSTEM changed to postgresql.auto.conf. False: 58030; config() has the file's old text again.
  virtual bool save_config(ServerError&) { return true; }
  /// Reads it again; what may change while the server runs comes into force.
  virtual void reload_config() {}
  /// Where this server listens.
  virtual std::string address() const { return {}; }
  /// The next transaction that changes something has this number.
  virtual std::int64_t next_transaction() const { return 1; }
  virtual DatabaseCounts database_counts() const { return {}; }
  /// Gives a handle that is being opened the functions and tables of the server (equip.hpp). Any thread.
  virtual void equip(Handle& handle) = 0;
  virtual Backends& backends() = 0;
  virtual std::vector<ReplicationRow> replication() const = 0;
  virtual std::optional<ReceiverRow> receiver() const = 0;
  virtual bool in_recovery() const = 0;                           // any thread
  virtual Lsn write_lsn() const = 0;                              // of a primary: the end of its log
  virtual std::optional<Lsn> receive_lsn() const = 0;             // of a replica
  virtual std::optional<Lsn> replay_lsn() const = 0;
  virtual std::optional<std::int64_t> replay_time_us() const = 0; // commit time of the last change applied
  virtual std::int64_t start_time_us() const = 0;
  virtual std::vector<Setting> settings() const = 0;
  virtual int timeline() const { return 1; }
  /// A replica begins to turn into a primary: in_recovery() tells when it has. False: it is no replica.
  virtual bool promote() { return false; }
  virtual bool promoting() const { return false; }                // any thread
  virtual void pause_replay(bool /*paused*/) {}
  virtual ReplayPause replay_pause() const { return ReplayPause::no; }

  virtual LockManager* locks() { return nullptr; }    // null: a server without sessions

  /// Resident bytes at which this process is killed; 0: none. A statement that has taken much ends before (53200).
  std::atomic<std::uint64_t> memory_limit = 0;
  /// How many transactions have changed the schema: statements prepared before are prepared anew.
  std::atomic<std::int64_t> definitions = 0;

 private:
  Statistics statistics_;
  ServerConfig config_;
};

}  // namespace chaos::pg
