#include "postgres/replication/replica_store.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_token.hpp"
#include "postgres/store/change_log.hpp"

namespace chaos::pg {

namespace {

constexpr HandleSettings kWriter{256, 32};
constexpr const char* kCurrent = "current";
// A primary's database becomes a standby's. Of the log its end is kept: from there on it is this copy's own.
constexpr const char* kStandby = "DELETE FROM pg_wal_records WHERE seq < (SELECT max(seq) FROM pg_wal_records);"
                                 "DELETE FROM pg_control WHERE name = 'term';"
                                 "INSERT OR REPLACE INTO pg_control VALUES('in_recovery', 1)";

constexpr const char* kHistory = "CREATE TABLE IF NOT EXISTS pg_timeline_history(tli INTEGER PRIMARY KEY, lsn INTEGER NOT NULL);";

std::string ended(int timeline, std::uint64_t at) {
  return "INSERT OR REPLACE INTO pg_timeline_history VALUES(" + std::to_string(timeline) + ", " + std::to_string(at) + ");";
}

int number_of(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  return stem.starts_with("replica-") ? std::atoi(stem.c_str() + 8) : 0;
}

}  // namespace

bool ReplicaStore::open(ServerError& error) {
  std::ifstream current(dir_ / kCurrent);
  std::string name;
  if (!std::getline(current, name) || !std::filesystem::exists(dir_ / name)) {
    error = make_error("58P01", "there is no base copy");
    return false;
  }
  return open_file(dir_ / name, error);
}

bool ReplicaStore::open_file(const std::filesystem::path& file, ServerError& error) {
  apply_.reset();
  handle_ = Handle::open(file, kWriter, facts_, error);
  if (!handle_) return false;
  const auto lsn = control("applied_lsn"), at = control("applied_at_us"), id = control("system_id");
  if (!lsn || !at || !id) {
    handle_.reset();
    error = make_error("XX001", "the base copy is not whole");
    return false;
  }
  apply_ = std::make_unique<ChangeApply>(*handle_);
  file_ = file;
  applied_ = static_cast<std::uint64_t>(*lsn);
  applied_at_us_ = *at;
  system_id_ = static_cast<std::uint64_t>(*id);
  timeline_ = static_cast<int>(control("timeline").value_or(1));
  in_recovery_ = control("in_recovery").value_or(1) != 0;
  read_log_end();
  return true;
}

void ReplicaStore::read_log_end() {
  ServerError error;
  const auto last = handle_->internal("SELECT lsn FROM pg_wal_records ORDER BY seq DESC LIMIT 1", error);
  const bool found = last && sqlite3_step(last.get()) == SQLITE_ROW;
  written_ = std::max(applied_, found ? static_cast<std::uint64_t>(sqlite3_column_int64(last.get(), 0)) : 0);
  const auto term = handle_->internal("SELECT value FROM pg_control WHERE name = 'term'", error);
  const bool named = term && sqlite3_step(term.get()) == SQLITE_ROW;
  term_ = named ? reinterpret_cast<const char*>(sqlite3_column_text(term.get(), 0)) : "";
}

std::optional<std::int64_t> ReplicaStore::control(const char* name) {
  ServerError error;
  const auto query = handle_->internal("SELECT value FROM pg_control WHERE name = ?", error);
  if (!query) return std::nullopt;
  sqlite3_bind_text(query.get(), 1, name, -1, SQLITE_STATIC);
  if (sqlite3_step(query.get()) != SQLITE_ROW) return std::nullopt;
  return sqlite3_column_int64(query.get(), 0);
}

bool ReplicaStore::note_position(std::uint64_t lsn, std::int64_t at_us, ServerError& error) {
  const auto put = handle_->internal("INSERT OR REPLACE INTO pg_control VALUES('applied_lsn', ?), ('applied_at_us', ?)", error);
  if (!put) return false;
  sqlite3_bind_int64(put.get(), 1, static_cast<sqlite3_int64>(lsn));
  sqlite3_bind_int64(put.get(), 2, at_us);
  if (sqlite3_step(put.get()) == SQLITE_DONE) return true;
  error = handle_->last_error();
  return false;
}

bool ReplicaStore::begin_copy(ServerError& error) {
  int highest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir_)) highest = std::max(highest, number_of(entry.path()));
  copy_file_ = dir_ / ("replica-" + std::to_string(highest + 1) + ".db");
  copy_.close();
  copy_.clear();
  copy_.open(copy_file_, std::ios::binary | std::ios::trunc);
  return write_copy({}, error);
}

