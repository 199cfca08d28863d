#include "postgres/store/handle.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/store/capture.hpp"
#include "runtime/memory.hpp"

#include <algorithm>
#include <utility>

namespace chaos::pg {

namespace {

constexpr int kProgressOps = 4000;      // virtual machine steps between two looks at the clock
constexpr std::chrono::milliseconds kMemoryLook{2};
constexpr std::uint64_t kLongestValue = 32 * 1024 * 1024;
constexpr std::uint64_t kValueShare = 16;      // of the memory limit one value may take a 16th
constexpr double kMemoryShare = 0.6;
constexpr std::uint64_t kMuch = 8 * 1024 * 1024;

// Functions hold a value several times over.
int longest_value(std::uint64_t memory_limit) {
  const std::uint64_t share = memory_limit == 0 ? kLongestValue : memory_limit / kValueShare;
  return static_cast<int>(std::min(share, kLongestValue));
}

bool own_table(const char* name) {
  const std::string_view table(name ? name : "");
  return table.starts_with("pg_") || table.starts_with("sqlite_");
}

// ANALYZE makes sqlite_stat1, the first serial column sqlite_sequence.
bool made_by_sqlite(const char* name) { return std::string_view(name ? name : "").starts_with("sqlite_s"); }

}  // namespace

std::unique_ptr<Handle> Handle::open(const std::filesystem::path& file, HandleSettings settings, Facts& facts, ServerError& error) {
  std::unique_ptr<Handle> handle(new Handle(file, settings, facts));
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
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, longest_value(facts_.memory_limit));
  const std::string pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=FILE;"
                              "PRAGMA case_sensitive_like=ON; PRAGMA trusted_schema=ON; PRAGMA secure_delete=OFF; PRAGMA cache_size=-" +
                              std::to_string(settings_.cache_kb);
  if (!exec(pragmas, error)) return false;
  facts_.equip(*this);
  register_capture(*this);
  const auto committing = [](void* self) {
    auto& handle = *static_cast<Handle*>(self);
    if (std::exchange(handle.defined_, false)) ++handle.facts_.definitions;
    return 0;
  };
  sqlite3_commit_hook(db, committing, this);
  sqlite3_rollback_hook(db, [](void* self) { static_cast<Handle*>(self)->defined_ = false; }, this);
  sqlite3_set_authorizer(db, &Handle::authorize, this);
  sqlite3_progress_handler(db, kProgressOps, [](void* self) { return static_cast<Handle*>(self)->must_stop() ? 1 : 0; }, this);
  return true;
}

void Handle::limit(RealTime until) {
  until_ = until;
  cancel_ = over_time_ = over_memory_ = false;
  resident_before_ = 0;
}

// A statement that grows while the process nears its limit, whatever holds the memory: a sort, an aggregate's values.
bool Handle::takes_too_much() {
  const std::uint64_t limit = facts_.memory_limit;
  const RealTime now = RealClock::now();
  if (limit == 0 || !backend || now - looked_ < kMemoryLook) return false;
  looked_ = now;
  const std::uint64_t resident = resident_bytes();
  if (resident_before_ == 0) resident_before_ = resident;
  return static_cast<double>(resident) >= kMemoryShare * static_cast<double>(limit) && resident >= resident_before_ + kMuch;
}

bool Handle::must_stop() {
  if (cancel_ || changes.failed() || before.failed()) return true;
  if (over_memory_ || (over_memory_ = takes_too_much())) return true;
  if (until_ == RealTime::max() || RealClock::now() < until_) return false;
  over_time_ = true;
  return true;
}

void Handle::note_access(const char* table, bool write) {
  if (own_table(table) || !table) return;
  const auto found = std::find_if(accesses_.begin(), accesses_.end(), [&](const Access& a) { return a.table == table; });
  if (found == accesses_.end()) accesses_.push_back({table, write});
  else found->write |= write;
}

