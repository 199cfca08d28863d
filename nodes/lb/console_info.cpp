// `show info` and the statistics' port of lb/console.hpp.
#include "lb/console.hpp"
#include "lb/stats_page.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>

namespace chaos {

namespace {

constexpr std::string_view kReleased = "2023/03/28";    // HAProxy 2.6.12
constexpr int kRefreshS = 2;

InfoField number(int pos, std::string_view name, std::string_view tags, std::uint64_t value, std::string_view type = "u32") {
  return {pos, name, tags, type, std::to_string(value)};
}

InfoField text(int pos, std::string_view name, std::string_view tags, std::string value) { return {pos, name, tags, "str", std::move(value)}; }

std::uint64_t file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

// What stands before the first ';': the page's own address.
bool known_base(std::string_view base) {
  for (const std::string_view one : {"/", "/stats", "/?stats", "/haproxy?stats", "/haproxy_stats"}) {
    if (base == one) return true;
  }
  return false;
}

struct PageOptions {
  bool known = false;
  bool csv = false, json = false, typed = false, up = false, refresh = true;
};

PageOptions options_of(std::string_view target) {
  PageOptions options;
  const auto end = std::min(target.find(';'), target.size());
  options.known = known_base(target.substr(0, end));
  for (std::string_view rest = target.substr(end); !rest.empty();) {
    rest.remove_prefix(1);
    const auto next = std::min(rest.find(';'), rest.size());
    const std::string_view option = rest.substr(0, next);
    options.csv = options.csv || option == "csv";
    options.json = options.json || option == "json";
    options.typed = options.typed || option == "typed";
    options.up = options.up || option == "up";
    options.refresh = options.refresh && option != "norefresh";
    rest.remove_prefix(next);
  }
  return options;
}

}  // namespace

std::string uptime_text(std::uint64_t s) { return fmt::format("{}d {}h{:02}m{:02}s", s / 86400, s / 3600 % 24, s / 60 % 60, s % 60); }

// The names and places are HAProxy's; what has no meaning in this process (pipes, TLS, memory pools) is left out or 0.
std::vector<InfoField> Console::info() {
  const RealTime now = ctx_.clock.now();
  const auto up_s = static_cast<std::uint64_t>(to_s(now - start_));
  Frontend& fe = gate_.frontend;
  Frontend& st = stats_gate_.frontend;
  const std::uint64_t start = static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())) - up_s;
  return {text(0, "Name", "POS", "HAProxy"),
          text(1, "Version", "POS", std::string(kVersion)),
          text(2, "Release_date", "POS", std::string(kReleased)),
          number(3, "Nbthread", "CGS", 1),
          number(4, "Nbproc", "CGS", 1),
          number(5, "Process_num", "KGP", 1),
          number(6, "Pid", "SGP", static_cast<std::uint64_t>(::getpid())),
          text(7, "Uptime", "MDP", uptime_text(up_s)),
          number(8, "Uptime_sec", "MDP", up_s),
          number(13, "Ulimit-n", "CLP", file_limit()),
          number(14, "Maxsock", "CLP", file_limit()),
          number(15, "Maxconn", "CLP", global_limit_),
          number(17, "CurrConns", "MGP", connections()),
          number(18, "CumConns", "MCP", fe.total.value() + st.total.value()),
          number(19, "CumReq", "MCP", fe.requests.value() + st.requests.value()),
          number(23, "Maxpipes", "CLP", 0),
          number(24, "PipesUsed", "MGP", 0),
          number(25, "PipesFree", "MGP", 0),
          number(26, "ConnRate", "MRP", fe.rate.rate(now) + st.rate.rate(now)),
          number(28, "MaxConnRate", "MMP", fe.rate.max()),
          number(29, "SessRate", "MRP", fe.rate.rate(now) + st.rate.rate(now)),
          number(31, "MaxSessRate", "MRP", fe.rate.max()),
          number(47, "Tasks", "MGP", ctx_.tasks.size()),
          number(48, "Run_queue", "MGP", 0),
          text(50, "node", "COS", ctx_.name),
          number(52, "Stopping", "MGP", ctx_.draining() ? 1 : 0),
          number(53, "Jobs", "MGP", connections() + 2),
          number(55, "Listeners", "MGP", 4u - (fe.paused ? 1u : 0u) - (st.paused ? 1u : 0u)),
          number(61, "TotalBytesOut", "MGP", fe.bytes_out.value() + st.bytes_out.value(), "u64"),
          number(70, "Start_time_sec", "MDP", start)};
}

HttpResponse Console::page(const HttpRequest& request) {
  const PageOptions options = options_of(request.target);
  if (!options.known) return text_response(404, "the statistics are at / and /;csv\n");
  StatsRows all = rows();
  if (options.up) all = only_up(std::move(all));
  HttpResponse page;
  if (options.json) page = json_response(200, stats_json(all));
  else if (options.csv || options.typed) page = text_response(200, options.typed ? stats_typed(all) : stats_csv(all));
  else page = text_response(200, stats_page(ctx_.name, info(), all, options.refresh));
  if (!options.json && !options.csv && !options.typed) page.headers.set("Content-Type", "text/html; charset=utf-8");
  page.headers.set("Cache-Control", "no-cache");
  if (options.refresh) page.headers.set("Refresh", std::to_string(kRefreshS));
  return page;
}

}  // namespace chaos
