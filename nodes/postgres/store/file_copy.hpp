// A copy of a database as it is at one instant, page by page. (VACUUM INTO would give rows new rowids, and the change log
// names rows by them.)
#pragma once

#include "postgres/store/database.hpp"

namespace chaos::pg {

/// Data thread only; others may write between two steps.
class FileCopy {
 public:
  FileCopy() = default;
  FileCopy(const FileCopy&) = delete;
  ~FileCopy();
  /// Takes the snapshot; what is committed later is not in the copy.
  bool begin(Database& database, const std::filesystem::path& to, ServerError& error);
  /// Copies a portion. False when it was the last, or nothing more can be copied: finish() says which.
  bool more();
  bool finish(ServerError& error);

 private:
  static constexpr int kPages = 256;
  Database::Lease source_;
  DatabasePtr target_;
  sqlite3_backup* backup_ = nullptr;
  int code_ = SQLITE_OK;
};

}  // namespace chaos::pg
