#include "postgres/store/file_copy.hpp"

#include "postgres/base/sql_error.hpp"

namespace chaos::pg {

FileCopy::~FileCopy() {
  if (backup_) sqlite3_backup_finish(backup_);
}

bool FileCopy::begin(Database& database, const std::filesystem::path& to, ServerError& error) {
  source_ = database.borrow(error);
  if (!source_ || !source_->exec("BEGIN; SELECT 1 FROM pg_control", error)) return false;
  sqlite3* raw = nullptr;
  code_ = sqlite3_open_v2(to.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  target_.reset(raw);
  if (code_ == SQLITE_OK) backup_ = sqlite3_backup_init(target_.get(), "main", source_->db(), "main");
  if (backup_) return true;
  error = sqlite_error(SQLITE_IOERR, raw ? sqlite3_errmsg(raw) : "out of memory");
  return false;
}

bool FileCopy::more() {
  code_ = sqlite3_backup_step(backup_, kPages);
  return code_ == SQLITE_OK;
}

bool FileCopy::finish(ServerError& error) {
  sqlite3_backup_finish(backup_);
  backup_ = nullptr;
  source_.give_back();
  if (code_ == SQLITE_DONE) return true;
  error = sqlite_error(code_, sqlite3_errmsg(target_.get()));
  return false;
}

}  // namespace chaos::pg
