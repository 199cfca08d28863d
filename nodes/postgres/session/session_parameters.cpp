// The part of Session that changes settings.
#include "postgres/base/sql_error.hpp"
#include "postgres/session/session.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/roles.hpp"

namespace chaos::pg {

// What the session does differently with its settings as they are now; the client is told of those it must know.
void Session::apply_settings() {
  if (applied_ == settings_.generation()) return;
  applied_ = settings_.generation();
  const auto time = [this](const char* name) { return real_ms(SessionSettings::milliseconds(settings_.get(name).value_or("0")).value_or(0)); };
  executor_.limits.statement = time("statement_timeout");
  executor_.limits.lock = time("lock_timeout");
  executor_.limits.deadlock = time("deadlock_timeout");
  executor_.limits.log_lock_waits = settings_.get("log_lock_waits").value_or("off") == "on";
  executor_.limits.read_only = settings_.value("default_transaction_read_only") == "on";
  const std::string isolation = settings_.value("default_transaction_isolation").value_or("");
  executor_.limits.serializable = isolation == "serializable";
  executor_.limits.snapshot = executor_.limits.serializable || isolation == "repeatable read";
  idle_in_transaction_ = time("idle_in_transaction_session_timeout");
  idle_ = time("idle_session_timeout");
  backend_.application_name = settings_.get("application_name").value_or("");
  backend_.log_min_duration_ms = settings_.number("log_min_duration_statement");
  for (auto& [name, value] : told_) {
    std::string now = settings_.get(std::string(name)).value_or("");
    if (now == value) continue;
    value = std::move(now);
    append_parameter_status(wire_.out, name, value);
  }
}

// BEGIN with what default_transaction_isolation and default_transaction_read_only say where it does not say otherwise.
Plan Session::with_defaults(Plan begin) const {
  if (!begin.names_isolation) {
    begin.snapshot = executor_.limits.snapshot;
    begin.serializable = executor_.limits.serializable;
  }
  if (!begin.names_access) begin.read_only = executor_.limits.read_only;
  return begin;
}

std::optional<std::string> Session::of_transaction(const std::string& name) const {
  const Transaction& transaction = executor_.transaction();
  const bool open = transaction.phase() == Transaction::Phase::open || transaction.phase() == Transaction::Phase::failed;
  if (name == "transaction_read_only") return (open ? transaction.read_only() : executor_.limits.read_only) || (engine_.database && engine_.database->read_only()) ? "on" : "off";
  if (name != "transaction_isolation") return std::nullopt;
  if (open ? transaction.serializable() : executor_.limits.serializable) return "serializable";
  return (open ? transaction.snapshot() : executor_.limits.snapshot) ? "repeatable read" : "read committed";
}

bool Session::set(const Plan& plan, ServerError& error) {
  if (!plan.local) return settings_.set(plan.name, plan.value, error);
  if (executor_.transaction().active()) return settings_.set_local(plan.name, plan.value, error);
  append_error(wire_.out, {"WARNING", "25P01", "SET LOCAL can only be used in transaction blocks", {}, {}, 0});
  return true;
}

bool Session::alter_system(const Plan& plan, ServerError& error) {
  if (backend_.user != kSuperuser) {
    error = plan.name.empty() ? make_error("42501", "permission denied to perform ALTER SYSTEM RESET ALL")
                              : make_error("42501", "permission denied to set parameter \"" + plan.name + "\"");
    return false;
  }
  if (executor_.transaction().active()) {
    error = make_error("25001", "ALTER SYSTEM cannot run inside a transaction block");
    return false;
  }
  Facts& facts = engine_.database->shared().facts();
  if (plan.name.empty()) facts.config().alter_reset_all();
  else if (!facts.config().alter(plan.name, plan.value, error)) return false;
  return facts.save_config(error);
}

}  // namespace chaos::pg
