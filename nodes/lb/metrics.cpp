#include "lb/metrics.hpp"

namespace chaos {

namespace {

using Labels = prometheus::Labels;
constexpr std::array<const char*, 6> kCodes{"1xx", "2xx", "3xx", "4xx", "5xx", "other"};
constexpr std::array<const char*, 5> kStates{"DOWN", "UP", "MAINT", "DRAIN", "NOLB"};

// Registering a family again gives the one that is there.
prometheus::Counter* counter(prometheus::Registry& registry, const char* name, const char* help, const Labels& labels) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Gauge* gauge(prometheus::Registry& registry, const char* name, const char* help, const Labels& labels) {
  return &prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

CodeTallies codes(prometheus::Registry& registry, const std::string& name, const Labels& labels) {
  CodeTallies made;
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    Labels with_code = labels;
    with_code.emplace("code", kCodes[i]);
    made[i] = Tally(counter(registry, name.c_str(), "HTTP responses by class", with_code));
  }
  return made;
}

// of: "server" or "backend".
void register_tallies(ProxyTallies& made, prometheus::Registry& registry, const std::string& of, const Labels& labels) {
  const auto tally = [&](const char* what, const char* help) {
    return Tally(counter(registry, ("haproxy_" + of + "_" + what + "_total").c_str(), help, labels));
  };
  made.responses = codes(registry, "haproxy_" + of + "_http_responses_total", labels);
  made.retries = tally("retry_warnings", "Requests tried again after a failure");
  made.redispatches = tally("redispatch_warnings", "Requests moved to another server");
  made.connection_errors = tally("connection_errors", "Connections that could not be opened, requests that no server took");
  made.response_errors = tally("response_errors", "Answers that failed");
  made.went_down = tally("check_up_down", "Times that it went down");
}

}  // namespace

void ProxyTallies::clear() {
  for (Tally& code : responses) code.clear();
  for (Tally* one : {&sessions, &balanced, &retries, &redispatches, &connection_errors, &response_errors, &went_down, &client_aborts,
                     &server_aborts, &connects, &reuses, &bytes_in, &bytes_out}) {
    one->clear();
  }
}

LbMetrics::LbMetrics(prometheus::Registry& registry) : registry_(registry) {
  const Labels be{{"proxy", "be"}};
  register_tallies(backend_, registry, "backend", be);
  backend_.sessions = Tally(counter(registry, "haproxy_backend_http_requests_total", "HTTP requests received", be));
  backend_.no_backend = Tally(counter(registry, "lb_no_backend_total", "Requests answered 503 because no server was usable", be));
  backend_.current_sessions = gauge(registry, "haproxy_backend_current_sessions", "Requests under way", be);
  backend_.current_queue = gauge(registry, "haproxy_backend_current_queue", "Requests that wait for a place on a server", be);
  backend_.active_servers = gauge(registry, "haproxy_backend_active_servers", "Servers that take new requests", be);
}

CodeTallies LbMetrics::frontend_responses() {
  return codes(registry_, "haproxy_frontend_http_responses_total", {{"proxy", "fe"}});
}

LbServerMetrics& LbMetrics::server(const std::string& name) {
  const auto found = servers_.find(name);
  if (found != servers_.end()) return found->second;
  return servers_.emplace(name, make_server(name)).first->second;
}

LbServerMetrics LbMetrics::make_server(const std::string& name) {
  const Labels labels{{"proxy", "be"}, {"server", name}};
  LbServerMetrics made;
  register_tallies(made, registry_, "server", labels);
  made.sessions = Tally(counter(registry_, "haproxy_server_sessions_total", "Requests sent to the server", labels));
  made.check_failures = Tally(counter(registry_, "haproxy_server_check_failures_total", "Checks failed while the server was up", labels));
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
  const std::string_view state = word == "no check" ? "UP" : word.substr(0, word.find(' '));
  for (auto& [name, value] : status) value->Set(name == state ? 1 : 0);
}

}  // namespace chaos
