// The commands of lb/runtime_api.hpp that change something.
#include "lb/agent_reply.hpp"
#include "lb/runtime_api.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

using runtime_api::find_server;
using runtime_api::number;
using runtime_api::unknown;
using runtime_api::word;

namespace {

constexpr std::int64_t kMaxWeight = 256;
constexpr std::int64_t kMaxLimit = 1'000'000;

std::optional<AdminState> state_of(std::string_view word) {
  if (word == "ready") return AdminState::ready;
  if (word == "drain") return AdminState::drain;
  if (word == "maint") return AdminState::maint;
  return std::nullopt;
}

std::optional<LbControl::Health> health_of(std::string_view word) {
  if (word == "up") return LbControl::Health::up;
  if (word == "stopping") return LbControl::Health::stopping;
  if (word == "down") return LbControl::Health::down;
  return std::nullopt;
}

bool known_frontend(std::string_view name) { return name == kFrontendName || name == kStatsName; }

// What HAProxy could change here and this load balancer could not: why.
std::string_view why_not(std::string_view option) {
  if (option == "addr") return "set server <b>/<s> addr: a server's address comes from the lab; a new server: chaosctl scale server N.\n";
  if (option == "fqdn") return "set server <b>/<s> fqdn failed because no resolution is configured.\n";
  for (const std::string_view one : {"check-addr", "check-port", "ssl"}) {
    if (option == one) return "This setting cannot be changed: servers are checked at their own address, without TLS.\n";
  }
  return runtime_api::kServerUsage;
}

}  // namespace

std::string RuntimeApi::set(const Words& words) {
  const std::string_view what = word(words, 1);
  if (what == "server") return set_server(words);
  if (what == "maxconn") return set_maxconn(words);
  if (what == "timeout") return set_timeout(words);
  if (what != "weight") return unknown(words);
  const auto found = find_server(lb_, word(words, 2));
  return found.server ? set_weight(*found.server, std::string(word(words, 3))) : found.error;
}

std::string RuntimeApi::set_server(const Words& words) {
  const auto found = find_server(lb_, word(words, 2));
  return found.server ? set_option(*found.server, words) : found.error;
}

std::string RuntimeApi::set_option(const ServerView& server, const Words& words) {
  const std::string_view option = word(words, 3);
  const std::string_view value = word(words, 4);
  if (option == "weight") return set_weight(server, std::string(value));
  if (option == "state") {
    const auto state = state_of(value);
    return state ? set_state(server, *state) : "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n";
  }
  if (option == "agent" || option.starts_with("agent-")) return set_agent(server, words);
  if (option != "health") return std::string(why_not(option));
  const auto health = health_of(value);
  if (!health) return "'set server <srv> health' expects 'up', 'stopping', or 'down'.\n";
  lb_.set_health(server.name, *health);
  return {};
}

// A drain of the controller's is not the runtime API's to end: it says whose it is instead of seeming to obey.
std::string RuntimeApi::set_state(const ServerView& server, AdminState state) {
  lb_.set_state(server.name, state);
  if (state != AdminState::ready || !server.drained) return {};
  return fmt::format("{} is drained by the lab's controller: chaosctl undrain {}.\n", server.name, server.name);
}

std::string RuntimeApi::set_weight(const ServerView& server, const std::string& text) {
  if (text.empty()) return "Require <weight> or <weight%>.\n";
  const bool relative = text.ends_with('%');
  const auto value = number(relative ? std::string_view(text).substr(0, text.size() - 1) : std::string_view(text));
  if (!value) return "Weight string empty or preceded by garbage.\n";
  if (relative && *value < 0) return "Relative weight must be positive.\n";
  if (!relative && (*value < 0 || *value > kMaxWeight)) return "Absolute weight can only be between 0 and 256 inclusive.\n";
  const auto weight = static_cast<std::uint64_t>(*value);
  lb_.set_weight(server.name, relative ? relative_weight(server.first_weight, weight) : static_cast<unsigned>(weight));
  return {};
}

