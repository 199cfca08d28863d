#include "postgres/store/change_log.hpp"

#include "postgres/base/sql_error.hpp"

#include <algorithm>

namespace chaos::pg {

std::int64_t LogRetention::prune_to(std::int64_t last, std::int64_t confirmed) const {
  return std::max(std::min(confirmed, last - keep), last - most);
}

bool ChangeLog::open(Handle& handle, std::uint64_t chance, ServerError& error) {
  const bool made = handle.exec("CREATE TABLE IF NOT EXISTS pg_wal_records(seq INTEGER PRIMARY KEY, lsn INTEGER NOT NULL,"
                                " at_us INTEGER NOT NULL, payload BLOB NOT NULL);"
                                "CREATE TABLE IF NOT EXISTS pg_control(name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
                                "CREATE TABLE IF NOT EXISTS pg_timeline_history(tli INTEGER PRIMARY KEY, lsn INTEGER NOT NULL);"
                                "INSERT OR IGNORE INTO pg_control VALUES('system_id', " + std::to_string(chance >> 1 | 1) + ")", error);
  if (!made) return false;
  const auto control = handle.internal("SELECT max(iif(name = 'system_id', value, 0)), max(iif(name = 'timeline', value, 1)),"
                                       " max(iif(name = 'applied_lsn', value, 0)) FROM pg_control", error);
  if (!control || sqlite3_step(control.get()) != SQLITE_ROW) return false;
  system_id_ = static_cast<std::uint64_t>(sqlite3_column_int64(control.get(), 0));
  timeline_ = sqlite3_column_int(control.get(), 1);
  end_ = std::max(kFirstLsn, static_cast<Lsn>(sqlite3_column_int64(control.get(), 2)));   // of a copy without records
  const auto last = handle.internal("SELECT seq, lsn FROM pg_wal_records ORDER BY seq DESC LIMIT 1", error);
  if (!last) return false;
  if (sqlite3_step(last.get()) != SQLITE_ROW) return true;
  last_seq_ = sqlite3_column_int64(last.get(), 0);
  end_ = static_cast<Lsn>(sqlite3_column_int64(last.get(), 1));
  return true;
}

std::vector<TimelineEnd> ChangeLog::history(Handle& handle) {
  std::vector<TimelineEnd> out;
  ServerError error;
  const auto query = handle.internal("SELECT tli, lsn FROM pg_timeline_history ORDER BY tli", error);
  while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
    out.push_back({sqlite3_column_int(query.get(), 0), static_cast<Lsn>(sqlite3_column_int64(query.get(), 1))});
  }
  return out;
}

bool ChangeLog::append(Handle& handle, std::int64_t now_us, LogRecord& out, ServerError& error) {
  out = {last_seq_, end_, now_us, {}};
  const std::size_t pieces = handle.changes.pieces();
  std::string scratch;
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto piece = handle.changes.piece(i, scratch);
    if (!piece) {
      error = make_error("58030", "could not read the changes of the transaction");
      return false;
    }
    out.payload.assign(i + 1 < pieces ? 1 : 0, kGoesOn);
    out.payload += *piece;
    out.seq += 1;
    out.lsn += kHeader + out.payload.size();
    if (!insert(handle, out, error)) return false;
  }
  out.payload.clear();
  return true;
}

bool ChangeLog::insert(Handle& handle, const LogRecord& record, ServerError& error) {
  const auto insert = handle.internal("INSERT INTO pg_wal_records(seq, lsn, at_us, payload) VALUES(?, ?, ?, ?)", error);
  if (!insert) return false;
  sqlite3_bind_int64(insert.get(), 1, record.seq);
  sqlite3_bind_int64(insert.get(), 2, static_cast<sqlite3_int64>(record.lsn));
  sqlite3_bind_int64(insert.get(), 3, record.at_us);
  sqlite3_bind_blob(insert.get(), 4, record.payload.data(), static_cast<int>(record.payload.size()), SQLITE_STATIC);
  if (sqlite3_step(insert.get()) == SQLITE_DONE) return true;
  error = handle.last_error();
  return false;
}

void ChangeLog::advance(const LogRecord& committed) {
  last_seq_ = committed.seq;
  end_ = committed.lsn;
}

std::optional<std::int64_t> ChangeLog::find(Handle& handle, Lsn lsn) const {
  if (lsn == end_) return last_seq_;
  ServerError error;
  const auto query = handle.internal("SELECT seq FROM pg_wal_records WHERE lsn = ?", error);
  if (!query) return std::nullopt;
  sqlite3_bind_int64(query.get(), 1, static_cast<sqlite3_int64>(lsn));
  if (sqlite3_step(query.get()) == SQLITE_ROW) return sqlite3_column_int64(query.get(), 0);
  if (lsn != kFirstLsn || last_seq_ == 0) return std::nullopt;
  const auto first = handle.internal("SELECT min(seq) FROM pg_wal_records", error);
  const bool whole = first && sqlite3_step(first.get()) == SQLITE_ROW && sqlite3_column_int64(first.get(), 0) == 1;
  return whole ? std::optional<std::int64_t>(0) : std::nullopt;
}

bool ChangeLog::read(Handle& handle, std::int64_t seq, std::size_t max_bytes, std::vector<LogRecord>& out) const {
  out.clear();
  ServerError error;
  const auto query = handle.internal("SELECT seq, lsn, at_us, payload FROM pg_wal_records WHERE seq > ? ORDER BY seq", error);
  if (!query) return false;
  sqlite3_bind_int64(query.get(), 1, seq);
  std::size_t bytes = 0;
  while (bytes < max_bytes && sqlite3_step(query.get()) == SQLITE_ROW) {
    const auto* payload = static_cast<const char*>(sqlite3_column_blob(query.get(), 3));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(query.get(), 3));
    out.push_back({sqlite3_column_int64(query.get(), 0), static_cast<Lsn>(sqlite3_column_int64(query.get(), 1)),
                   sqlite3_column_int64(query.get(), 2), std::string(payload ? payload : "", size)});
    bytes += size + kHeader;
  }
  const std::int64_t expected = seq + 1;
  return out.empty() ? seq >= last_seq_ : out.front().seq == expected;
}

bool ChangeLog::prune(Handle& handle, std::int64_t seq, ServerError& error) {
  return handle.exec("DELETE FROM pg_wal_records WHERE seq IN (SELECT seq FROM pg_wal_records WHERE seq <= " + std::to_string(seq) +
                         " ORDER BY seq LIMIT 5000)", error);
}

}  // namespace chaos::pg
