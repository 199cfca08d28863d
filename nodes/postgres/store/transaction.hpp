// The state of a session's transaction: which commands it takes, what they leave behind. Pure.
#pragma once

#include "postgres/sql/sql_plan.hpp"

namespace chaos::pg {

/// What the shell must do in the database for a command that was allowed.
enum class TransactionAct { nothing, commit, rollback, save, release, rollback_to };

class Transaction {
 public:
  enum class Phase { none, implicit, open, failed };

  /// One of begin, set_transaction, commit, rollback, savepoint, release, rollback_to. `notice` is set to a warning for the client when
  /// its code is not empty. False: refused with `error`. `tag` is what CommandComplete says.
  bool control(const Plan& plan, TransactionAct& act, std::string& tag, ServerError& notice, ServerError& error);
  /// Whether any other statement may run now (25P02 in a failed transaction).
  bool admits(ServerError& error) const;
  /// A query runs: from now on the isolation level stands.
  void query() { queried_ = true; }
  /// A statement failed: an open transaction is lost, unless a savepoint is gone back to.
  void fail();
  /// Several statements in one query string form a transaction unless they name their own.
  void begin_implicit() { if (phase_ == Phase::none) phase_ = Phase::implicit; }
  void reset() { *this = {}; }
  /// AND CHAIN: the next one begins at once, with the modes of the one that has ended.
  void chain(const Transaction& before);

  Phase phase() const { return phase_; }
  bool active() const { return phase_ != Phase::none; }
  bool snapshot() const { return snapshot_; }
  bool serializable() const { return serializable_; }
  bool read_only() const { return read_only_; }
  TransactionState wire_state() const;

 private:
  bool begin(const Plan& plan, ServerError& notice);
  bool set_modes(const Plan& plan, ServerError& notice, ServerError& error);
  bool end(const Plan& plan, TransactionAct& act, std::string& tag, ServerError& notice, ServerError& error);
  bool savepoint(const Plan& plan, TransactionAct& act, ServerError& error);

  Phase phase_ = Phase::none;
  int savepoints_ = 0;
  bool snapshot_ = false;
  bool serializable_ = false;
  bool read_only_ = false;
  bool queried_ = false;
};

}  // namespace chaos::pg
