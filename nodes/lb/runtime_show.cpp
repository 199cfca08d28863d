// The `show` commands of lb/runtime_api.hpp.
#include "lb/runtime_api.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

using runtime_api::number;
using runtime_api::unknown;
using runtime_api::word;

namespace {

constexpr std::string_view kStateHeader =
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
    "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state "
    "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr "
    "srv_agent_port\n";
constexpr std::string_view kConnHeader =
    "# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb safe_nb idle_lim idle_cur idle_per_thr[1]\n";

// HAProxy's numbers: operational 0 stopped, 2 running, 3 stopping.
int op_state(const ServerView& server) {
  if (!server.up) return 0;
  return server.stopping ? 3 : 2;
}

// Administrative: 1 maintenance, 8 drain, 16 drain that was inherited, here from the controller.
int admin_state(const ServerView& server) {
  int bits = server.drained ? 16 : 0;
  if (server.admin == AdminState::maint) bits |= 1;
  if (server.admin == AdminState::drain) bits |= 8;
  return bits;
}

// 0 unknown, 2 failed, 3 passed, 4 passed on the condition of no new work.
int check_result(const ServerView& server) {
  if (server.check_status == "INI") return 0;
  if (server.check_result == CheckResult::draining) return 4;
  return server.check_result == CheckResult::passed ? 3 : 2;
}

// Bits: 2 enabled, 4 configured... as HAProxy dumps them: 6 running, 14 paused by maintenance, 2 switched off.
int check_state(const ServerView& server) {
  if (!server.checked) return 2;
  return server.admin == AdminState::maint ? 14 : 6;
}

// The same bits with 16, which says that it is an agent: 22 running, 18 switched off; 0: there is none. Maintenance does not pause it.
int agent_state(const ServerView& server) {
  if (!server.agent_exists) return 0;
  return server.agent_enabled ? 22 : 18;
}

std::string state_line(const ServerView& s) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} 0 0 - 8080 - 0 0 - {} {}\n", kBackendId, kBackendName, s.id, s.name, s.address, op_state(s),
                     admin_state(s), s.weight, s.first_weight, s.since_change_s, check_number(s.check_status), check_result(s), s.check_health, check_state(s), agent_state(s),
                     s.agent_address.empty() ? "-" : s.agent_address, s.agent_port);
}

std::string conn_line(const ServerView& s) {
  return fmt::format("{}/{} {}/{} {} 8080 - 30000 {} {} {} {} 0 -1 {} {}\n", kBackendName, s.name, kBackendId, s.id, s.address, s.used, s.most_used, s.most_used, s.idle,
                     s.idle, s.idle);
}

bool is_option(std::string_view text) { return text == "typed" || text == "json" || text == "up" || text == "no-maint" || text == "desc" || text == "float"; }

std::optional<int> proxy_id(std::string_view text) {
  if (text == kFrontendName) return kFrontendId;
  if (text == kBackendName) return kBackendId;
  if (text == kStatsName) return kStatsId;
  const auto id = number(text);
  if (!id || *id < -1 || *id > kStatsId) return std::nullopt;
  return static_cast<int>(*id);
}

int bounded(std::string_view text) { return static_cast<int>(std::clamp<std::int64_t>(number(text).value_or(-1), -1, 1 << 20)); }

}  // namespace

std::string RuntimeApi::show(const Words& words) {
  const std::string_view what = word(words, 1);
  if (what == "stat") return show_stat(words);
  if (what == "info") return show_info(words);
  if (what == "servers") return show_servers(words);
  if (what == "sess") return show_sessions(words);
  if (what == "backend") return fmt::format("# name\n{}\n", kBackendName);
  if (what == "version") return std::string(kVersion) + "\n";
  if (what == "table") return words.size() > 2 ? "No such table\n" : "";
  if (what == "cli" && word(words, 2) == "level") return "admin\n";
  if (what == "errors") return lb_.errors();
  if (what != "events") return unknown(words);
  if (words.size() < 3) {
    return "Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop\n"
           "    buf0       : type=buffer, 0 dropped, the last sessions that did not end well\n";
  }
  if (words[2] != "buf0") return "No such event sink\n";
  std::string text;
  for (const std::string& line : lb_.session_log()) text.append(line).append("\n");
  return text;
}

std::string RuntimeApi::show_stat(const Words& words) {
  StatsRows rows = lb_.rows();
  std::size_t at = 2;
  if (words.size() > at + 2 && !is_option(words[at])) {
    const auto proxy = proxy_id(words[at]);
    if (!proxy) return "No such proxy.\n";
    rows = select_rows(std::move(rows), *proxy, bounded(words[at + 1]), bounded(words[at + 2]));
    at += 3;
  }
  const auto given = [&](std::string_view option) {
    return std::find(words.begin() + static_cast<std::ptrdiff_t>(std::min(at, words.size())), words.end(), option) != words.end();
  };
  if (given("up")) rows = only_up(std::move(rows));
  if (given("no-maint")) rows = without_maintenance(std::move(rows));
  if (given("json")) return stats_json(rows);
  return given("typed") ? stats_typed(rows) : stats_csv(rows);
}

std::string RuntimeApi::show_info(const Words& words) {
  const auto fields = lb_.info();
  if (std::find(words.begin(), words.end(), "json") != words.end()) return info_json(fields);
  return std::find(words.begin(), words.end(), "typed") != words.end() ? info_typed(fields) : info_plain(fields);
}

std::string RuntimeApi::show_servers(const Words& words) {
  const std::string_view what = word(words, 2);
  if (what != "state" && what != "conn") return unknown(words);
  if (words.size() > 3 && words[3] != kBackendName) return "Can't find backend.\n";
  const bool state = what == "state";
  std::string text(state ? kStateHeader : kConnHeader);
  for (const ServerView& server : lb_.servers()) text += state ? state_line(server) : conn_line(server);
  return text;
}

std::string RuntimeApi::show_sessions(const Words& words) {
  const std::string_view which = word(words, 2);
  std::string text;
  for (const SessionView& session : lb_.sessions()) {
    const std::string id = fmt::format("{:#x}", session.id);
    if (id == which) return show_session(session);
    if (which == "all") text += show_session(session);
    else text += fmt::format("{}: proto=tcpv4 src={} fe={} be={} srv={} age={}s calls={} exp= rc={} c_exp=\n", id, session.source, kFrontendName, kBackendName,
                             session.server.empty() ? "<none>" : session.server, session.age_s, session.retries + 1, session.retries);
  }
  return which.starts_with("0x") ? "Session not found.\n" : text;
}

std::string RuntimeApi::show_session(const SessionView& session) {
  return fmt::format(
      "{:#x}: proto=tcpv4 source={}\n  conn_retries={}, waiting={} age={}s\n  frontend={} (id={} mode=http)\n  backend={} (id={} mode=http)\n"
      "  server={}\n  request={}\n",
      session.id, session.source, session.retries, session.queued ? 1 : 0, session.age_s, kFrontendName, kFrontendId, kBackendName, kBackendId,
      session.server.empty() ? "<none>" : session.server, session.request);
}

}  // namespace chaos
