// One SQLite connection of the server: its settings, its prepared statements, and how long a statement may run.
#pragma once

#include "postgres/base/sqlite.hpp"
#include "postgres/state/lock_manager.hpp"
#include "postgres/store/change_buffer.hpp"
#include "runtime/units.hpp"
#include "wire/pgwire_backend.hpp"

#include <atomic>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace chaos::pg {

class Facts;
class ForeignKeys;
struct Backend;

/// A table that a statement reads or writes.
struct Access {
  std::string table;
  bool write = false;
  bool operator==(const Access&) const = default;
};
using Accesses = std::vector<Access>;

/// What a statement did to rows: so many changes, of those of the handle from `from` on.
struct Touched {
  std::size_t from = 0;
  std::size_t rows = 0;
};

/// A row of a watched table that a statement inserted (I), updated (U) or deleted (D); `at`: where its change stands in `changes`.
struct KeyTouch {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t at = 0;
  std::size_t before = kNone;       // where the row as it was stands in Handle::before
  char op = 'U';
  bool moves = false;               // D: the next touch is the same row under its new number
};

struct HandleSettings {
  int cache_kb = 512;
  std::size_t statements = 16;      // kept prepared
};

/// What a prepared statement's columns are, kept with it.
struct Described {
  std::shared_ptr<const std::vector<Column>> columns;
  std::vector<std::int32_t> types;      // of the parameters
  int generation = -1;                  // how often SQLite has prepared it anew
};

/// One thread at a time. Internal statements (exec) may do all; those of sessions (prepare) may not write the server's
/// own tables (pg_...) nor use SQLite's own commands.
class Handle {
 public:
  /// Opens or makes the file: WAL, synchronous=NORMAL. null: `error` says why. `facts` outlives the handle.
  static std::unique_ptr<Handle> open(const std::filesystem::path& file, HandleSettings settings, Facts& facts, ServerError& error);
  ~Handle();
  Handle(const Handle&) = delete;

  /// A prepared statement, taken out of the cache and put back, reset and without bindings, by the destructor.
  class Borrowed {
   public:
    Borrowed() = default;
    Borrowed(Handle* handle, std::string sql, StatementPtr statement, Described described, std::shared_ptr<const Accesses> accesses)
        : handle_(handle), sql_(std::move(sql)), statement_(std::move(statement)), described_(std::move(described)), accesses_(std::move(accesses)),
          schema_(handle->schema_) {}
    Borrowed(Borrowed&&) = default;
    Borrowed& operator=(Borrowed&& other) noexcept;
    ~Borrowed() { give_back(); }
    sqlite3_stmt* get() const { return statement_.get(); }
    explicit operator bool() const { return statement_ != nullptr; }
    Described& described() { return described_; }
    /// The user's tables that it names, views looked through. Of prepare() alone.
    const Accesses& accesses() const { return *accesses_; }

   private:
    void give_back();
    Handle* handle_ = nullptr;
    std::string sql_;
    StatementPtr statement_;
    Described described_;
    std::shared_ptr<const Accesses> accesses_;
    std::int64_t schema_ = 0;
  };
  Borrowed prepare(const std::string& sql, ServerError& error);
  /// The server's own statements, without rows.
  bool exec(const std::string& sql, ServerError& error);
  /// The same, prepared; rows are for the caller to step through.
  Borrowed internal(const std::string& sql, ServerError& error);

  /// From now on a statement is interrupted at `until` or when `cancel` is set (it may be set by another thread).
  void limit(RealTime until);
  void cancel() { cancel_ = true; }
  bool cancelled() const { return cancel_; }
  bool over_time() const { return over_time_; }
  void set_over_time() { over_time_ = true; }
  /// Asked while a statement runs, some thousand steps apart.
  bool must_stop();

  ServerError last_error() const;
  /// Why must_stop() says so.
  ServerError stop_error() const;
  /// Tells facts() how many blocks were found in memory and read since the last time.
  void count_blocks();
  sqlite3* db() const { return db_.get(); }
  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  Facts& facts() const { return facts_; }

  Backend* backend = nullptr;         // whose statement runs
  bool on_data_thread = true;
  bool capturing = false;             // row changes go to `changes`
  ChangeBuffer changes;
  Touched touched;                    // of `changes`, those that the caller has not looked at yet
  std::vector<KeyTouch> key_touches;  // of them, those of watched tables
  ChangeBuffer before;                // their rows as they were
  std::shared_ptr<const ForeignKeys> watched;   // which tables' rows are kept there; null: none
  void forget_touched();
  // Of the statement under way: the advisory lock that it must wait for (it has failed then), one that it has waited for, and
  // those that it took.
  std::optional<LockWant> wanted;
  std::optional<LockTag> granted;
  std::vector<LockWant> taken;

 private:
  Handle(const std::filesystem::path& file, HandleSettings settings, Facts& facts)
      : changes(file.parent_path()), before(file.parent_path()), settings_(settings), facts_(facts) {}
  bool configure(ServerError& error);
  struct Kept {
    std::string sql;
    StatementPtr statement;
    Described described;
    std::shared_ptr<const Accesses> accesses;
  };
  Kept take(std::string sql);
  void keep(Kept kept, std::int64_t schema);
  void follow_schema();
  bool takes_too_much();
  void note_access(const char* table, bool write);
  static int authorize(void* self, int action, const char* a, const char* b, const char* database, const char* trigger);

  HandleSettings settings_;
  Facts& facts_;
  DatabasePtr db_;
  std::list<Kept> idle_;   // most recently used first
  std::int64_t schema_ = 0;            // Facts::definitions as the statements kept know it
  bool defined_ = false;               // the transaction under way changes the schema
  Accesses accesses_;                 // of the statement that is being prepared
  bool internal_ = true;
  RealTime until_ = RealTime::max();
  std::atomic<bool> cancel_ = false;
  bool over_time_ = false;
  std::uint64_t resident_before_ = 0;  // of the process, at the first look in this statement; 0: none yet
  RealTime looked_{};
  bool over_memory_ = false;
};

}  // namespace chaos::pg
