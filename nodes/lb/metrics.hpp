// Every metric of the lb role, with the names of HAProxy's own exporter; proxy is "be", of the frontend "fe".
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace chaos {

/// A counter of the statistics, with its metric where it has one. `clear counters all` clears the statistics alone: metrics
/// never go back. Data thread only.
class Tally {
 public:
  explicit Tally(prometheus::Counter* metric = nullptr) : metric_(metric) {}
  void add(std::uint64_t n = 1) {
    value_ += n;
    if (metric_) metric_->Increment(static_cast<double>(n));
  }
  std::uint64_t value() const { return value_; }
  void clear() { value_ = 0; }

 private:
  std::uint64_t value_ = 0;
  prometheus::Counter* metric_;
};

using CodeTallies = std::array<Tally, 6>;   // 1xx to 5xx, other

/// What a server and its backend count alike. The haproxy_server_ metrics have the labels proxy and server.
struct ProxyTallies {
  CodeTallies responses;      // haproxy_{server,backend}_http_responses_total{code}
  Tally sessions;             // haproxy_server_sessions_total; of a backend haproxy_backend_http_requests_total
  Tally balanced;             // of these, chosen by the algorithm
  Tally retries;              // haproxy_{server,backend}_retry_warnings_total
  Tally redispatches;         // haproxy_{server,backend}_redispatch_warnings_total
  Tally connection_errors;    // haproxy_{server,backend}_connection_errors_total
  Tally response_errors;      // haproxy_{server,backend}_response_errors_total
  Tally went_down;            // haproxy_{server,backend}_check_up_down_total
  Tally client_aborts;
  Tally server_aborts;
  Tally connects;             // requests on a new connection
  Tally reuses;               // requests on a kept one
  Tally bytes_in;             // from clients
  Tally bytes_out;            // to clients
  void clear();
};

/// A server that left the lab keeps its series, with no status set, so that its counters go on when it comes back.
struct LbServerMetrics : ProxyTallies {
  Tally check_failures;                    // haproxy_server_check_failures_total: while it was up
  Tally refused;                           // requests that found nothing listening, counted as failed checks
  prometheus::Gauge* current_sessions;     // haproxy_server_current_sessions
  prometheus::Gauge* response_time;        // haproxy_server_response_time_average_seconds
  std::map<std::string, prometheus::Gauge*, std::less<>> status;   // haproxy_server_status{state}

  /// word: as status_word gives it; what follows a space does not count. Empty: not in the lab.
  void set_status(std::string_view word);
};

struct BackendMetrics : ProxyTallies {
  Tally no_backend;                        // lb_no_backend_total: answered 503 as none served
  prometheus::Gauge* current_sessions;     // haproxy_backend_current_sessions
  prometheus::Gauge* current_queue;        // haproxy_backend_current_queue
  prometheus::Gauge* active_servers;       // haproxy_backend_active_servers
};

class LbMetrics {
 public:
  explicit LbMetrics(prometheus::Registry& registry);
  /// The same for every call with one name.
  LbServerMetrics& server(const std::string& name);
  BackendMetrics& backend() { return backend_; }
  /// haproxy_frontend_http_responses_total{code} of the frontend: also what the load balancer answered by itself.
  CodeTallies frontend_responses();

 private:
  LbServerMetrics make_server(const std::string& name);
  prometheus::Registry& registry_;
  BackendMetrics backend_;
  std::map<std::string, LbServerMetrics> servers_;
};

/// Where a status is counted: 0 for 1xx to 4 for 5xx, 5 for any other.
inline std::size_t code_index(unsigned status) { return status >= 100 && status < 600 ? status / 100 - 1 : 5; }

}  // namespace chaos