std::string RuntimeApi::set_maxconn(const Words& words) {
  const std::string_view what = word(words, 2);
  const bool global = what == "global";
  const auto value = number(word(words, global ? 3 : 4));
  const bool fits = value && *value >= 0 && *value <= kMaxLimit;
  const auto most = static_cast<std::size_t>(fits ? *value : 0);
  if (global) {
    if (!value) return "Expects an integer value.\n";
    return fits && lb_.set_global_limit(most) ? "" : "Value out of range.\n";
  }
  if (what == "frontend") {
    if (words.size() < 4) return "A frontend name is expected.\n";
    if (!known_frontend(words[3])) return "No such frontend.\n";
    if (!fits) return value ? "Value out of range.\n" : "Integer value expected.\n";
    lb_.set_frontend_limit(words[3], most);
    return {};
  }
  if (what != "server") return unknown(words);
  const auto found = find_server(lb_, word(words, 3));
  if (!found.server) return found.error;
  if (words.size() < 5) return "Require <maxconn>.\n";
  if (!fits) return "maxconn string empty or preceded by garbage.\n";
  lb_.set_server_limit(found.server->name, most);
  return {};
}

std::string RuntimeApi::set_timeout(const Words& words) {
  if (word(words, 2) != "cli") return "'set timeout' only supports 'cli'.\n";
  std::string_view text = word(words, 3);
  if (text.empty()) return "Expects an integer value.\n";
  if (text.ends_with('s')) text.remove_suffix(1);
  const auto seconds = number(text);
  if (!seconds || *seconds < 1 || *seconds > 86400) return "Invalid timeout value.\n";
  timeout_s_ = static_cast<int>(*seconds);
  return {};
}

std::string RuntimeApi::get(const Words& words) {
  if (word(words, 1) != "weight") return unknown(words);
  const auto found = find_server(lb_, word(words, 2));
  return found.server ? fmt::format("{} (initial {})\n", found.server->weight, found.server->first_weight) : found.error;
}

std::string RuntimeApi::enable(const Words& words, bool on) {
  const std::string_view what = word(words, 1);
  if (what == "frontend") return words.size() > 2 ? enable_frontend(words[2], on) : "A frontend name is expected.\n";
  if (what != "server" && what != "health" && what != "agent") return unknown(words);
  const auto found = find_server(lb_, word(words, 2));
  if (!found.server) return found.error;
  if (what == "server") return set_state(*found.server, on ? AdminState::ready : AdminState::maint);
  if (what == "agent") return enable_agent(*found.server, on);
  lb_.set_checked(found.server->name, on);
  return {};
}

std::string RuntimeApi::enable_frontend(const std::string& name, bool on) {
  if (!known_frontend(name)) return "No such frontend.\n";
  if (lb_.set_frontend_open(name, on)) return {};
  return on ? "All sockets are already enabled.\n" : "All sockets are already disabled.\n";
}

std::string RuntimeApi::shut_down(const Words& words) {
  const std::string_view what = word(words, 1);
  if (what == "session") {
    const std::string_view text = word(words, 2);
    if (!text.starts_with("0x")) return "Session pointer expected (use 'show sess').\n";
    for (const SessionView& session : lb_.sessions()) {
      if (fmt::format("{:#x}", session.id) == text && lb_.kill_session(session.id)) return {};
    }
    return "No such session (use 'show sess').\n";
  }
  if (what != "sessions" || word(words, 2) != "server") return unknown(words);
  const auto found = find_server(lb_, word(words, 3));
  if (!found.server) return found.error;
  lb_.kill_sessions(found.server->name);
  return {};
}

std::string RuntimeApi::clear(const Words& words) {
  if (word(words, 1) == "table") return words.size() > 2 ? "No such table\n" : "\n";
  if (word(words, 1) != "counters") return unknown(words);
  lb_.clear_counters(word(words, 2) == "all");
  return {};
}

}  // namespace chaos
