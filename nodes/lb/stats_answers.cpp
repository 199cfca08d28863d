// What lb/stats_view.hpp tells beside the rows: states, process information, the page.
#include "lb/stats_view.hpp"

#include "runtime/http_server.hpp"

#include <unistd.h>

namespace chaos {

namespace {

std::string uptime(std::uint64_t s) {
  const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(s / 86400) + "d " + std::to_string(s / 3600 % 24) + "h" + two(s / 60 % 60) + "m" + two(s % 60) + "s";
}

}  // namespace

std::vector<ServerState> StatsView::servers() {
  const RealTime now = ctx_.clock.now();
  std::vector<ServerState> states;
  for (const auto& backend : farm_.backends()) {
    const CheckReport& check = backend->last_check;
    states.push_back({backend->id, backend->peer.name(), backend->peer.address(), backend->health.up(), backend->draining(), backend->admin,
                      static_cast<std::uint64_t>(to_s(now - backend->last_change)), check.status, check.result, backend->health.health()});
  }
  return states;
}

// The names are HAProxy's; values that have no meaning in this process (pipes, SSL) are left out or zero.
std::vector<std::pair<std::string, std::string>> StatsView::info() {
  const auto up_s = static_cast<std::uint64_t>(to_s(ctx_.clock.now() - start_));
  Frontend& frontend = proxy_.frontend();
  return {{"Name", "chaoslab-lb"},
          {"Version", ctx_.desired().version().empty() ? "v1" : ctx_.desired().version()},
          {"Release_date", "-"},
          {"Nbthread", "1"},
          {"Nbproc", "1"},
          {"Process_num", "1"},
          {"Pid", std::to_string(::getpid())},
          {"Uptime", uptime(up_s)},
          {"Uptime_sec", std::to_string(up_s)},
          {"Maxconn", std::to_string(HttpLimits().max_sessions)},
          {"CurrConns", std::to_string(frontend.sessions)},
          {"CumReq", std::to_string(frontend.total)},
          {"Maxpipes", "0"},
          {"PipesUsed", "0"},
          {"SessRate", std::to_string(frontend.rate.rate(ctx_.clock.now()))},
          {"MaxSessRate", std::to_string(frontend.rate.max())},
          {"Tasks", std::to_string(ctx_.tasks.size())},
          {"Run_queue", "0"},
          {"node", ctx_.name},
          {"Stopping", ctx_.draining() ? "1" : "0"}};
}

HttpResponse StatsView::page(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (path.ends_with(";csv")) {
    HttpResponse csv = text_response(200, stats_csv(rows()));
    csv.headers.set("Cache-Control", "no-cache");
    return csv;
  }
  if (path != "/" && path != "/stats") return text_response(404, "the statistics are at / and /;csv\n");
  HttpResponse page = text_response(200, stats_html(ctx_.name, rows()));
  page.headers.set("Content-Type", "text/html; charset=utf-8");
  page.headers.set("Cache-Control", "no-cache");
  return page;
}

}  // namespace chaos
