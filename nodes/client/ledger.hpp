// What the client tells the controller: tallies, latencies and acknowledged orders of the run, each told once.
#pragma once

#include "client/ack_log.hpp"
#include "client/minute_book.hpp"
#include "client/outcome.hpp"
#include "runtime/histogram.hpp"

#include <cstdint>
#include <string>

namespace chaos::v1 { class Report; }

namespace chaos {

/// Data thread only.
class Ledger {
 public:
  explicit Ledger(std::filesystem::path dir) : dir_(std::move(dir)) {}

  /// Forgets everything and starts anew under the run's id. Orders that an earlier process of this run acknowledged
  /// are told again (the controller knows them by their ids). An error: acknowledgements will not outlive this process.
  Result<void> begin(std::string run);
  const std::string& run() const { return run_; }

  void sent(RealDuration late) { lateness_.add(late); }
  void retried() { ++retries_; }
  /// took: from the intended time; counted for the percentiles when there was an answer.
  void finished(LabTime intended, Outcome outcome, RealDuration took);
  /// On disk before it is told. An error of the file is returned; the order is told all the same.
  Result<void> acknowledged(std::int64_t order);

  /// Adds what happened since the last call.
  void tell(v1::Report& out);
  /// The newest orders that are known, oldest first; for a process that takes over.
  const std::vector<std::int64_t>& untold_orders() const { return untold_; }

 private:
  std::filesystem::path dir_;
  std::string run_;
  AckLog acks_;
  MinuteBook minutes_;
  Histogram latency_;
  Histogram lateness_;
  std::vector<std::int64_t> untold_;
  std::uint64_t retries_ = 0;
};

}  // namespace chaos