int Handle::authorize(void* self, int action, const char* a, const char* b, const char*, const char*) {
  const bool defines = action == SQLITE_CREATE_TABLE || action == SQLITE_CREATE_INDEX || action == SQLITE_CREATE_VIEW || action == SQLITE_DROP_TABLE ||
                       action == SQLITE_DROP_INDEX || action == SQLITE_DROP_VIEW || action == SQLITE_ALTER_TABLE;
  Handle& handle = *static_cast<Handle*>(self);
  if (defines) handle.defined_ = true;
  if (handle.internal_) return SQLITE_OK;
  switch (action) {
    case SQLITE_ATTACH: case SQLITE_DETACH: case SQLITE_PRAGMA: case SQLITE_TRANSACTION: case SQLITE_SAVEPOINT:
      return SQLITE_DENY;
    case SQLITE_READ: handle.note_access(a, false); return SQLITE_OK;
    case SQLITE_INSERT: case SQLITE_UPDATE: case SQLITE_DELETE: {
      const std::string_view table(a ? a : "");
      handle.note_access(a, true);
      // Definitions write SQLite's own tables.
      return table.starts_with("pg_") ? SQLITE_DENY : SQLITE_OK;
    }
    case SQLITE_CREATE_INDEX: case SQLITE_DROP_INDEX: case SQLITE_ALTER_TABLE: handle.note_access(b, true); return SQLITE_OK;
    case SQLITE_DROP_TABLE: case SQLITE_CREATE_TABLE: case SQLITE_CREATE_VIEW: case SQLITE_DROP_VIEW:
      handle.note_access(a, true);
      return own_table(a) && !made_by_sqlite(a) ? SQLITE_DENY : SQLITE_OK;
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
  const bool stopped = (code & 0xff) == SQLITE_INTERRUPT || changes.failed() || before.failed();
  return stopped ? stop_error() : sqlite_error(code, sqlite3_errmsg(db_.get()));
}

ServerError Handle::stop_error() const {
  if (changes.failed() || before.failed()) return sqlite_error(SQLITE_FULL, {});
  if (over_memory_) return sqlite_error(SQLITE_NOMEM, {});
  return make_error("57014", over_time_ ? "canceling statement due to statement timeout" : "canceling statement due to user request");
}

void Handle::forget_touched() {
  touched = {changes.size(), 0};
  std::vector<KeyTouch>().swap(key_touches);
  before.clear();
}

// Statements kept do not know of a new schema before they run, and SQLite not of another connection's before it has read.
void Handle::follow_schema() {
  if (defined_ && !in_transaction()) defined_ = false;      // a definition that changed nothing
  const std::int64_t now = facts_.definitions;
  if (now == schema_ && !defined_) return;
  idle_.clear();
  if (now == schema_) return;
  schema_ = now;
  sqlite3_exec(db_.get(), "SELECT 1 FROM sqlite_schema LIMIT 1", nullptr, nullptr, nullptr);
}

Handle::Kept Handle::take(std::string sql) {
  follow_schema();
  const auto found = std::find_if(idle_.begin(), idle_.end(), [&](const Kept& kept) { return kept.sql == sql; });
  if (found == idle_.end()) return {std::move(sql), nullptr, {}, nullptr};
  Kept kept = std::move(*found);
  idle_.erase(found);
  return kept;
}

void Handle::keep(Kept kept, std::int64_t schema) {
  if (schema != schema_ || defined_) return;
  idle_.push_front(std::move(kept));
  if (idle_.size() > settings_.statements) idle_.pop_back();
}

Handle::Borrowed Handle::prepare(const std::string& sql, ServerError& error) {
  Kept kept = take(sql);
  if (!kept.statement) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    accesses_.clear();
    internal_ = false;
    const int code = sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size() + 1), SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    internal_ = true;
    kept.statement.reset(raw);
    if (code != SQLITE_OK || !raw) {
      error = code == SQLITE_OK ? make_error("42601", "syntax error at end of input") : last_error();
      if (code != SQLITE_OK) error.position = sqlite3_error_offset(db_.get()) + 1;
      return {};
    }
    kept.accesses = std::make_shared<const Accesses>(accesses_);
  }
  return {this, std::move(kept.sql), std::move(kept.statement), std::move(kept.described), std::move(kept.accesses)};
}

Handle::Borrowed Handle::internal(const std::string& sql, ServerError& error) {
  Kept kept = take("!" + sql);
  if (!kept.statement) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size() + 1), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    kept.statement.reset(raw);
    if (code != SQLITE_OK) {
      error = last_error();
      return {};
    }
  }
  return {this, std::move(kept.sql), std::move(kept.statement), std::move(kept.described), nullptr};
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
  described_ = std::move(other.described_);
  schema_ = other.schema_;
  accesses_ = std::move(other.accesses_);
  return *this;
}

void Handle::Borrowed::give_back() {
  if (!statement_) return;
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  handle_->keep({std::move(sql_), std::move(statement_), std::move(described_), std::move(accesses_)}, schema_);
}

}  // namespace chaos::pg
