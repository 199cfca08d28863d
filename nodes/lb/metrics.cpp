#include "lb/metrics.hpp"

namespace chaos {

namespace {

using Labels = prometheus::Labels;
constexpr std::array<const char*, 6> kCodes{"1xx", "2xx", "3xx", "4xx", "5xx", "other"};
constexpr std::array<const char*, 4> kStates{"DOWN", "UP", "MAINT", "DRAIN"};

// Registering a family again gives the one that is there.
prometheus::Counter* counter(prometheus::Registry& registry, const char* name, const char* help, const Labels& labels) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Gauge* gauge(prometheus::Registry& registry, const char* name, const char* help, const Labels& labels) {
  return &prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

CodeCounters codes(prometheus::Registry& registry, const char* name, const Labels& labels) {
  CodeCounters made{};
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    Labels with_code = labels;
    with_code.emplace("code", kCodes[i]);
    made[i] = counter(registry, name, "HTTP responses by class", with_code);
  }
  return made;
}

}  // namespace

LbMetrics::LbMetrics(prometheus::Registry& registry) : registry_(registry) {
  const Labels be{{"proxy", "be"}};
  backend_.responses = codes(registry, "haproxy_backend_http_responses_total", be);
  backend_.requests = counter(registry, "haproxy_backend_http_requests_total", "HTTP requests received", be);
  backend_.retries = counter(registry, "haproxy_backend_retry_warnings_total", "Requests tried again after a failure", be);
  backend_.redispatches = counter(registry, "haproxy_backend_redispatch_warnings_total", "Requests moved to another server", be);
  backend_.connection_errors = counter(registry, "haproxy_backend_connection_errors_total", "Connections that could not be opened", be);
  backend_.response_errors = counter(registry, "haproxy_backend_response_errors_total", "Answers that failed", be);
  backend_.down = counter(registry, "haproxy_backend_check_up_down_total", "Times that no server was left", be);
  backend_.no_backend = counter(registry, "lb_no_backend_total", "Requests answered 503 because no server was usable", be);
  backend_.current_sessions = gauge(registry, "haproxy_backend_current_sessions", "Requests under way", be);
  backend_.active_servers = gauge(registry, "haproxy_backend_active_servers", "Servers that take new requests", be);
}

LbServerMetrics& LbMetrics::server(const std::string& name) {
  const auto found = servers_.find(name);
  if (found != servers_.end()) return found->second;
  return servers_.emplace(name, make_server(name)).first->second;
}

LbServerMetrics LbMetrics::make_server(const std::string& name) {
  const Labels labels{{"proxy", "be"}, {"server", name}};
  LbServerMetrics made;
  made.responses = codes(registry_, "haproxy_server_http_responses_total", labels);
  made.sessions = counter(registry_, "haproxy_server_sessions_total", "Requests sent to the server", labels);
  made.check_failures = counter(registry_, "haproxy_server_check_failures_total", "Checks failed while the server was up", labels);
  made.check_up_down = counter(registry_, "haproxy_server_check_up_down_total", "Times that the server went down", labels);
  made.retries = counter(registry_, "haproxy_server_retry_warnings_total", "Requests tried again after a failure here", labels);
  made.redispatches = counter(registry_, "haproxy_server_redispatch_warnings_total", "Requests moved away from the server", labels);
  made.connection_errors = counter(registry_, "haproxy_server_connection_errors_total", "Connections that could not be opened", labels);
  made.response_errors = counter(registry_, "haproxy_server_response_errors_total", "Answers that failed", labels);
  made.current_sessions = gauge(registry_, "haproxy_server_current_sessions", "Requests under way", labels);
  made.response_time = gauge(registry_, "haproxy_server_response_time_average_seconds", "Mean over the last 1024 answers", labels);
  for (const char* state : kStates) {
    Labels with_state = labels;
    with_state.emplace("state", state);
    made.status[state] = gauge(registry_, "haproxy_server_status", "1 for the state that it is in", with_state);
  }
  return made;
}

void LbServerMetrics::set_status(std::string_view word) {
  const std::string_view state = word.substr(0, word.find(' '));
  for (auto& [name, value] : status) value->Set(name == state ? 1 : 0);
}

}  // namespace chaos
