#include "postgres/handle.hpp"

#include "postgres/capture.hpp"
#include "postgres/catalog.hpp"
#include "postgres/facts.hpp"
#include "postgres/functions.hpp"
#include "postgres/sql_error.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

constexpr int kProgressOps = 4000;      // virtual machine steps between two looks at the clock

bool own_table(const char* name) {
  const std::string_view table(name ? name : "");
  return table.starts_with("pg_") || table.starts_with("sqlite_");
}

}  // namespace

std::unique_ptr<Handle> Handle::open(const std::filesystem::path& file, HandleSettings settings, Facts& facts, ServerError& error) {
  std::unique_ptr<Handle> handle(new Handle(settings, facts));
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle->db_.reset(raw);
  if (code != SQLITE_OK) {
    error = sqlite_error(code, raw ? sqlite3_errmsg(raw) : "out of memory");
    return nullptr;
  }
  if (!handle->configure(error)) return nullptr;
  return handle;
}

Handle::~Handle() {
  if (db_) count_blocks();
  idle_.clear();
}

bool Handle::configure(ServerError& error) {
  sqlite3* db = db_.get();
  sqlite3_extended_result_codes(db, 1);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 32 * 1024 * 1024);
  const std::string pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                              "PRAGMA case_sensitive_like=ON; PRAGMA trusted_schema=ON; PRAGMA secure_delete=OFF; PRAGMA cache_size=-" +
                              std::to_string(settings_.cache_kb);
  if (!exec(pragmas, error)) return false;
  register_functions(*this);
  register_catalog(*this);
  register_series(*this);
  register_capture(*this);
  sqlite3_set_authorizer(db, &Handle::authorize, this);
  sqlite3_progress_handler(db, kProgressOps, [](void* self) { return static_cast<Handle*>(self)->must_stop() ? 1 : 0; }, this);
  return true;
}

bool Handle::must_stop() {
  if (cancel_) return true;
  if (until_ == RealTime::max() || RealClock::now() < until_) return false;
  over_time_ = true;
  return true;
}

int Handle::authorize(void* self, int action, const char* a, const char*, const char*, const char*) {
  if (static_cast<Handle*>(self)->internal_) return SQLITE_OK;
  switch (action) {
    case SQLITE_ATTACH: case SQLITE_DETACH: case SQLITE_PRAGMA: case SQLITE_TRANSACTION: case SQLITE_SAVEPOINT:
      return SQLITE_DENY;
    case SQLITE_INSERT: case SQLITE_UPDATE: case SQLITE_DELETE: {
      const std::string_view table(a ? a : "");
      // Definitions write SQLite's own tables.
      return table.starts_with("pg_") ? SQLITE_DENY : SQLITE_OK;
    }
    case SQLITE_DROP_TABLE: case SQLITE_CREATE_TABLE: case SQLITE_CREATE_VIEW: case SQLITE_DROP_VIEW:
      return own_table(a) ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_OK;
  }
}

void Handle::count_blocks() {
  const auto taken = [this](int what) {
    int now = 0, highest = 0;
    sqlite3_db_status(db_.get(), what, &now, &highest, 1);
    return static_cast<std::int64_t>(now);
  };
  const std::int64_t hits = taken(SQLITE_DBSTATUS_CACHE_HIT), misses = taken(SQLITE_DBSTATUS_CACHE_MISS);
  facts_.statistics().blocks(hits, misses);
}

ServerError Handle::last_error() const {
  const int code = sqlite3_extended_errcode(db_.get());
  ServerError error = sqlite_error(code, sqlite3_errmsg(db_.get()));
  if ((code & 0xff) == SQLITE_INTERRUPT && over_time_) error.message = "canceling statement due to statement timeout";
  return error;
}

StatementPtr Handle::take(const std::string& sql) {
  const auto found = std::find_if(idle_.begin(), idle_.end(), [&](const auto& entry) { return entry.first == sql; });
  if (found == idle_.end()) return nullptr;
  StatementPtr statement = std::move(found->second);
  idle_.erase(found);
  return statement;
}

void Handle::keep(std::string sql, StatementPtr statement) {
  idle_.emplace_front(std::move(sql), std::move(statement));
  if (idle_.size() > settings_.statements) idle_.pop_back();
}

Handle::Borrowed Handle::prepare(const std::string& sql, ServerError& error) {
  StatementPtr statement = take(sql);
  if (!statement) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    internal_ = false;
    const int code = sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size() + 1), SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    internal_ = true;
    statement.reset(raw);
    if (code != SQLITE_OK || !raw) {
      error = code == SQLITE_OK ? make_error("42601", "syntax error at end of input") : last_error();
      return {};
    }
  }
  return {this, sql, std::move(statement)};
}

Handle::Borrowed Handle::internal(const std::string& sql, ServerError& error) {
  StatementPtr statement = take("!" + sql);
  if (!statement) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size() + 1), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    statement.reset(raw);
    if (code != SQLITE_OK) {
      error = last_error();
      return {};
    }
  }
  return {this, "!" + sql, std::move(statement)};
}

bool Handle::exec(const std::string& sql, ServerError& error) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return true;
  error = last_error();
  return false;
}

Handle::Borrowed& Handle::Borrowed::operator=(Borrowed&& other) noexcept {
  give_back();
  handle_ = other.handle_;
  sql_ = std::move(other.sql_);
  statement_ = std::move(other.statement_);
  return *this;
}

void Handle::Borrowed::give_back() {
  if (!statement_) return;
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  handle_->keep(std::move(sql_), std::move(statement_));
}

}  // namespace chaos::pg
