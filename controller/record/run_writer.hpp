// What a RunWriter holds until the next flush. Private to controller/record.
#pragma once

#include "record/database.hpp"
#include "record/record.hpp"

#include <deque>
#include <map>

namespace chaos {

inline constexpr std::size_t kMaxPendingSamples = 20'000;
inline constexpr std::size_t kMaxPendingOrders = 1'000'000;
inline constexpr std::uint64_t kMaxEvents = 200'000;   // a run; later ones get a seq and are not kept

namespace record {

struct TickedNode { std::uint64_t tick = 0; NodeSample sample; };
struct TickedSli { std::uint64_t tick = 0; SliSample sample; };
struct Ending { v1::ContractStatus verdict; double lab_s = 0; std::int64_t unix_us = 0; };

struct Pending {
  std::vector<v1::Event> events;
  std::deque<TickedNode> nodes;
  std::deque<TickedSli> slis;
  std::map<std::int64_t, MinuteCount> minutes;
  Histogram latency;
  std::vector<std::int64_t> orders;
  std::vector<std::int64_t> lost_in_failover;
  std::optional<Ledger> ledger;
  std::optional<std::string> snapshot;
  bool interrupted = false;
  std::optional<Ending> ending;
  double last_lab_s = 0;
};

/// Writes all of it; the caller holds the transaction. Throws SQLite::Exception.
void write(SQLite::Database& db, const std::string& run, const Pending& pending);

}  // namespace record

struct RunWriter::State {
  std::shared_ptr<record::Connection> connection;
  std::string run;
  std::uint64_t next_seq = 1;
  std::uint64_t tick = 0;               // of the newest sample
  std::optional<std::int64_t> tick_unix_us;
  std::uint64_t dropped = 0;
  record::Pending pending;

  std::uint64_t tick_of(std::int64_t unix_us);
};

}  // namespace chaos
