#include "postgres/state/backends.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {
constexpr std::size_t kMaxQuery = 1024;   // PostgreSQL: track_activity_query_size
}

std::string_view state_word(BackendState state) {
  switch (state) {
    case BackendState::starting: return "starting";
    case BackendState::active: return "active";
    case BackendState::idle: return "idle";
    case BackendState::idle_in_transaction: return "idle in transaction";
    case BackendState::idle_in_failed_transaction: return "idle in transaction (aborted)";
  }
  return "";
}

std::string Backend::virtual_id() const { return std::to_string(pid % 1000) + "/" + std::to_string(transaction_us / 1000 % 1'000'000); }

void Backend::enter(BackendState next, std::int64_t now_us) {
  const bool in_transaction = state == BackendState::idle_in_transaction || state == BackendState::idle_in_failed_transaction;
  if (totals && state == BackendState::active) totals->active_us += now_us - state_us;
  if (totals && in_transaction) totals->idle_in_transaction_us += now_us - state_us;
  state = next;
  state_us = now_us;
  const bool client = next != BackendState::active && next != BackendState::starting;
  wait_event_type = client ? "Client" : "";
  wait_event = client ? "ClientRead" : "";
  if (next == BackendState::idle) transaction_us = 0;
}

void Backend::set_query(std::string_view text, std::int64_t now_us) {
  query.assign(text.substr(0, kMaxQuery));
  query_us = now_us;
  if (transaction_us == 0 && type == "client backend") transaction_us = now_us;
}

void Backends::enter(Backend& backend, std::uint64_t chance) {
  backend.pid = ++next_pid_;
  backend.secret = static_cast<std::int32_t>(chance | 1);
  all_[backend.pid] = &backend;
  if (backend.type != "client backend") return;
  backend.totals = &totals_;
  ++totals_.sessions;
}

void Backends::leave(const Backend& backend, std::int64_t now_us) {
  all_.erase(backend.pid);
  if (!backend.totals) return;
  totals_.session_us += now_us - backend.started_us;
  if (backend.end == SessionEnd::abandoned) ++totals_.abandoned;
  if (backend.end == SessionEnd::fatal) ++totals_.fatal;
  if (backend.end == SessionEnd::killed) ++totals_.killed;
}

bool Backends::cancel(std::int32_t pid, std::int32_t secret) {
  const auto found = all_.find(pid);
  if (found == all_.end() || (secret != 0 && secret != found->second->secret)) return false;
  found->second->cancelled = true;
  if (found->second->wake) found->second->wake();
  return true;
}

bool Backends::terminate(std::int32_t pid) {
  const auto found = all_.find(pid);
  if (found == all_.end() || !found->second->terminate) return false;
  found->second->end = SessionEnd::killed;
  const auto terminate = found->second->terminate;
  terminate();
  return true;
}

std::size_t Backends::clients() const {
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [](const auto& entry) {
    return entry.second->type == "client backend";
  }));
}

std::size_t Backends::count(BackendState state) const {
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [state](const auto& entry) {
    return entry.second->type == "client backend" && entry.second->state == state;
  }));
}

}  // namespace chaos::pg
