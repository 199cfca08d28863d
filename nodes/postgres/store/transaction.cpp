#include "postgres/store/transaction.hpp"

#include "postgres/base/sql_error.hpp"

namespace chaos::pg {

namespace {
ServerError warning(std::string sqlstate, std::string message) { return {"WARNING", std::move(sqlstate), std::move(message), {}, {}, 0}; }
}

bool Transaction::begin(const Plan& plan, ServerError& notice) {
  if (phase_ == Phase::open || phase_ == Phase::failed) {
    notice = warning("25001", "there is already a transaction in progress");
    return true;
  }
  phase_ = Phase::open;
  snapshot_ = plan.snapshot;
  serializable_ = plan.serializable;
  read_only_ = plan.read_only;
  return true;
}

bool Transaction::set_modes(const Plan& plan, ServerError& notice, ServerError& error) {
  if (phase_ == Phase::failed) return admits(error);
  if (phase_ == Phase::none) {
    notice = warning("25P01", "SET TRANSACTION can only be used in transaction blocks");
    return true;
  }
  const bool other_level = plan.names_isolation && (plan.snapshot != snapshot_ || plan.serializable != serializable_);
  const bool opens_writes = plan.names_access && read_only_ && !plan.read_only;
  if (queried_ && (other_level || opens_writes)) {
    error = make_error("25001", other_level ? "SET TRANSACTION ISOLATION LEVEL must be called before any query"
                                            : "transaction read-write mode must be set before any query");
    return false;
  }
  if (plan.names_isolation) snapshot_ = plan.snapshot, serializable_ = plan.serializable;
  if (plan.names_access) read_only_ = plan.read_only;
  return true;
}

bool Transaction::end(const Plan& plan, TransactionAct& act, std::string& tag, ServerError& notice, ServerError& error) {
  const bool commit = plan.verb == Verb::commit;
  if (plan.chain && (phase_ == Phase::none || phase_ == Phase::implicit)) {
    error = make_error("25P01", plan.tag + " AND CHAIN can only be used in transaction blocks");
    return false;
  }
  if (phase_ == Phase::none || phase_ == Phase::implicit) notice = warning("25P01", "there is no transaction in progress");
  const bool lost = phase_ == Phase::failed;
  act = phase_ == Phase::none ? TransactionAct::nothing : commit && !lost ? TransactionAct::commit : TransactionAct::rollback;
  if (lost) tag = "ROLLBACK";
  reset();
  return true;
}

bool Transaction::savepoint(const Plan& plan, TransactionAct& act, ServerError& error) {
  if (phase_ != Phase::open && phase_ != Phase::failed) {
    error = make_error("25P01", std::string(plan.tag) + (plan.verb == Verb::rollback_to ? " TO SAVEPOINT" : "") + " can only be used in transaction blocks");
    return false;
  }
  if (phase_ == Phase::failed && plan.verb != Verb::rollback_to) return admits(error);
  if (plan.verb != Verb::savepoint && savepoints_ == 0) {
    error = make_error("3B001", "savepoint \"" + plan.name + "\" does not exist");
    return false;
  }
  if (plan.verb == Verb::savepoint) ++savepoints_;
  act = plan.verb == Verb::savepoint ? TransactionAct::save : plan.verb == Verb::release ? TransactionAct::release : TransactionAct::rollback_to;
  if (plan.verb == Verb::rollback_to) phase_ = Phase::open;
  return true;
}

bool Transaction::control(const Plan& plan, TransactionAct& act, std::string& tag, ServerError& notice, ServerError& error) {
  act = TransactionAct::nothing;
  tag = plan.tag;
  notice.sqlstate.clear();
  switch (plan.verb) {
    case Verb::begin: return begin(plan, notice);
    case Verb::set_transaction: return set_modes(plan, notice, error);
    case Verb::commit:
    case Verb::rollback: return end(plan, act, tag, notice, error);
    default: return savepoint(plan, act, error);
  }
}

void Transaction::chain(const Transaction& before) {
  phase_ = Phase::open;
  snapshot_ = before.snapshot_;
  serializable_ = before.serializable_;
  read_only_ = before.read_only_;
}

bool Transaction::admits(ServerError& error) const {
  if (phase_ != Phase::failed) return true;
  error = make_error("25P02", "current transaction is aborted, commands ignored until end of transaction block");
  return false;
}

void Transaction::fail() {
  if (phase_ == Phase::open) phase_ = Phase::failed;
}

TransactionState Transaction::wire_state() const {
  switch (phase_) {
    case Phase::open: return TransactionState::open;
    case Phase::failed: return TransactionState::failed;
    default: return TransactionState::idle;
  }
}

}  // namespace chaos::pg
