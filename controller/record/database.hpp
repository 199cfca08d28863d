// The record's file as a database: opening, schema, checks. Private to controller/record.
#pragma once

#include "launch/file_lock.hpp"
#include "record/record_error.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace chaos::record {

/// Raised by one with every change of the tables; a file of a later one is refused.
inline constexpr int kSchemaVersion = 3;

/// What the writer of a record holds on <file>.lock as long as it lives.
RecordResult<FileLock> lock_to_write(const std::filesystem::path& file);
/// Whether a writer, here or in another process, holds it now. Looking keeps no writer out.
bool has_writer(const std::filesystem::path& file);

/// One connection; statements made from it must not outlive it.
struct Connection {
  std::filesystem::path file;
  SQLite::Database db;
};

RecordResult<std::shared_ptr<Connection>> open_to_write(const std::filesystem::path& file);
RecordResult<std::shared_ptr<Connection>> open_to_read(const std::filesystem::path& file);

/// An exception of SQLite as a sentence about this file.
RecordError explain(const std::filesystem::path& file, const SQLite::Exception& e);

/// Runs `work` and turns SQLite's exceptions into values.
template <class T, class Work>
RecordResult<T> guarded(const std::filesystem::path& file, Work&& work) {
  try {
    return work();
  } catch (const SQLite::Exception& e) {
    return explain(file, e);
  }
}

/// SQLite has signed 64-bit integers only; the bits are kept.
inline std::int64_t signed64(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// Binds the values to the parameters 1, 2, ... in order.
template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
  int at = 0;
  (statement.bind(++at, values), ...);
}

/// NULL as NaN.
double real(const SQLite::Column& column);

}  // namespace chaos::record
