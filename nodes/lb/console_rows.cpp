// The statistics' rows of lb/console.hpp.
#include "lb/console.hpp"

#include "runtime/ports.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

constexpr std::string_view kCodeColumns[] = {"hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"};
// What HAProxy counts and this load balancer never does; HAProxy writes 0 there as well.
constexpr std::string_view kNeverOfFrontend[] = {"dreq", "dresp", "rate_lim", "comp_in", "comp_out", "comp_byp", "comp_rsp", "dcon", "dses", "wrew", "cache_lookups",
                                                 "cache_hits", "eint"};
constexpr std::string_view kNeverOfServer[] = {"dresp", "wrew", "eint", "safe_conn_cur"};
constexpr std::string_view kNeverOfBackend[] = {"dreq", "dresp", "comp_in", "comp_out", "comp_byp", "comp_rsp", "wrew", "cache_lookups", "cache_hits", "eint", "bck",
                                                "agg_server_status", "agg_server_check_status", "agg_check_status"};

std::uint64_t seconds(RealDuration d) { return static_cast<std::uint64_t>(to_s(d)); }
std::string last_session(RealTime at, RealTime now) { return at == RealTime{} ? "-1" : std::to_string(seconds(now - at)); }

void set_zero(StatsRow& row, std::span<const std::string_view> columns) {
  for (const std::string_view column : columns) row.set(column, std::uint64_t{0});
}

void set_codes(StatsRow& row, const CodeTallies& tallies) {
  for (std::size_t i = 0; i < tallies.size(); ++i) row.set(kCodeColumns[i], tallies[i].value());
}

// TLS and HTTP/2 are not spoken: their modules' fields are 0.
void set_modules(StatsRow& row) {
  const auto& fields = stats_fields();
  const bool server = row.kind() == StatsRow::Kind::server;
  for (std::size_t i = kFirstModuleField; i < fields.size() && !(server && !fields[i].name.starts_with("ssl_")); ++i) row.set(fields[i].name, std::uint64_t{0});
}

// What a server's and a backend's line have in common.
void set_tallies(StatsRow& row, const ProxyTallies& tallies) {
  set_codes(row, tallies.responses);
  row.set("stot", tallies.sessions.value());
  row.set("lbtot", tallies.balanced.value());
  row.set("bin", tallies.bytes_in.value());
  row.set("bout", tallies.bytes_out.value());
  row.set("econ", tallies.connection_errors.value());
  row.set("eresp", tallies.response_errors.value());
  row.set("wretr", tallies.retries.value());
  row.set("wredis", tallies.redispatches.value());
  row.set("chkdown", tallies.went_down.value());
  row.set("cli_abrt", tallies.client_aborts.value());
  row.set("srv_abrt", tallies.server_aborts.value());
  row.set("connect", tallies.connects.value());
  row.set("reuse", tallies.reuses.value());
}

void set_times(StatsRow& row, const TimeMeters& times) {
  const std::pair<std::string_view, const TimeMeter&> meters[] = {{"qtime", times.queue}, {"ctime", times.connect}, {"rtime", times.response}, {"ttime", times.total}};
  for (const auto& [column, meter] : meters) row.set(column, meter.mean_ms());
  row.set("qtime_max", times.queue.max_ms());
  row.set("ctime_max", times.connect.max_ms());
  row.set("rtime_max", times.response.max_ms());
  row.set("ttime_max", times.total.max_ms());
}

void set_check(StatsRow& row, const Backend& backend, const v1::LbConfig& config) {
  row.set("chkfail", backend.metrics.check_failures.value());
  row.set("hanafail", backend.metrics.refused.value());
  if (backend.admin == AdminState::maint) return;   // it is not checked
  const CheckReport& check = backend.last_check;
  row.set("check_status", (backend.check_under_way ? "* " : "") + std::string(check.status));
  row.set("check_desc", check_description(check.status));
  row.set("check_duration", static_cast<std::uint64_t>(to_ms(check.took)));
  row.set("last_chk", check.info);
  row.set("check_rise", static_cast<std::uint64_t>(config.rise()));
  row.set("check_fall", static_cast<std::uint64_t>(config.fall()));
  row.set("check_health", static_cast<std::uint64_t>(backend.health.health()));
  if (check.code != 0) row.set("check_code", std::uint64_t{check.code});
}

// Unlike the checks an agent is asked in maintenance, too: it may end it.
void add_agent(StatsRow& row, const BackendAgent& agent) {
  row.set("agent_status", (agent.under_way ? "* " : "") + std::string(agent.last.status));
  row.set("agent_desc", check_description(agent.last.status));
  row.set("agent_duration", static_cast<std::uint64_t>(to_ms(agent.last.took)));
  row.set("last_agt", agent.last.info);
  if (check_answered(agent.last.status)) row.set("agent_code", std::uint64_t{0});    // as HAProxy: a line has none
  row.set("agent_rise", std::uint64_t{1});
  row.set("agent_fall", std::uint64_t{1});
  row.set("agent_health", std::uint64_t{agent.up ? 1u : 0u});
}

void set_connections(StatsRow& row, const Backend& backend) {
  row.set("srv_icur", std::uint64_t{backend.pool.idle()});
  row.set("idle_conn_cur", std::uint64_t{backend.pool.idle()});
  row.set("used_conn_cur", std::uint64_t{backend.pool.in_use()});
  row.set("need_conn_est", std::uint64_t{backend.max_used});
}

}  // namespace

StatsRows Console::rows() {
  StatsRows rows{frontend_row(gate_)};
  for (const auto& backend : farm_.backends()) rows.push_back(server_row(*backend));
  rows.push_back(backend_row());
  rows.push_back(frontend_row(stats_gate_));
  return rows;
}

