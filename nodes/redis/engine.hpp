// A Redis node without its sockets: keys, settings, clients and counts, and the commands that act on them.
#pragma once

#include "redis/command_table.hpp"
#include "redis/latency_monitor.hpp"
#include "redis/pubsub.hpp"
#include "redis/settings.hpp"
#include "redis/slowlog.hpp"
#include "runtime/clock.hpp"

#include <map>

namespace chaos::redis {

/// Since the start, or since CONFIG RESETSTAT.
struct Totals {
  std::uint64_t commands = 0;
  std::uint64_t connections = 0;
  std::uint64_t rejected = 0;        // connections over max_clients
  std::uint64_t error_replies = 0;
  std::uint64_t oom = 0;             // writes refused because memory was full
  std::uint64_t in_bytes = 0, out_bytes = 0;
  std::uint64_t reads = 0, writes = 0;           // of sockets
  std::uint64_t output_closes = 0;   // clients closed over their output limit
  std::map<std::string, std::uint64_t, std::less<>> errors;   // by their first word
  RealDuration expiring{};           // spent in active expiry
};

/// Rates over the last seconds.
struct Rates { double commands = 0, in_bytes = 0, out_bytes = 0; };

enum class Outcome { ok, error, waits };

/// When a command begins, and what it has taken before (emulated work, faults).
struct Moment { RealTime now; RealDuration before; };

/// Data thread only. Time: TTLs and idle times of keys are lab time, ages and rates of clients and commands are real time.
class Engine {
 public:
  /// unix_start: Unix time at this instant, in microseconds.
  Engine(const Clock& clock, std::string address, Rng rng = Rng(1), std::int64_t unix_start = 0);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// The row of a command or subcommand; null when there is none.
  const Row* find(Args args) const { return table_.find(args); }
  const CommandTable& table() const { return table_; }
  const Row& row_of(const Command& command) const { return table_.row_of(command); }

  /// Serves one command; args is not empty.
  /// waits: no answer yet; client.blocked says until when, and client.wake is called once it is answered.
  Outcome execute(Client& client, const Row* row, Args args, resp::Writer& out, Moment at);
  Outcome execute(Client& client, const Row* row, Args args, resp::Writer& out) { return execute(client, row, args, out, {clock.now(), {}}); }
  /// Runs one without checks, for EXEC.
  Outcome run(Client& client, const Row& row, Args args, resp::Writer& out, Moment at, bool in_exec);
  /// When the last command ended.
  RealTime ended() const { return ended_; }
  /// Ends a wait: with the answer of one whose time is over, or with an error.
  void unblock(Client& client, std::string_view error = {});
  /// The next command must not start before this; now or earlier: it may.
  RealTime gate(const Row* row) const;
  void pause(RealTime until, bool writes_only);
  void unpause();
  /// As if the command thread were busy until then: the running command's time counts in full.
  void hold(RealDuration time) { busy_until = clock.now() + time; held_ = time; }

  /// The client must outlive its stay.
  void join(Client& client);
  void leave(Client& client);
  const std::map<std::uint64_t, Client*>& clients() const { return clients_; }
  std::size_t blocked() const { return waiting_.size(); }
  /// Sends what a command of another client has put into client.out, within the client's output limit.
  void deliver(Client& client);
  void watch_all(Client& client) { client.monitor = true, monitors_.push_back(&client); }   // MONITOR
  /// As a fresh connection, but for its id (RESET).
  void reset(Client& client);

  /// Ten times a second: active expiry, rates, idle and slow clients.
  void tick();
  void reset_stats();
  void count_error(std::string_view text);
  const Rates& rates() const { return rates_; }
  /// Hits among lookups of the last seconds (while nobody looked: the last such figure; at first 0).
  double hit_ratio() const { return hit_ratio_; }
  std::int64_t unix_us() const { return unix_start_ + std::chrono::duration_cast<std::chrono::microseconds>(clock.now() - started).count(); }
  void set_settings(const Settings& wanted);
  const OutputLimit& output_limit(const Client& client) const;
  std::uint64_t clients_bytes() const;

  Keyspace keyspace;
  Settings settings;                 // changed through set_settings
  Totals totals;
  Slowlog slowlog;
  LatencyMonitor latency;
  PubSub pubsub;
  const Clock& clock;
  const std::string address, run_id;
  const RealTime started;
  RealTime busy_until{};
  std::uint64_t peak_bytes = 0;
  std::function<void()> shutdown = [] {};        // ends the process politely
  std::function<void()> opened = [] {};          // the gate may have opened

 private:
  struct Sample { RealTime at; std::uint64_t commands, hits, misses, in_bytes, out_bytes; };

  std::string refusal(const Client& client, const Row* row, Args args);
  void refuse(Client& client, const Row* row, std::string_view why, resp::Writer& out);
  Outcome queue_command(Client& client, const Row& row, Args args, resp::Writer& out);
  bool make_room();
  void feed_monitors(const Client& client, Args args);
  void account(const Client& client, const Row& row, Args args, RealDuration took);
  void retry_blocked();
  bool retry(Client& client);
  void sample();
  void close_idle(Client& client, RealTime now);
  void over_limit(Client& client);

  CommandTable table_;
  std::map<std::uint64_t, Client*> clients_;
  std::vector<Client*> waiting_;     // blocked ones, the oldest first
  std::vector<Client*> monitors_;
  std::uint64_t next_id_ = 1;
  std::vector<Sample> samples_;
  Rates rates_;
  double hit_ratio_ = 0;
  RealDuration held_{};
  RealTime ended_{};
  RealTime paused_until_{};
  bool pauses_writes_only_ = false;
  std::uint64_t retried_at_ = 0;     // the keyspace's count of changes then
  const std::int64_t unix_start_;

};

}  // namespace chaos::redis
