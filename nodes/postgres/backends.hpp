// The sessions of a server, as pg_stat_activity shows them, and how one of them is reached from another.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace chaos::pg {

enum class BackendState { starting, active, idle, idle_in_transaction, idle_in_failed_transaction };
std::string_view state_word(BackendState state);

/// One session. Times are microseconds since 1970, 0: never.
struct Backend {
  std::int32_t pid = 0;
  std::int32_t secret = 0;
  std::string user;
  std::string database;
  std::string application_name;
  std::string client_addr;
  int client_port = 0;
  std::string_view type = "client backend";
  std::int64_t started_us = 0;
  std::int64_t transaction_us = 0;
  std::int64_t query_us = 0;
  std::int64_t state_us = 0;
  BackendState state = BackendState::starting;
  std::string_view wait_event_type;   // empty: does not wait
  std::string_view wait_event;
  std::string query;                  // the last one, at most 1 KB
  bool holds_lock = false;            // its transaction has the write lock
  bool cancelled = false;             // a cancel request came; the statement takes note and clears it
  std::function<void()> wake;         // after `cancelled` was set: ends a wait, interrupts a running statement
  std::function<void()> terminate;    // ends the session with 57P01

  void enter(BackendState next, std::int64_t now_us);
  void set_query(std::string_view text, std::int64_t now_us);
};

/// Data thread only.
class Backends {
 public:
  /// Enters a backend under a new pid; it must leave before it is destroyed.
  void enter(Backend& backend, std::uint64_t chance);
  void leave(const Backend& backend) { all_.erase(backend.pid); }
  /// True when there is such a session (its secret must fit; 0: an operator's own call).
  bool cancel(std::int32_t pid, std::int32_t secret = 0);
  bool terminate(std::int32_t pid);
  const std::map<std::int32_t, Backend*>& all() const { return all_; }
  std::size_t clients() const;
  std::size_t count(BackendState state) const;

 private:
  std::map<std::int32_t, Backend*> all_;
  std::int32_t next_pid_ = 1000;
};

}  // namespace chaos::pg