StatsRow Console::frontend_row(const Gate& gate) {
  const RealTime now = ctx_.clock.now();
  Frontend& f = gate.frontend;
  StatsRow row(StatsRow::Kind::frontend, f.id, 0, f.name, "FRONTEND");
  set_zero(row, kNeverOfFrontend);
  set_modules(row);
  row.set("status", f.paused ? "PAUSED" : "OPEN");
  row.set("scur", std::uint64_t{f.sessions});
  row.set("smax", std::uint64_t{f.max_sessions});
  row.set("slim", std::uint64_t{f.limit});
  row.set("bin", f.bytes_in.value());
  row.set("bout", f.bytes_out.value());
  row.set("ereq", f.request_errors.value());
  for (const char* column : {"rate", "conn_rate"}) row.set(column, f.rate.rate(now));
  for (const char* column : {"rate_max", "conn_rate_max"}) row.set(column, f.rate.max());
  for (const char* column : {"stot", "conn_tot", "h1_total_connections"}) row.set(column, f.total.value());
  for (const char* column : {"req_tot", "h1_total_streams"}) row.set(column, f.requests.value());
  row.set("req_rate", f.request_rate.rate(now));
  row.set("req_rate_max", f.request_rate.max());
  row.set("intercepted", &gate == &stats_gate_ ? f.requests.value() : std::uint64_t{0});
  row.set("h1_open_connections", std::uint64_t{f.sessions});
  row.set("h1_open_streams", std::uint64_t{&gate == &gate_ ? proxy_.sessions() : 0});
  row.set("h1_bytes_in", f.bytes_in.value());
  row.set("h1_bytes_out", f.bytes_out.value());
  set_codes(row, f.responses);
  return row;
}

StatsRow Console::backend_row() {
  const RealTime now = ctx_.clock.now();
  StatsRow row(StatsRow::Kind::backend, kBackendId, 0, std::string(kBackendName), "BACKEND");
  set_zero(row, kNeverOfBackend);
  set_modules(row);
  std::uint64_t weight = 0;
  std::uint64_t open = 0;
  for (const auto& backend : farm_.backends()) {
    if (backend->usable()) weight += static_cast<std::uint64_t>(std::ceil(backend->weight * backend->throttle(now)));
    open += backend->pool.in_use() + backend->pool.idle() + backend->check_pool.in_use() + backend->check_pool.idle();
  }
  const std::uint64_t usable = farm_.usable();
  set_tallies(row, metrics_);
  set_times(row, proxy_.times());
  row.set("status", usable > 0 ? "UP" : "DOWN");
  row.set("scur", std::uint64_t{proxy_.sessions()});
  row.set("smax", std::uint64_t{proxy_.max_sessions()});
  row.set("slim", std::max<std::uint64_t>(1, gate_.frontend.limit / 10));    // HAProxy's default of fullconn
  row.set("qcur", std::uint64_t{farm_.queue().size()});
  row.set("qmax", std::uint64_t{farm_.queue().most()});
  row.set("rate", proxy_.rate().rate(now));
  row.set("rate_max", proxy_.rate().max());
  row.set("req_tot", metrics_.sessions.value());
  row.set("weight", weight);
  row.set("uweight", weight);
  row.set("act", usable);
  row.set("lastchg", seconds(now - std::max(start_, farm_.last_change())));
  row.set("downtime", seconds(farm_.downtime(now)));
  row.set("lastsess", last_session(proxy_.last_session(), now));
  row.set("algo", farm_.config().balance());
  if (!farm_.config().cookie().empty()) row.set("cookie", farm_.config().cookie());
  row.set("h1_open_connections", open);
  row.set("h1_open_streams", std::uint64_t{proxy_.sessions() - std::min(proxy_.sessions(), proxy_.queued())});
  return row;
}

StatsRow Console::server_row(Backend& b) {
  const RealTime now = ctx_.clock.now();
  StatsRow row(StatsRow::Kind::server, kBackendId, b.id, std::string(kBackendName), b.peer.name());
  set_zero(row, kNeverOfServer);
  set_modules(row);
  set_tallies(row, b.metrics);
  set_times(row, b.times);
  set_connections(row, b);
  row.set("status", b.status());
  row.set("addr", b.peer.address() + ":" + std::to_string(ports::kHttp));
  row.set("qcur", std::uint64_t{b.queue.size()});
  row.set("qmax", std::uint64_t{b.queue.most()});
  row.set("scur", std::uint64_t{b.sessions});
  row.set("smax", std::uint64_t{b.max_sessions});
  if (b.max_connections > 0) row.set("slim", std::uint64_t{b.max_connections});
  row.set("req_tot", b.metrics.sessions.value());
  row.set("rate", b.rate.rate(now));
  row.set("rate_max", b.rate.max());
  row.set("weight", static_cast<std::uint64_t>(std::ceil(b.weight * b.throttle(now))));
  row.set("uweight", std::uint64_t{b.weight});
  if (b.throttle(now) < 1) row.set("throttle", static_cast<std::uint64_t>(100 * b.throttle(now)));
  row.set("act", std::uint64_t{1});
  row.set("bck", std::uint64_t{0});
  row.set("lastchg", seconds(now - b.last_change));
  row.set("downtime", seconds(b.downtime(now)));
  row.set("lastsess", last_session(b.last_session, now));
  if (!farm_.config().cookie().empty()) row.set("cookie", b.peer.name());
  if (b.checked) set_check(row, b, farm_.config());
  if (b.agent.asked()) add_agent(row, b.agent);
  return row;
}

}  // namespace chaos
