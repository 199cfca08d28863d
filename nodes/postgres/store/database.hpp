// One database file: the handle that autocommit statements share, spare handles, who writes, the change log.
#pragma once

#include "postgres/state/write_slot.hpp"
#include "postgres/store/change_log.hpp"
#include "postgres/store/recent_commits.hpp"
#include "postgres/store/table_info.hpp"
#include "runtime/error.hpp"

namespace chaos::pg {

/// Data thread only. Sessions and walsenders share it, so that a replica can take a new file while old transactions end.
class Database : public std::enable_shared_from_this<Database> {
 public:
  /// Opens or makes the file and its log. null: `error` says why. chance: for the identity of a new database.
  static std::shared_ptr<Database> open(std::filesystem::path file, Facts& facts, std::uint64_t chance, ServerError& error);
  ~Database();

  /// A handle of one's own for a transaction, a slow query or a walsender; goes back when the lease ends.
  class Lease {
   public:
    Lease() = default;
    Lease(std::shared_ptr<Database> database, std::unique_ptr<Handle> handle)
        : database_(std::move(database)), handle_(std::move(handle)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() { give_back(); }
    Handle* get() const { return handle_.get(); }
    Handle* operator->() const { return handle_.get(); }
    explicit operator bool() const { return handle_ != nullptr; }
    void give_back();

   private:
    std::shared_ptr<Database> database_;
    std::unique_ptr<Handle> handle_;
  };
  Lease borrow(ServerError& error);

  /// BEGIN IMMEDIATE for the one who has the writer; changes are recorded from now on, after those that the handle keeps.
  /// SQLITE_BUSY (another process has the file) is waited out until the deadline: 55P03.
  awaitable<bool> begin_writing(Handle& handle, RealTime deadline, ServerError& error);
  bool try_begin_writing(Handle& handle, ServerError& error);
  /// SQLite's transaction is rolled back, the handle keeps its changes.
  void park(Handle& handle);
  /// Writes the changes of the handle to the log and commits. False: nothing was committed and the transaction is over.
  bool commit(Handle& handle, ServerError& error);
  void rollback(Handle& handle);

  Handle& shared() { return *shared_; }
  ChangeLog& log() { return log_; }
  WriteSlot& write_slot() { return write_slot_; }
  TableInfos& tables() { return tables_; }
  RowNumbers& numbers() { return numbers_; }
  RecentCommits& recent() { return recent_; }
  std::int64_t next_transaction_id() { return next_transaction_id_++; }
  std::int64_t coming_transaction_id() const { return next_transaction_id_; }
  WaitList& committed() { return committed_; }    // notified after each commit that changed something
  const std::filesystem::path& file() const { return file_; }
  /// A replica's: nobody may write but who follows the primary. Holds for a transaction to its end.
  bool read_only() const { return read_only_; }
  void set_read_only(bool read_only) { read_only_ = read_only; }

 private:
  void committed(const Handle& handle, std::int64_t seq);
  static void forget(Handle& handle);
  Database(std::filesystem::path file, Facts& facts) : file_(std::move(file)), facts_(facts) {}

  std::filesystem::path file_;
  Facts& facts_;
  bool read_only_ = false;
  std::unique_ptr<Handle> shared_;
  std::vector<std::unique_ptr<Handle>> spare_;
  ChangeLog log_;
  WriteSlot write_slot_;
  TableInfos tables_;
  RowNumbers numbers_;
  RecentCommits recent_;
  std::int64_t next_transaction_id_ = 0;
  WaitList committed_;
};

}  // namespace chaos::pg
