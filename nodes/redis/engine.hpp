// A Redis node without its sockets: keys, settings, clients and counts, and the commands that act on them.
#pragma once

#include "redis/client.hpp"
#include "redis/command.hpp"
#include "runtime/clock.hpp"

#include <map>
#include <unordered_map>

namespace chaos::redis {

/// What CONFIG SET can change, and what the role's config gave.
struct Settings {
  std::uint64_t maxmemory = 0;     // bytes; 0: no limit
  bool evict = true;               // allkeys-lru; false: noeviction
  std::size_t max_clients = 10000;
};

/// Since the start, or since CONFIG RESETSTAT.
struct Totals {
  std::uint64_t commands = 0;
  std::uint64_t connections = 0;
  std::uint64_t rejected = 0;        // connections over max_clients
  std::uint64_t error_replies = 0;
  std::uint64_t oom = 0;             // writes refused under noeviction
  std::uint64_t in_bytes = 0;
  std::uint64_t out_bytes = 0;
};

/// Data thread only. Time: TTLs are lab time, ages and rates of clients and commands are real time.
class Engine {
 public:
  Engine(const Clock& clock, std::string address);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// The row of a command; null when there is none.
  const Command* find(std::string_view name) const;
  const std::vector<const Command*>& commands() const { return ordered_; }
  /// Serves one command; args is not empty. False when the answer is an error.
  bool execute(Client& client, const Command* command, Args args, resp::Writer& out);

  /// The client must outlive its stay.
  void join(Client& client);
  void leave(const Client& client) { clients_.erase(client.id); }
  const std::map<std::uint64_t, Client*>& clients() const { return clients_; }

  /// Ten times a second: active expiry, and the sample behind instantaneous_ops_per_sec.
  void tick();
  void reset_stats();
  double ops_per_second() const { return ops_per_second_; }
  /// Hits among lookups of the last seconds (while nobody looked: the last such figure; at first 0).
  double hit_ratio() const { return hit_ratio_; }
  std::uint64_t calls(const Command& command) const;

  Keyspace keyspace;
  Settings settings;
  Totals totals;
  const Clock& clock;
  const std::string address;
  const RealTime started;
  std::uint64_t peak_bytes = 0;

 private:
  struct Sample { RealTime at; std::uint64_t commands, hits, misses; };
  struct Row { const Command* command; std::uint64_t calls = 0; };

  bool unknown(Args args, resp::Writer& out);
  bool make_room();

  std::unordered_map<std::string_view, Row> table_;
  std::vector<const Command*> ordered_;
  std::map<std::uint64_t, Client*> clients_;
  std::uint64_t next_id_ = 1;
  std::vector<Sample> samples_;
  double ops_per_second_ = 0;
  double hit_ratio_ = 0;
};

}  // namespace chaos::redis