bool ReplicaStore::write_copy(std::string_view bytes, ServerError& error) {
  copy_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!copy_) error = make_error("53100", "cannot write the base copy");
  return static_cast<bool>(copy_);
}

bool ReplicaStore::finish_copy(std::uint64_t lsn, std::int64_t at_us, ServerError& error) {
  copy_.close();
  apply_.reset();
  handle_ = Handle::open(copy_file_, kWriter, facts_, error);
  if (!handle_ || !handle_->exec(kStandby, error) || !note_position(lsn, at_us, error)) {
    handle_.reset();
    return false;
  }
  const std::filesystem::path next = dir_ / "current.next";
  std::ofstream(next) << copy_file_.filename().string() << '\n';
  std::filesystem::rename(next, dir_ / kCurrent);
  if (!open_file(copy_file_, error)) return false;
  remove_others();
  return true;
}

// Sessions that still have an older copy open keep its data until they end.
void ReplicaStore::remove_others() {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(dir_)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("replica-") && !name.starts_with(file_.filename().string())) std::filesystem::remove(entry.path(), ignored);
  }
}

bool ReplicaStore::write(const std::vector<const ReceivedChange*>& changes, ServerError& error) {
  if (changes.empty()) return true;
  bool done = handle_->exec("BEGIN IMMEDIATE", error);
  for (std::size_t i = 0; done && i < changes.size(); ++i) {
    const auto insert = handle_->internal("INSERT OR REPLACE INTO pg_wal_records(seq, lsn, at_us, payload) VALUES(?, ?, ?, ?)", error);
    if (!(done = static_cast<bool>(insert))) break;
    const ReceivedChange& change = *changes[i];
    sqlite3_bind_int64(insert.get(), 1, change.seq);
    sqlite3_bind_int64(insert.get(), 2, static_cast<sqlite3_int64>(change.lsn));
    sqlite3_bind_int64(insert.get(), 3, change.at_us);
    sqlite3_bind_blob(insert.get(), 4, change.payload.data(), static_cast<int>(change.payload.size()), SQLITE_STATIC);
    done = sqlite3_step(insert.get()) == SQLITE_DONE;
    if (!done) error = handle_->last_error();
  }
  if (!end(done, error)) return false;
  written_ = changes.back()->lsn;
  return true;
}

// The transaction is over then, whatever became of it.
bool ReplicaStore::end(bool commit, ServerError& error) {
  if (commit && handle_->exec("COMMIT", error)) return true;
  ServerError ignored;
  if (handle_->in_transaction()) handle_->exec("ROLLBACK", ignored);
  return false;
}

std::vector<ReceivedChange> ReplicaStore::waiting() {
  std::vector<ReceivedChange> out;
  ServerError error;
  const auto query = handle_->internal("SELECT seq, lsn, at_us, substr(payload, 1, 1) = x'4d', iif(substr(payload, 1, 1) = x'4d', NULL, payload)"
                                       " FROM pg_wal_records WHERE lsn > ? ORDER BY seq", error);
  if (!query) return out;
  sqlite3_bind_int64(query.get(), 1, static_cast<sqlite3_int64>(applied_));
  while (sqlite3_step(query.get()) == SQLITE_ROW) {
    const auto* payload = static_cast<const char*>(sqlite3_column_blob(query.get(), 4));
    out.push_back({static_cast<std::uint64_t>(sqlite3_column_int64(query.get(), 1)), sqlite3_column_int64(query.get(), 2),
                   std::string(payload ? payload : "", static_cast<std::size_t>(sqlite3_column_bytes(query.get(), 4))),
                   sqlite3_column_int64(query.get(), 0), sqlite3_column_int(query.get(), 3) != 0});
  }
  return out;
}

