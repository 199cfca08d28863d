#include "lb/stats_view.hpp"

#include "runtime/ports.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr std::string_view kCodeColumns[] = {"hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"};

std::uint64_t seconds(RealDuration d) { return static_cast<std::uint64_t>(to_s(d)); }
std::uint64_t value(const prometheus::Counter* counter) { return static_cast<std::uint64_t>(counter->Value()); }
std::string last_session(RealTime at, RealTime now) { return at == RealTime{} ? "-1" : std::to_string(seconds(now - at)); }

void set_codes(StatsRow& row, const CodeCounters& counters) {
  for (std::size_t i = 0; i < counters.size(); ++i) row.set(kCodeColumns[i], value(counters[i]));
}

// What FRONTEND and BACKEND have in common with each other: there is one of each, and every request passes both.
void set_common(StatsRow& row, Frontend& frontend, RealTime now) {
  row.set("scur", std::uint64_t{frontend.sessions});
  row.set("smax", std::uint64_t{frontend.max_sessions});
  row.set("stot", frontend.total);
  row.set("rate", frontend.rate.rate(now));
  row.set("rate_max", frontend.rate.max());
  row.set("req_tot", frontend.total);
  row.set("pid", std::uint64_t{1});
  row.set("mode", "http");
}

std::string_view description(std::string_view check_status) {
  constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
      {"INI", "Initializing"}, {"L4CON", "Layer4 connection problem"}, {"L7TOUT", "Layer7 timeout"},
      {"L7RSP", "Layer7 invalid response"}, {"L7OK", "Layer7 check passed"}, {"L7STS", "Layer7 wrong status"}};
  for (const auto& [status, text] : kTexts) {
    if (status == check_status) return text;
  }
  return {};
}

void set_check(StatsRow& row, const Backend& backend, const v1::LbConfig& config) {
  row.set("check_rise", static_cast<std::uint64_t>(config.rise()));
  row.set("check_fall", static_cast<std::uint64_t>(config.fall()));
  row.set("check_health", static_cast<std::uint64_t>(backend.health.health()));
  if (backend.admin == AdminState::maint) return;   // it is not checked
  const CheckReport& check = backend.last_check;
  row.set("check_status", check.status);
  row.set("check_desc", std::string(description(check.status)));
  row.set("check_duration", to_ms(check.took));
  if (check.code != 0) row.set("check_code", std::uint64_t{check.code});
}

}  // namespace

StatsView::StatsView(NodeContext& ctx, Farm& farm, Proxy& proxy, BackendMetrics& metrics)
    : ctx_(ctx), farm_(farm), proxy_(proxy), metrics_(metrics), start_(ctx.clock.now()) {}

std::vector<StatsRow> StatsView::rows() {
  std::vector<StatsRow> rows{frontend_row()};
  for (const auto& backend : farm_.backends()) rows.push_back(server_row(*backend));
  rows.push_back(backend_row());
  return rows;
}

StatsRow StatsView::frontend_row() {
  const RealTime now = ctx_.clock.now();
  StatsRow row;
  row.set("pxname", std::string(kFrontendName));
  row.set("svname", "FRONTEND");
  row.set("status", "OPEN");
  row.set("iid", std::uint64_t{1});
  row.set("sid", std::uint64_t{0});
  row.set("type", std::uint64_t{0});
  set_common(row, proxy_.frontend(), now);
  row.set("req_rate", proxy_.frontend().rate.rate(now));
  row.set("req_rate_max", proxy_.frontend().rate.max());
  set_codes(row, metrics_.responses);
  return row;
}

StatsRow StatsView::backend_row() {
  const RealTime now = ctx_.clock.now();
  const Frontend& frontend = proxy_.frontend();
  const std::uint64_t usable = farm_.usable();
  std::uint64_t queued = 0;
  for (const auto& backend : farm_.backends()) queued += backend->queued();
  StatsRow row;
  row.set("pxname", std::string(kBackendName));
  row.set("svname", "BACKEND");
  row.set("status", usable > 0 ? "UP" : "DOWN");
  row.set("iid", std::uint64_t{2});
  row.set("sid", std::uint64_t{0});
  row.set("type", std::uint64_t{1});
  set_common(row, proxy_.frontend(), now);
  row.set("qcur", queued);
  row.set("weight", usable);
  row.set("uweight", usable);
  row.set("act", usable);
  row.set("bck", std::uint64_t{0});
  row.set("econ", value(metrics_.connection_errors) + value(metrics_.no_backend));
  row.set("eresp", value(metrics_.response_errors));
  row.set("wretr", value(metrics_.retries));
  row.set("wredis", value(metrics_.redispatches));
  row.set("chkdown", value(metrics_.down));
  row.set("lastchg", seconds(now - std::max(start_, farm_.last_change())));
  row.set("lastsess", last_session(frontend.last_session, now));
  row.set("rtime", frontend.response_time.mean_ms());
  row.set("rtime_max", frontend.response_time.max_ms());
  row.set("algo", farm_.config().balance());
  set_codes(row, metrics_.responses);
  return row;
}

StatsRow StatsView::server_row(Backend& backend) {
  const RealTime now = ctx_.clock.now();
  const LbServerMetrics& metrics = backend.metrics;
  StatsRow row;
  row.set("pxname", std::string(kBackendName));
  row.set("svname", backend.peer.name());
  row.set("status", backend.status());
  row.set("pid", std::uint64_t{1});
  row.set("iid", std::uint64_t{2});
  row.set("sid", static_cast<std::uint64_t>(backend.id));
  row.set("type", std::uint64_t{2});
  row.set("mode", "http");
  row.set("addr", backend.peer.address() + ":" + std::to_string(ports::kHttp));
  row.set("qcur", std::uint64_t{backend.queued()});
  row.set("qmax", std::uint64_t{backend.max_queued});
  row.set("scur", std::uint64_t{backend.sessions});
  row.set("smax", std::uint64_t{backend.max_sessions});
  row.set("slim", static_cast<std::uint64_t>(farm_.config().max_connections()));
  row.set("stot", value(metrics.sessions));
  row.set("lbtot", value(metrics.sessions));
  row.set("rate", backend.rate.rate(now));
  row.set("rate_max", backend.rate.max());
  row.set("weight", std::uint64_t{1});
  row.set("uweight", std::uint64_t{1});
  row.set("act", std::uint64_t{1});
  row.set("bck", std::uint64_t{0});
  row.set("econ", value(metrics.connection_errors));
  row.set("eresp", value(metrics.response_errors));
  row.set("wretr", value(metrics.retries));
  row.set("wredis", value(metrics.redispatches));
  row.set("chkfail", value(metrics.check_failures));
  row.set("chkdown", value(metrics.check_up_down));
  row.set("lastchg", seconds(now - backend.last_change));
  row.set("downtime", seconds(backend.downtime(now)));
  row.set("lastsess", last_session(backend.last_session, now));
  row.set("rtime", backend.response_time.mean_ms());
  row.set("rtime_max", backend.response_time.max_ms());
  row.set("used_conn_cur", std::uint64_t{backend.pool->in_use()});
  set_check(row, backend, farm_.config());
  set_codes(row, metrics.responses);
  return row;
}

}  // namespace chaos
