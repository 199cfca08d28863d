// The sessions of a server, as pg_stat_activity shows them, and how one of them is reached from another.
#pragma once

#include "postgres/state/statistics.hpp"
#include "runtime/units.hpp"
#include "wire/pgwire_backend.hpp"
#include "wire/tls.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::pg {

class SessionSettings;

enum class BackendState { starting, active, idle, idle_in_transaction, idle_in_failed_transaction };
std::string_view state_word(BackendState state);

/// How sessions ended, and how long they were what; microseconds, of sessions that ended and those that live.
struct SessionTotals {
  std::int64_t sessions = 0;
  std::int64_t abandoned = 0;         // the client was gone
  std::int64_t fatal = 0;             // an error ended it
  std::int64_t killed = 0;            // an operator did
  std::int64_t session_us = 0;        // of sessions that ended
  std::int64_t active_us = 0;
  std::int64_t idle_in_transaction_us = 0;
};
enum class SessionEnd { abandoned, client, fatal, killed };

/// One session. Times are microseconds since 1970, 0: never.
/// What EXPLAIN ANALYZE counts of the run under way; begins anew with each try.
struct RunCount {
  std::int64_t scanned = 0;                  // rows that its scan came to
  std::int64_t passed = 0;                   // of those the ones that its filter let through
  std::optional<RealTime> first_passed;
  std::optional<RealTime> first_scanned;
  std::optional<RealTime> last_scanned;
  std::optional<RealTime> first_row;         // of the result
};

struct Backend {
  std::int32_t pid = 0;
  std::int32_t secret = 0;
  std::string user;
  std::string database;
  std::string application_name;
  std::string client_addr;
  int client_port = 0;
  std::optional<TlsFacts> tls;        // nullopt: its connection is not encrypted
  std::string_view type = "client backend";
  std::int64_t started_us = 0;
  std::int64_t transaction_us = 0;
  std::int64_t query_us = 0;
  std::int64_t state_us = 0;
  BackendState state = BackendState::starting;
  std::string_view wait_event_type;   // empty: does not wait
  std::string_view wait_event;
  std::string query;                  // the last one, at most 1 KB
  std::int64_t query_id = 0;          // of it; 0: it could not be read
  std::vector<ServerError> notices;   // of the statement under way, to be sent with its answer
  StatementWork work;                 // of the statement under way
  RunCount* count = nullptr;          // not null while EXPLAIN ANALYZE runs it
  std::int64_t transaction_id = 0;    // of the transaction under way once it has changed or locked something; 0: none
  bool cancelled = false;             // a cancel request came; the statement takes note and clears it
  bool terminating = false;           // pg_terminate_backend came
  std::function<void()> wake;         // after `cancelled` was set: ends a wait, interrupts a running statement
  std::function<void()> terminate;    // ends the session with 57P01
  SessionEnd end = SessionEnd::abandoned;   // how it ends, when it ended now
  SessionTotals* totals = nullptr;    // to which its times are added
  SessionSettings* settings = nullptr;
  std::int64_t log_min_duration_ms = -1;   // statements that take longer are logged; -1: none

  /// "3/1234": its virtual transaction id.
  std::string virtual_id() const;
  void enter(BackendState next, std::int64_t now_us);
  void set_query(std::string_view text, std::int64_t now_us);
};

/// Data thread only.
class Backends {
 public:
  /// Enters a backend under a new pid; it must leave before it is destroyed.
  void enter(Backend& backend, std::uint64_t chance);
  void leave(const Backend& backend, std::int64_t now_us);
  /// True when there is such a session (its secret must fit; 0: an operator's own call).
  bool cancel(std::int32_t pid, std::int32_t secret = 0);
  bool terminate(std::int32_t pid);
  const std::map<std::int32_t, Backend*>& all() const { return all_; }
  /// Since the process started.
  const SessionTotals& totals() const { return totals_; }
  std::size_t clients() const;
  std::size_t count(BackendState state) const;

 private:
  std::map<std::int32_t, Backend*> all_;
  SessionTotals totals_;
  std::int32_t next_pid_ = 1000;
};

}  // namespace chaos::pg
