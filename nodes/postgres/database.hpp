// One database file: the handle that autocommit statements share, spare handles, the write lock, the change log.
#pragma once

#include "postgres/change_log.hpp"
#include "runtime/asio.hpp"
#include "runtime/error.hpp"
#include "runtime/wait_list.hpp"

namespace chaos::pg {

/// SQLite lets one transaction write at a time. This lock is where the others wait, in the order in which they came,
/// without blocking the data thread. Data thread only.
class WriteLock {
 public:
  /// True when it is ours; false at the deadline, or when `give_up` is set (wake() looks at it again).
  awaitable<bool> acquire(RealTime deadline, const bool& give_up);
  void release();
  void wake() { waiters_.notify_all(); }
  bool held() const { return held_; }
  std::size_t waiting() const { return waiters_.size(); }

 private:
  bool held_ = false;
  WaitList waiters_;
};

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

  /// BEGIN IMMEDIATE; SQLITE_BUSY (another process has the file) is waited out until the deadline: 55P03.
  awaitable<bool> begin_writing(Handle& handle, RealTime deadline, ServerError& error);
  /// Writes the changes of the handle to the log and commits. False: nothing was committed and the transaction is over.
  bool commit(Handle& handle, ServerError& error);
  void rollback(Handle& handle);

  Handle& shared() { return *shared_; }
  ChangeLog& log() { return log_; }
  WriteLock& lock() { return lock_; }
  WaitList& committed() { return committed_; }    // notified after each commit that changed something
  const std::filesystem::path& file() const { return file_; }
  /// A replica's: nobody may write but who follows the primary. Holds for a transaction to its end.
  bool read_only() const { return read_only_; }
  void set_read_only(bool read_only) { read_only_ = read_only; }

 private:
  Database(std::filesystem::path file, Facts& facts) : file_(std::move(file)), facts_(facts) {}

  std::filesystem::path file_;
  Facts& facts_;
  bool read_only_ = false;
  std::unique_ptr<Handle> shared_;
  std::vector<std::unique_ptr<Handle>> spare_;
  ChangeLog log_;
  WriteLock lock_;
  WaitList committed_;
};

}  // namespace chaos::pg
