// Every metric of the lb role, with the names of HAProxy's own exporter; proxy is "be".
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <map>
#include <string>

namespace chaos {

using CodeCounters = std::array<prometheus::Counter*, 6>;   // 1xx to 5xx, other

/// The counters are what the statistics page shows too: there is one truth. A server that left the lab keeps its series,
/// with no status set, so that its counters go on when it comes back. Data thread only.
struct LbServerMetrics {
  CodeCounters responses;                  // haproxy_server_http_responses_total{code}
  prometheus::Counter* sessions;           // haproxy_server_sessions_total
  prometheus::Counter* check_failures;     // haproxy_server_check_failures_total: while it was up
  prometheus::Counter* check_up_down;      // haproxy_server_check_up_down_total: times it went down
  prometheus::Counter* retries;            // haproxy_server_retry_warnings_total
  prometheus::Counter* redispatches;       // haproxy_server_redispatch_warnings_total
  prometheus::Counter* connection_errors;  // haproxy_server_connection_errors_total
  prometheus::Counter* response_errors;    // haproxy_server_response_errors_total
  prometheus::Gauge* current_sessions;     // haproxy_server_current_sessions
  prometheus::Gauge* response_time;        // haproxy_server_response_time_average_seconds
  std::map<std::string, prometheus::Gauge*, std::less<>> status;   // haproxy_server_status{state}

  /// word: as status_word gives it; what follows a space does not count. Empty: not in the lab.
  void set_status(std::string_view word);
};

struct BackendMetrics {
  CodeCounters responses;                  // haproxy_backend_http_responses_total{code}
  prometheus::Counter* requests;           // haproxy_backend_http_requests_total
  prometheus::Counter* retries;            // haproxy_backend_retry_warnings_total
  prometheus::Counter* redispatches;       // haproxy_backend_redispatch_warnings_total
  prometheus::Counter* connection_errors;  // haproxy_backend_connection_errors_total
  prometheus::Counter* response_errors;    // haproxy_backend_response_errors_total
  prometheus::Counter* down;               // haproxy_backend_check_up_down_total: times none was left
  prometheus::Counter* no_backend;         // lb_no_backend_total: answered 503 as none served
  prometheus::Gauge* current_sessions;     // haproxy_backend_current_sessions
  prometheus::Gauge* active_servers;       // haproxy_backend_active_servers
};

class LbMetrics {
 public:
  explicit LbMetrics(prometheus::Registry& registry);
  /// The same for every call with one name.
  LbServerMetrics& server(const std::string& name);
  BackendMetrics& backend() { return backend_; }

 private:
  LbServerMetrics make_server(const std::string& name);
  prometheus::Registry& registry_;
  BackendMetrics backend_;
  std::map<std::string, LbServerMetrics> servers_;
};

/// Where a status is counted: 0 for 1xx to 4 for 5xx, 5 for any other.
inline std::size_t code_index(unsigned status) { return status >= 100 && status < 600 ? status / 100 - 1 : 5; }

}  // namespace chaos
