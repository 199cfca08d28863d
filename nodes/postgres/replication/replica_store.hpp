// A replica's copy of the database on disk, and the one writer to it.
#pragma once

#include "postgres/replication/apply_gate.hpp"
#include "postgres/state/timeline.hpp"
#include "postgres/store/change_apply.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

namespace chaos::pg {

/// Data thread only. Each base copy is a file of its own (replica-1.db, ...), named in the file "current", so that
/// sessions on the old one may end in peace.
class ReplicaStore {
 public:
  ReplicaStore(std::filesystem::path data_dir, Facts& facts) : dir_(std::move(data_dir)), facts_(facts) {}

  /// Opens the copy that is there. False: there is none, or it is not usable.
  bool open(ServerError& error);

  /// A new base copy: begin, write pieces, finish. Until finish succeeds the old copy stays in use.
  bool begin_copy(ServerError& error);
  bool write_copy(std::string_view bytes, ServerError& error);
  bool finish_copy(std::uint64_t lsn, std::int64_t at_us, ServerError& error);

  /// Writes what was received to the copy's own log: from then on it survives.
  bool write(const std::vector<const ReceivedChange*>& changes, ServerError& error);
  /// Applies changes that are written, in one transaction: begin, each change, end. Between them readers see what was before, and
  /// nothing but apply() and prune() may be called. A change without its payload is read from the copy's own log.
  bool begin_apply(ServerError& error);
  bool apply(const ReceivedChange& change, ServerError& error);
  /// Commits and notes how far it is; `done` false: undoes all.
  bool end_apply(bool done, const ReceivedChange& last, ServerError& error);
  bool applying() const { return applying_; }
  /// What is written and not applied, oldest first; parts of transactions without their payloads.
  std::vector<ReceivedChange> waiting();
  /// Removes what is applied and older than a primary would keep.
  void prune();

  /// The primary has gone on to this timeline, at or after what is written here; `history` is what it went through.
  bool follow_timeline(int timeline, const std::vector<TimelineEnd>& history, ServerError& error);
  /// The copy becomes a primary's database: its log goes on where it ends, on a new timeline. All that is written must be
  /// applied but the beginning of a transaction, which goes. term: under which word of the controller (promotion.hpp). The store is closed then.
  bool promote(const std::string& term, ServerError& error);
  void close();

  bool is_open() const { return handle_ != nullptr; }
  const std::filesystem::path& file() const { return file_; }
  std::uint64_t applied() const { return applied_; }
  std::int64_t applied_at_us() const { return applied_at_us_; }
  std::uint64_t written() const { return written_; }
  std::uint64_t system_id() const { return system_id_; }
  int timeline() const { return timeline_; }
  /// False: it was promoted, then by `term()`.
  bool in_recovery() const { return in_recovery_; }
  const std::string& term() const { return term_; }

 private:
  bool open_file(const std::filesystem::path& file, ServerError& error);
  std::optional<std::int64_t> control(const char* name);
  void read_log_end();
  bool note_position(std::uint64_t lsn, std::int64_t at_us, ServerError& error);
  void remove_others();
  std::string skipped_numbers();
  bool end(bool commit, ServerError& error);
  std::optional<std::string> payload(std::int64_t seq, ServerError& error);

  std::filesystem::path dir_;
  Facts& facts_;
  std::filesystem::path file_;
  std::filesystem::path copy_file_;
  std::ofstream copy_;
  std::unique_ptr<Handle> handle_;
  std::unique_ptr<ChangeApply> apply_;
  std::uint64_t applied_ = 0;
  std::uint64_t written_ = 0;
  std::int64_t applied_seq_ = 0;      // 0: nothing since it was opened
  std::int64_t pruned_seq_ = 0;
  std::int64_t applied_at_us_ = 0;
  std::uint64_t system_id_ = 0;
  int timeline_ = 1;
  bool in_recovery_ = true;
  bool applying_ = false;
  std::string term_;
};

}  // namespace chaos::pg
