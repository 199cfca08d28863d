#include "postgres/store/database.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/state/facts.hpp"
#include "runtime/memory.hpp"
#include "runtime/sleep.hpp"

namespace chaos::pg {

namespace {
constexpr std::size_t kSharedStatements = 64;
constexpr HandleSettings kOwn{256, 24};
constexpr std::size_t kSpare = 16;
constexpr std::int64_t kFirstTransactionId = 731;
constexpr std::chrono::milliseconds kBusyWait{2};
constexpr std::size_t kLarge = 1024 * 1024;
}

std::shared_ptr<Database> Database::open(std::filesystem::path file, Facts& facts, std::uint64_t chance, ServerError& error) {
  std::shared_ptr<Database> database(new Database(std::move(file), facts));
  const HandleSettings shared{static_cast<int>(facts.config().number("shared_buffers") * 8), kSharedStatements};
  database->shared_ = Handle::open(database->file_, shared, facts, error);
  if (!database->shared_ || !database->log_.open(*database->shared_, chance, error)) return nullptr;
  database->next_transaction_id_ = kFirstTransactionId + database->log_.last_seq();
  return database;
}

Database::~Database() {
  spare_.clear();
  shared_.reset();
}

Database::Lease& Database::Lease::operator=(Lease&& other) noexcept {
  give_back();
  database_ = std::move(other.database_);
  handle_ = std::move(other.handle_);
  return *this;
}

void Database::Lease::give_back() {
  if (!handle_) return;
  if (handle_->in_transaction()) database_->rollback(*handle_);
  handle_->backend = nullptr;
  handle_->count_blocks();
  handle_->on_data_thread = true;
  handle_->limit(RealTime::max());
  if (database_->spare_.size() < kSpare) database_->spare_.push_back(std::move(handle_));
  handle_.reset();
  database_.reset();
}

Database::Lease Database::borrow(ServerError& error) {
  if (spare_.empty()) {
    auto handle = Handle::open(file_, kOwn, facts_, error);
    if (!handle) return {};
    return {shared_from_this(), std::move(handle)};
  }
  auto handle = std::move(spare_.back());
  spare_.pop_back();
  return {shared_from_this(), std::move(handle)};
}

bool Database::try_begin_writing(Handle& handle, ServerError& error) {
  if (!handle.exec("BEGIN IMMEDIATE", error)) return false;
  if (!numbers_.raise_counters(handle, error)) return false;
  handle.capturing = true;
  return true;
}

awaitable<bool> Database::begin_writing(Handle& handle, RealTime deadline, ServerError& error) {
  while (!try_begin_writing(handle, error)) {
    if (error.sqlstate != "55P03" || RealClock::now() >= deadline) co_return false;
    co_await sleep_real(kBusyWait);
  }
  co_return true;
}

void Database::park(Handle& handle) {
  ServerError ignored;
  handle.capturing = false;
  handle.forget_touched();
  numbers_.rolled_back();
  if (handle.in_transaction()) handle.exec("ROLLBACK", ignored);
}

bool Database::commit(Handle& handle, ServerError& error) {
  LogRecord record;
  handle.capturing = false;
  handle.limit(RealTime::max());
  const bool changed = !handle.changes.empty();
  const bool logged = !changed || log_.append(handle, unix_now_us(), record, error);
  if (!logged || !handle.exec("COMMIT", error)) {
    rollback(handle);
    return false;
  }
  numbers_.committed();
  committed(handle, record.seq);
  forget(handle);
  if (!changed) return true;
  log_.advance(record);
  committed_.notify_all();
  return true;
}

void Database::committed(const Handle& handle, std::int64_t seq) {
  std::string scratch;
  for (std::size_t i = 0; i < handle.changes.pieces(); ++i) {
    const auto piece = handle.changes.piece(i, scratch);
    if (!piece) return;
    facts_.statistics().committed(*piece);
    recent_.note(*piece, seq);
  }
}

// What a large transaction took goes back to the system.
void Database::forget(Handle& handle) {
  const bool large = handle.changes.size() >= kLarge;
  handle.changes.clear();
  handle.forget_touched();
  if (!large) return;
  sqlite3_db_release_memory(handle.db());
  return_memory();
}

void Database::rollback(Handle& handle) {
  park(handle);
  forget(handle);
  handle.limit(RealTime::max());
}

}  // namespace chaos::pg
