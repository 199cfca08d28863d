#include "record/database.hpp"

#include "record/schema.hpp"

#include <boost/system/error_code.hpp>
#include <sqlite3.h>

#include <limits>
#include <utility>

namespace chaos::record {
namespace {

constexpr int kBusyMs = 2000;
constexpr int kApplicationId = 0x43484C42;   // "CHLB"

int pragma(SQLite::Database& db, const char* name) {
  return db.execAndGet(std::string("PRAGMA ") + name).getInt();
}

std::filesystem::path lock_file(const std::filesystem::path& file) { return file.string() + ".lock"; }

/// Nobody's yet: no table, and no mark of another program.
bool is_blank(SQLite::Database& db) {
  return pragma(db, "application_id") == 0 && db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
}

RecordResult<void> check_identity(const std::filesystem::path& file, SQLite::Database& db) {
  if (pragma(db, "application_id") != kApplicationId) {
    return RecordError(file, "is a database of something else, not a record of the chaos lab");
  }
  const int version = pragma(db, "user_version");
  if (version > kSchemaVersion) {
    return RecordError(file, "was written by a newer chaos lab (schema " + std::to_string(version) +
                                 ", this one knows up to " + std::to_string(kSchemaVersion) +
                                 "): use that version, or another data directory");
  }
  return {};
}

void make_schema(SQLite::Database& db) {
  SQLite::Transaction transaction(db);
  db.exec(kSchema);
  db.exec(kSnapshots);
  db.exec(kFailoverLosses);
  db.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  db.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  transaction.commit();
}

// From schema 1.
void raise_schema(SQLite::Database& db) {
  SQLite::Transaction transaction(db);
  db.exec(kSnapshots);
  db.exec(kFailoverLosses);
  db.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  transaction.commit();
}

RecordResult<void> check_pages(const std::filesystem::path& file, SQLite::Database& db) {
  const std::string answer = db.execAndGet("PRAGMA quick_check(1)").getString();
  if (answer == "ok") return {};
  return RecordError(file, "is damaged (" + answer + "): move it away, or restore a copy");
}

RecordResult<void> prepare(Connection& connection) {
  auto& [file, db] = connection;
  const bool blank = is_blank(db);
  if (auto known = check_identity(file, db); !blank && !known) return known;   // first: WAL is written into the file
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = NORMAL");   // whole after a SIGKILL; a power cut may cost the last second
  if (blank) make_schema(db);
  else if (pragma(db, "user_version") < kSchemaVersion) raise_schema(db);
  return check_pages(file, db);
}

}  // namespace

RecordResult<FileLock> lock_to_write(const std::filesystem::path& file) {
  const auto name = lock_file(file);
  auto lock = FileLock::take(name);
  if (lock) return std::move(*lock);
  if (lock.error() == boost::system::errc::resource_unavailable_try_again) {
    return RecordError(file, "another controller writes this record: stop it, or use another data directory");
  }
  return RecordError(name, "cannot be opened: " + lock.error().message());
}

bool has_writer(const std::filesystem::path& file) { return FileLock::held(lock_file(file)); }

RecordError explain(const std::filesystem::path& file, const SQLite::Exception& e) {
  switch (e.getErrorCode()) {
    case SQLITE_NOTADB: return {file, "is not a record of the chaos lab (not an SQLite file), or its head is damaged"};
    case SQLITE_CORRUPT: return {file, "is damaged (" + std::string(e.what()) + "): move it away, or restore a copy"};
    case SQLITE_CANTOPEN: return {file, "cannot be opened: there is none, or it may not be read"};
    case SQLITE_FULL: return {file, "the disk is full"};
    default: return {file, e.what()};
  }
}

RecordResult<std::shared_ptr<Connection>> open_to_write(const std::filesystem::path& file) {
  return guarded<std::shared_ptr<Connection>>(file, [&]() -> RecordResult<std::shared_ptr<Connection>> {
    const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    auto connection = std::make_shared<Connection>(Connection{file, SQLite::Database(file.string(), flags, kBusyMs)});
    if (auto ready = prepare(*connection); !ready) return ready.error();
    return connection;
  });
}

RecordResult<std::shared_ptr<Connection>> open_to_read(const std::filesystem::path& file) {
  return guarded<std::shared_ptr<Connection>>(file, [&]() -> RecordResult<std::shared_ptr<Connection>> {
    auto connection =
        std::make_shared<Connection>(Connection{file, SQLite::Database(file.string(), SQLite::OPEN_READONLY, kBusyMs)});
    if (auto known = check_identity(file, connection->db); !known) return known.error();
    return connection;
  });
}

double real(const SQLite::Column& column) {
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

}  // namespace chaos::record
