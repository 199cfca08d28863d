#include "lb/runtime_api.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace chaos {

namespace {

constexpr std::string_view kCommands =
    "  disable server (DEPRECATED)             : disable a server for maintenance (use 'set server' instead)\n"
    "  enable server  (DEPRECATED)             : enable a disabled server (use 'set server' instead)\n"
    "  set server <bk>/<srv> state <state>     : change a server's state to ready, drain or maint\n"
    "  set timeout cli <delay>                 : change a timeout setting\n"
    "  show backend                            : list backends in the current running config\n"
    "  show info                               : report information about the running process\n"
    "  show servers state [<backend>]          : dump volatile server information (all or for a single backend)\n"
    "  show stat                               : report counters for each proxy and server\n"
    "  help                                    : list all commands\n"
    "  prompt                                  : toggle interactive mode with prompt\n"
    "  quit                                    : disconnect\n";

constexpr std::string_view kStateHeader =
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
    "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state "
    "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr "
    "srv_agent_port\n";

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(by), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// HAProxy's numbers: operational 0 stopped, 2 running, 3 stopping; administrative 1 maintenance, 8 drain.
int op_state(const ServerState& server) {
  if (!server.up || server.admin == AdminState::maint) return 0;
  return server.draining && server.admin != AdminState::drain ? 3 : 2;
}

int admin_state(AdminState state) {
  if (state == AdminState::maint) return 1;
  return state == AdminState::drain ? 8 : 0;
}

int check_number(std::string_view status) {
  constexpr std::pair<std::string_view, int> kNumbers[] = {{"INI", 1},    {"L4CON", 8}, {"L7TOUT", 12},
                                                           {"L7RSP", 13}, {"L7OK", 15}, {"L7STS", 17}};
  for (const auto& [name, number] : kNumbers) {
    if (name == status) return number;
  }
  return 0;
}

int check_result(const ServerState& server) {
  if (server.check_status == "INI") return 0;
  if (server.check_result == CheckResult::draining) return 4;   // passed, on the condition of no new work
  return server.check_result == CheckResult::passed ? 3 : 2;
}

std::string state_line(const ServerState& server) {
  const int numbers[] = {op_state(server), admin_state(server.admin), 1, 1, static_cast<int>(server.since_change_s),
                         check_number(server.check_status), check_result(server), server.check_health, 6, 0, 0, 0};
  std::string line = "2 " + std::string(kBackendName) + " " + std::to_string(server.id) + " " + server.name + " " + server.address;
  for (int number : numbers) line += " " + std::to_string(number);
  return line + " - 8080 - 0 0 - - 0\n";
}

std::optional<AdminState> state_of(std::string_view word) {
  if (word == "ready") return AdminState::ready;
  if (word == "drain") return AdminState::drain;
  if (word == "maint") return AdminState::maint;
  return std::nullopt;
}

std::string unknown() { return "Unknown command. Please enter one of the following commands only:\n" + std::string(kCommands); }

}  // namespace

RuntimeApi::Reply RuntimeApi::run(std::string_view line) {
  Reply reply;
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto commands = split(line, ';');
  if (commands.empty() && !prompt_) commands.push_back("");
  for (std::string_view command : commands) {
    std::string text = answer(split(command, ' '));
    if (quit_) break;
    reply.text += std::move(text) + "\n";
  }
  reply.close = quit_ || !prompt_;
  if (prompt_ && !quit_) reply.text += "> ";
  return reply;
}

std::string RuntimeApi::answer(const Words& words) {
  const std::string_view verb = words.empty() ? "" : words[0];
  if (verb == "show") return show(words);
  if (verb == "set") return set(words);
  if (verb == "enable" || verb == "disable") {
    if (words.size() < 3 || words[1] != "server") return unknown();
    return set_state(words[2], verb == "enable" ? AdminState::ready : AdminState::maint);
  }
  if (verb == "help") return "The following commands are valid at this level:\n" + std::string(kCommands);
  if (verb == "prompt") {
    prompt_ = !prompt_;
    return {};
  }
  if (verb == "quit") {
    quit_ = true;
    return {};
  }
  return unknown();
}

std::string RuntimeApi::show(const Words& words) {
  const std::string_view what = words.size() > 1 ? words[1] : "";
  if (what == "stat") return stats_csv(lb_.rows());
  if (what == "backend") return "# name\n" + std::string(kBackendName) + "\n";
  if (what == "servers" && words.size() > 2 && words[2] == "state") return show_servers_state(words);
  if (what != "info") return unknown();
  std::string text;
  for (const auto& [name, value] : lb_.info()) text.append(name).append(": ").append(value).append("\n");
  return text;
}

std::string RuntimeApi::show_servers_state(const Words& words) {
  if (words.size() > 3 && words[3] != kBackendName) return "Can't find backend.\n";
  std::string text(kStateHeader);
  for (const ServerState& server : lb_.servers()) text += state_line(server);
  return text;
}

std::string RuntimeApi::set(const Words& words) {
  const std::string_view what = words.size() > 1 ? words[1] : "";
  if (what == "server") return set_server(words);
  if (what == "timeout") return set_timeout(words);
  return unknown();
}

std::string RuntimeApi::set_server(const Words& words) {
  if (words.size() < 3) return "Require 'backend/server'.\n";
  if (words.size() < 4 || words[3] != "state") return "usage: set server <backend>/<server> state\n";
  const auto state = words.size() > 4 ? state_of(words[4]) : std::nullopt;
  if (!state) return "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n";
  return set_state(words[2], *state);
}

std::string RuntimeApi::set_state(std::string_view path, AdminState state) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return "Require 'backend/server'.\n";
  if (path.substr(0, slash) != kBackendName) return "No such backend.\n";
  return lb_.set_state(path.substr(slash + 1), state) ? "" : "No such server.\n";
}

std::string RuntimeApi::set_timeout(const Words& words) {
  if (words.size() < 3 || words[2] != "cli") return "'set timeout' only supports 'cli'.\n";
  int seconds = 0;
  const std::string_view text = words.size() > 3 ? words[3] : "";
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool unit_known = end == text.data() + text.size() || std::string_view(end, text.data() + text.size()) == "s";
  if (bad != std::errc{} || !unit_known || seconds < 1 || seconds > 86400) return "Invalid timeout value.\n";
  timeout_s_ = seconds;
  return {};
}

}  // namespace chaos
