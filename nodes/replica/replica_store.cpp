#include "replica/replica_store.hpp"

#include "postgres/sql_error.hpp"

namespace chaos {

namespace {

constexpr pg::HandleSettings kWriter{256, 32};
constexpr const char* kCurrent = "current";

int number_of(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  return stem.starts_with("replica-") ? std::atoi(stem.c_str() + 8) : 0;
}

}  // namespace

bool ReplicaStore::open(pg::ServerError& error) {
  std::ifstream current(dir_ / kCurrent);
  std::string name;
  if (!std::getline(current, name) || !std::filesystem::exists(dir_ / name)) {
    error = pg::make_error("58P01", "there is no base copy");
    return false;
  }
  return open_file(dir_ / name, error);
}

bool ReplicaStore::open_file(const std::filesystem::path& file, pg::ServerError& error) {
  apply_.reset();
  handle_ = pg::Handle::open(file, kWriter, facts_, error);
  if (!handle_) return false;
  const auto lsn = control("applied_lsn"), at = control("applied_at_us"), id = control("system_id");
  if (!lsn || !at || !id) {
    handle_.reset();
    error = pg::make_error("XX001", "the base copy is not whole");
    return false;
  }
  apply_ = std::make_unique<pg::ChangeApply>(*handle_);
  file_ = file;
  applied_ = static_cast<std::uint64_t>(*lsn);
  applied_at_us_ = *at;
  system_id_ = static_cast<std::uint64_t>(*id);
  return true;
}

std::optional<std::int64_t> ReplicaStore::control(const char* name) {
  pg::ServerError error;
  const auto query = handle_->internal("SELECT value FROM pg_control WHERE name = ?", error);
  if (!query) return std::nullopt;
  sqlite3_bind_text(query.get(), 1, name, -1, SQLITE_STATIC);
  if (sqlite3_step(query.get()) != SQLITE_ROW) return std::nullopt;
  return sqlite3_column_int64(query.get(), 0);
}

bool ReplicaStore::note_position(std::uint64_t lsn, std::int64_t at_us, pg::ServerError& error) {
  const auto put = handle_->internal("INSERT OR REPLACE INTO pg_control VALUES('applied_lsn', ?), ('applied_at_us', ?)", error);
  if (!put) return false;
  sqlite3_bind_int64(put.get(), 1, static_cast<sqlite3_int64>(lsn));
  sqlite3_bind_int64(put.get(), 2, at_us);
  if (sqlite3_step(put.get()) == SQLITE_DONE) return true;
  error = handle_->last_error();
  return false;
}

bool ReplicaStore::begin_copy(pg::ServerError& error) {
  int highest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir_)) highest = std::max(highest, number_of(entry.path()));
  copy_file_ = dir_ / ("replica-" + std::to_string(highest + 1) + ".db");
  copy_.close();
  copy_.clear();
  copy_.open(copy_file_, std::ios::binary | std::ios::trunc);
  return write_copy({}, error);
}

bool ReplicaStore::write_copy(std::string_view bytes, pg::ServerError& error) {
  copy_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!copy_) error = pg::make_error("53100", "cannot write the base copy");
  return static_cast<bool>(copy_);
}

bool ReplicaStore::finish_copy(std::uint64_t lsn, std::int64_t at_us, pg::ServerError& error) {
  copy_.close();
  apply_.reset();
  handle_ = pg::Handle::open(copy_file_, kWriter, facts_, error);
  if (!handle_ || !handle_->exec("DELETE FROM pg_wal_records", error) || !note_position(lsn, at_us, error)) {
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

bool ReplicaStore::apply(const std::vector<ReceivedChange>& changes, pg::ServerError& error) {
  if (changes.empty()) return true;
  bool done = handle_->exec("BEGIN IMMEDIATE", error);
  for (std::size_t i = 0; done && i < changes.size(); ++i) done = apply_->apply(changes[i].payload, error);
  const ReceivedChange& last = changes.back();
  done = done && note_position(last.lsn, last.at_us, error) && handle_->exec("COMMIT", error);
  if (!done) {
    pg::ServerError ignored;
    if (handle_->in_transaction()) handle_->exec("ROLLBACK", ignored);
    return false;
  }
  applied_ = last.lsn;
  applied_at_us_ = last.at_us;
  return true;
}

}  // namespace chaos
