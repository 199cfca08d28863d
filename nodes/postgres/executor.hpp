// Runs a session's statements: in autocommit on the shared handle, in a transaction that writes on one of its own.
//   Reads in a READ COMMITTED transaction see what is committed, statement by statement. The first write takes the write
//   lock and holds it to the end. REPEATABLE READ and SERIALIZABLE hold a snapshot from their first statement.
#pragma once

#include "postgres/engine.hpp"
#include "postgres/transaction.hpp"

namespace chaos::pg {

/// Where rows go.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual std::string& out() = 0;
  /// Called when out() has grown; false when the client is gone or the result is too large for where it goes.
  virtual awaitable<bool> flush(ServerError& error) = 0;
};

struct Call {
  const Plan& plan;
  const std::vector<BoundValue>& values;
  RowFormat format;
  RowSink& sink;
};

struct ExecutorLimits {
  RealDuration statement{};      // statement_timeout; 0: none
  RealDuration lock{};           // lock_timeout; 0: kLongestWait
};

/// Data thread only; one statement at a time.
class Executor {
 public:
  /// No wait, for a slot or a lock, lasts longer than this.
  static constexpr std::chrono::seconds kLongestWait{60};

  Executor(Engine& engine, Backend& backend) : engine_(engine), backend_(backend) {}
  /// The open transaction is rolled back.
  ~Executor() { finish(); }

  /// Runs one statement of the kinds select to rollback_to. Rows go to the sink; `tag` is for CommandComplete, `notice`
  /// is for the client when its code is not empty. False: `error`; an open transaction has failed then.
  awaitable<bool> run(Call call, std::string& tag, ServerError& notice, ServerError& error);
  /// Columns of a statement that has not run; empty: it returns no rows. Errors as at run.
  bool describe(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error);

  bool relation_exists(const std::string& name);
  /// What the next statement would read on: for its schema and plan.
  Handle& reading();

  /// A statement that could not even be read: an open transaction has failed.
  void refuse();
  void begin_implicit() { transaction_.begin_implicit(); }
  /// Ends the transaction that begin_implicit began, if it still is one.
  bool end_implicit(bool commit, ServerError& error);
  void finish();

  const Transaction& transaction() const { return transaction_; }
  ExecutorLimits limits;

 private:
  struct Mark { std::string name; std::size_t changes; };

  awaitable<bool> control(const Plan& plan, std::string& tag, ServerError& notice, ServerError& error);
  awaitable<bool> savepoint(const Plan& plan, TransactionAct act, ServerError& error);
  bool commit(ServerError& error);
  void rollback();

  awaitable<bool> data(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> admit(const Call& call, ServerError& error);
  bool needs_writing(const Plan& plan) const;
  bool open_snapshot(ServerError& error);
  awaitable<bool> read(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> read_slowly(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> pour(RowRun& run, const Call& call, ServerError& error);
  awaitable<bool> write(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> begin_writing(ServerError& error);
  awaitable<bool> take_lock(ServerError& error);
  bool run_write(Handle& handle, const Call& call, std::int64_t& rows, ServerError& error);
  bool check_cancelled(ServerError& error);
  RealTime wait_until(RealDuration limit) const;
  Handle& handle();

  Engine& engine_;
  Backend& backend_;
  Transaction transaction_;
  std::shared_ptr<Database> database_;   // of the statement or transaction under way
  Database::Lease own_;                  // of a transaction that writes or holds a snapshot
  bool writing_ = false;                 // the write lock is ours
  std::vector<Mark> marks_;
};

}  // namespace chaos::pg
