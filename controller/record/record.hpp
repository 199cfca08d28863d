// The record: one SQLite file (WAL) a data directory, every run in it. `sqlite3 record.db .schema` shows it all.
//
// Writing: one Record and its RunWriter, on one thread (the caller's); a lock file beside the database keeps a
// second writer out. add_*() and append() only fill memory; flush() writes all of it in one transaction and is
// what makes it survive a SIGKILL. Call it about once a second. Reading (RecordReader) needs no lock and works
// while a controller writes, from any process; one thread a reader.
#pragma once

#include "record/record_error.hpp"
#include "record/run_data.hpp"

#include <filesystem>
#include <memory>
#include <span>

namespace chaos {

class RunWriter {
 public:
  ~RunWriter();
  const std::string& run() const;

  /// Gives the event the run's next seq (1, 2, ...) and returns it; event.seq on entry is ignored.
  std::uint64_t append(v1::Event event);
  /// One node at one instant. All nodes of an instant carry the same lab_s and unix_us as its add_sli().
  void add_node(double lab_s, std::int64_t unix_us, const v1::NodeStatus& node);
  void add_sli(const SliSample& sample);
  void add_minutes(const v1::MinuteTally& increment);
  void add_latency(const v1::HistogramDelta& increment);
  void add_orders(std::span<const std::int64_t> ids);   // a repeated id counts once
  void add_failover_losses(std::span<const std::int64_t> ids);   // acknowledged orders; a repeated id counts once
  void set_ledger(Ledger ledger);
  /// Replaces the one before: what Record::resume's caller goes on from.
  void set_snapshot(std::string bytes);
  /// The run is over without a verdict: nobody goes on with it. In force with the next flush.
  void interrupt();
  /// The run ends with this verdict (state ended) and all is flushed. Nothing may be added after it.
  RecordResult<void> finish(const v1::ContractStatus& verdict, double lab_s, std::int64_t unix_us);

  /// One transaction, a few ms a second of samples. On an error nothing is lost: what is pending goes with the
  /// next call, and beyond a bound (kMaxPendingSamples) the oldest samples are dropped.
  RecordResult<void> flush();

  std::uint64_t dropped_samples() const;

 private:
  friend class Record;
  struct State;
  explicit RunWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Record {
 public:
  /// Makes file and schema when there is none. Errors: not a record, damaged, of a newer schema, another writer.
  static RecordResult<std::unique_ptr<Record>> open(const std::filesystem::path& file);
  ~Record();

  /// A new run under the next id; info.id and info.state are ignored. Runs still "running" become "interrupted".
  RecordResult<std::unique_ptr<RunWriter>> begin_run(const RunInfo& info);
  /// Goes on with a run that has not ended: seq and samples continue. RecordReader::load gives what was there.
  RecordResult<std::unique_ptr<RunWriter>> resume(const std::string& run);
  /// The newest run whose state is running: what a restarted controller resumes. Empty: none.
  RecordResult<std::string> unfinished();

 private:
  struct State;
  explicit Record(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Read-only view. A Record of the same file may be open in this or another process.
class RecordReader {
 public:
  static RecordResult<std::unique_ptr<RecordReader>> open(const std::filesystem::path& file);
  ~RecordReader();

  RecordResult<std::vector<RunInfo>> runs();                     // oldest first; plan and lab_file empty
  /// Samples of more ticks than this are thinned out when read: a report has no pixels for them.
  static constexpr std::uint64_t kMostTicks = 20'000;
  /// run: "" or "last": the newest.
  RecordResult<RunData> load(const std::string& run, std::uint64_t most_ticks = kMostTicks);
  RecordResult<std::vector<v1::Event>> events(const std::string& run, std::uint64_t after);
  /// Hands over the run's events of this span, the newest first, hidden ones too.
  RecordResult<void> visit_events(const std::string& run, RealSpan span, const EventVisitor& visit);
  RecordResult<std::vector<std::int64_t>> orders(const std::string& run);   // acknowledged ids, ascending
  RecordResult<std::string> snapshot(const std::string& run);               // as set last; empty: none

 private:
  struct State;
  explicit RecordReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace chaos
