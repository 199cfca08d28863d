// What CONFIG SET can change. Defaults are those of redis.conf 7.0, but for what the role's configuration gives.
#pragma once

#include "redis/eviction.hpp"

#include <cstdint>
#include <string>

namespace chaos::redis {

/// When a client that does not read its answers is closed.
struct OutputLimit {
  std::uint64_t hard = 0;            // bytes; 0: kMostOutput
  std::uint64_t soft = 0;            // bytes; 0: none
  std::int64_t soft_seconds = 0;     // above soft for so long
};

/// Of any client: where Redis has no bound, this one keeps a reply or a MONITOR from eating the node's memory.
inline constexpr std::uint64_t kMostOutput = 64ULL * 1024 * 1024;

struct Settings {
  std::uint64_t maxmemory = 0;       // bytes; 0: no limit
  EvictionRule eviction;
  std::size_t max_clients = 10000;
  std::string password;              // requirepass; empty: none
  std::int64_t slowlog_us = 10000;   // slower than this: logged; 0: all; negative: none
  std::size_t slowlog_most = 128;
  std::int64_t latency_ms = 0;       // latency-monitor-threshold; 0: off
  std::int64_t idle_s = 0;           // timeout: real seconds; 0: never
  bool latency_tracking = true;
  OutputLimit normal;
  OutputLimit pubsub{32ULL * 1024 * 1024, 8ULL * 1024 * 1024, 60};
};

}  // namespace chaos::redis
