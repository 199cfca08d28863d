// What the run leaves in the record: reports as they come, a sample of everything once a real second.
#pragma once

#include "record/record.hpp"
#include "runtime/log.hpp"
#include "serve/snapshot.hpp"

namespace chaos {

/// Engine's thread only. Nothing is written after finish().
class Recorder {
 public:
  Recorder(LabModel& model, std::unique_ptr<RunWriter> writer, Log& log) : model_(model), writer_(std::move(writer)), log_(log) {}

  std::uint64_t append(const v1::Event& event);
  /// An event came since the last flush: what it changed is to be kept before the next sample.
  bool stale() const { return stale_; }
  /// Of a client node: minutes, latencies and orders; other reports have none.
  void add(const v1::Report& report);
  /// What the next controller would go on from goes with the next flush.
  void keep(const v1::Snapshot& snapshot);
  /// The last one, written at once: this controller hands over, and what it still does while it ends is not its successor's.
  void seal(const v1::Snapshot& last);
  void sample();
  /// Orders that a failover lost, as soon as they are counted.
  void add_failover_losses(const std::vector<std::int64_t>& ids);
  void set_ledger(Ledger ledger);
  /// Nobody goes on with the run.
  void interrupt();
  void finish();
  void flush();

 private:
  SliSample sli();

  LabModel& model_;
  std::unique_ptr<RunWriter> writer_;    // null once the run is finished
  Log& log_;
  std::uint64_t last_seq_ = 0;
  bool stale_ = false;
  bool sealed_ = false;
  Histogram interval_;                   // answered requests since the last sample
  std::uint64_t interval_requests_ = 0;
  std::uint64_t interval_good_ = 0;
};

}  // namespace chaos