void ReplicaStore::prune() {
  ServerError error;
  const std::int64_t to = applied_seq_ - LogRetention{}.keep;
  if (handle_ && !applying_ && to > pruned_seq_ && ChangeLog::prune(*handle_, to, error) && sqlite3_changes(handle_->db()) == 0) pruned_seq_ = to;
}

bool ReplicaStore::follow_timeline(int timeline, const std::vector<TimelineEnd>& history, ServerError& error) {
  std::string noted = std::string("BEGIN IMMEDIATE;") + kHistory + "INSERT OR REPLACE INTO pg_control VALUES('timeline', " + std::to_string(timeline) + ");";
  for (const TimelineEnd& end : history) noted += ended(end.timeline, end.at);
  if (!end(handle_->exec(noted, error), error)) return false;
  timeline_ = timeline;
  return true;
}

// A sequence goes on where the log says that it may be, which is up to 32 numbers further than what it gave out: those that a lost
// primary gave out and did not send are not given out again. Source: PostgreSQL 15, src/backend/commands/sequence.c, SEQ_LOG_VALS.
std::string ReplicaStore::skipped_numbers() {
  ServerError error;
  const auto sequences = handle_->internal("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'", error);
  if (!sequences || sqlite3_step(sequences.get()) != SQLITE_ROW) return {};
  return "UPDATE sqlite_sequence SET seq = (seq + 32) / 33 * 33;";
}

bool ReplicaStore::promote(const std::string& term, ServerError& error) {
  const std::string unfinished = "DELETE FROM pg_wal_records WHERE lsn > " + std::to_string(applied_) + ";";
  const bool done = handle_->exec("BEGIN IMMEDIATE;" + skipped_numbers() + unfinished + kHistory + ended(timeline_, applied_) +
                                  "INSERT OR REPLACE INTO pg_control VALUES('timeline', " + std::to_string(timeline_ + 1) +
                                  "), ('in_recovery', 0), ('term', " + quote_text(term) + ")", error);
  if (!end(done, error)) return false;
  close();
  return true;
}

void ReplicaStore::close() {
  apply_.reset();
  handle_.reset();
}

bool ReplicaStore::begin_apply(ServerError& error) { return applying_ = handle_->exec("BEGIN IMMEDIATE", error); }

bool ReplicaStore::apply(const ReceivedChange& change, ServerError& error) {
  if (!change.payload.empty()) return apply_->apply(change.payload, error);
  const auto stored = payload(change.seq, error);
  return stored && apply_->apply(*stored, error);
}

std::optional<std::string> ReplicaStore::payload(std::int64_t seq, ServerError& error) {
  const auto query = handle_->internal("SELECT payload FROM pg_wal_records WHERE seq = ?", error);
  if (!query) return std::nullopt;
  sqlite3_bind_int64(query.get(), 1, seq);
  if (sqlite3_step(query.get()) != SQLITE_ROW) {
    error = make_error("XX001", "a record of the log is gone");
    return std::nullopt;
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(query.get(), 0));
  return std::string(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(query.get(), 0)));
}

bool ReplicaStore::end_apply(bool done, const ReceivedChange& last, ServerError& error) {
  applying_ = false;
  done = done && note_position(last.lsn, last.at_us, error);
  if (!end(done, error)) return false;
  applied_ = last.lsn;
  applied_seq_ = last.seq;
  applied_at_us_ = last.at_us;
  return true;
}

}  // namespace chaos::pg
