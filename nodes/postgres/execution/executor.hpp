// Runs a session's statements. Reads in autocommit use the shared handle. A transaction that writes does so on a handle of its
// own, in SQLite's one write transaction while nobody else wants it; then it is parked: rolled back there, its row changes kept
// and done again at its next turn. Rows, keys and tables that it changed stay locked in the lock manager to its end, so that what
// comes back fits. A statement that meets a lock of another is undone, waits, and runs again on what is committed then.
//   READ COMMITTED: each statement sees what is committed. REPEATABLE READ and SERIALIZABLE read one snapshot; see executor_snapshot.cpp.
#pragma once

#include "postgres/execution/engine.hpp"
#include "postgres/state/waiting.hpp"
#include "postgres/store/foreign_key_check.hpp"
#include "postgres/store/transaction.hpp"

#include <functional>
#include <set>

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
  RealDuration statement{};                          // statement_timeout; 0: none
  RealDuration lock{};                               // lock_timeout; 0: none
  RealDuration deadlock = std::chrono::seconds(1);   // deadlock_timeout: how long before a wait looks for a circle
  bool log_lock_waits = false;
  bool read_only = false;                            // default_transaction_read_only
  bool snapshot = false;                             // default_transaction_isolation is repeatable read or serializable
  bool serializable = false;                         // it is the latter
};

/// Data thread only; one statement at a time.
class Executor final : private WriteSlot::Holder {
 public:
  /// No wait for a slot or for SQLite's write transaction lasts longer than this. A wait for a lock has no bound but its time-outs.
  static constexpr std::chrono::seconds kLongestWait{60};

  Executor(Engine& engine, Backend& backend) : engine_(engine), backend_(backend) {}
  /// The open transaction is rolled back; advisory locks of the session are given back.
  ~Executor() override;

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
  awaitable<bool> end_implicit(bool commit, ServerError& error);
  void finish();

  const Transaction& transaction() const { return transaction_; }
  ExecutorLimits limits;

 private:
  struct Mark { std::string name; std::size_t changes; std::size_t locks; };
  enum class Outcome { done, failed, blocked, outgrown };

  awaitable<bool> control(const Plan& plan, std::string& tag, ServerError& notice, ServerError& error);
  bool savepoint(const Plan& plan, TransactionAct act, ServerError& error);
  awaitable<bool> commit(ServerError& error);
  void rollback();
  void chain(const Transaction& before);

  awaitable<bool> data(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> admit(const Call& call, ServerError& error);
  bool check_cancelled(ServerError& error);
  RealTime wait_until() const;
  Handle& handle();
  bool changed() const { return own_ && !own_->changes.empty(); }

  // executor_read.cpp
  awaitable<Handle*> reading_handle(const Plan& plan, const std::string& sql, ServerError& error);
  awaitable<bool> read(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> read_rows(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> sleep(double seconds, ServerError& error);
  Outcome read_once(Handle& on, const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> read_slowly(Handle& on, const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> pour(RowRun& run, const Call& call, ServerError& error);

  // executor_write.cpp
  awaitable<bool> write(const Call& call, std::int64_t& rows, ServerError& error);
  awaitable<bool> begin_statement(bool slow, ServerError& error);
  awaitable<bool> resume(ServerError& error);
  bool resume_now(ServerError& error);
  bool replay(ServerError& error);
  awaitable<Outcome> attempt(const Call& call, bool slow, std::int64_t& rows, ServerError& error);
  awaitable<Outcome> run_sql(RowRun& run, const Call& call, bool slow, ServerError& error);
  awaitable<bool> finish_write(const Call& call, ServerError& error);
  void undo(std::size_t changes);
  RealTime parkable_at() const override;
  void park() override;

  // executor_locks.cpp
  bool needs_locks() const { return transaction_.active() || !engine_.locks.quiet(backend_.pid); }
  bool want(const LockWant& wanted);
  bool waits_for_function(Handle& on);
  bool lock_relations(const Accesses& accesses, const Plan& plan);
  Outcome claim_rows(Handle& on, const Plan& plan, ServerError& error);
  bool claim_row(Handle& on, std::size_t at, const Change& change, std::vector<std::size_t>& renumber);
  bool claim_keys(const TableInfo& info, std::uint32_t table, const Change& change);
  bool renumber(Handle& on, const std::vector<std::size_t>& which, ServerError& error);
  bool table_exists(const std::string& table, ServerError& error);
  awaitable<bool> lock_tables(const Plan& plan, ServerError& error);
  awaitable<bool> lock_rows(const Call& call, ServerError& error);
  Outcome lock_rows_once(Handle& on, const Call& call, ServerError& error);
  TableInfos& tables() { return defined_ ? own_tables_ : database_->tables(); }

  // executor_keys.cpp
  awaitable<Outcome> beside(Handle& on, bool slow, std::function<bool()> work, ServerError& error);
  Outcome judge(const Handle& on, bool slow, ServerError& error);
  void watch_keys(Handle& on);
  awaitable<Outcome> check_integers(Handle& on, const Accesses& accesses, bool slow, ServerError& error);
  awaitable<Outcome> check_keys(Handle& on, bool slow, ServerError& error);
  awaitable<Outcome> define_keys(Handle& on, const KeyDefinition& definition, bool slow, ServerError& error);

  // executor_wait.cpp
  awaitable<bool> wait_for_lock(ServerError& error);
  bool wait_for_gone_row();
  bool look_for_deadlock(ServerError& error);
  void log_wait(bool over, RealTime start) const;
  void show_wait();
  ServerError nowait_error() const;
  ServerError timeout_error() const;
  void need_transaction_id();
  void release_locks();

  // executor_snapshot.cpp
  bool open_snapshot(ServerError& error);
  void close_snapshot();
  bool snapshot_holds(const Accesses& accesses, ServerError& error) const;
  bool row_unchanged(std::string_view table, std::int64_t rowid, ServerError& error) const;
  bool reads_hold(ServerError& error) const;

  Engine& engine_;
  Backend& backend_;
  Transaction transaction_;
  std::shared_ptr<Database> database_;   // of the statement or transaction under way
  Database::Lease own_;                  // of a transaction that writes: its handle keeps its changes
  Database::Lease view_;                 // of one that holds a snapshot
  Handle* live_ = nullptr;               // has SQLite's write transaction, with all of our changes in it
  bool slow_ = false;                    // the statement under way outgrew the data thread
  bool busy_ = false;                    // our statement runs in it: it cannot be parked
  bool defined_ = false;                 // the transaction has made definitions, which only its own handle knows
  TableInfos own_tables_;
  RealTime idle_since_{};
  RealTime statement_until_ = RealTime::max();
  std::vector<Mark> marks_;
  std::set<std::string, std::less<>> changed_tables_;
  std::set<std::string, std::less<>> read_tables_;       // of a SERIALIZABLE transaction
  std::int64_t snapshot_seq_ = 0;
  std::vector<std::string> targets_;     // tables that the statement under way writes
  LockWant wanted_;                      // the lock that the statement under way could not get
  WaitList granted_;
};

}  // namespace chaos::pg
