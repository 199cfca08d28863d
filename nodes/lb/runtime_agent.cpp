// The commands of lb/runtime_api.hpp on servers' agents.
#include "lb/runtime_api.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>
#include <string_view>
#include <vector>

namespace chaos {

using runtime_api::number;
using runtime_api::word;

namespace {

constexpr std::string_view kNotEnabled = "agent checks are not enabled on this server";

bool is_address(const std::string& text) {
  in6_addr bytes{};    // holds both kinds
  return inet_pton(AF_INET, text.c_str(), &bytes) == 1 || inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
}

// Puts a port into the order; what is wrong with it, or nothing.
std::string take_port(AgentOrder& order, std::string_view text) {
  const auto port = number(text);
  if (!port) return "provided port is not an integer";
  if (*port < 1 || *port > 65535) return "provided port is invalid";
  order.port = static_cast<unsigned short>(*port);
  return {};
}

std::string take_address(AgentOrder& order, const std::string& address, const std::vector<std::string>& words) {
  if (!is_address(address)) return fmt::format("invalid addr '{}'", address);
  order.address = address;
  return word(words, 5) == "port" ? take_port(order, word(words, 6)) : "";
}

std::string take_health(AgentOrder& order, std::string_view value) {
  if (value != "up" && value != "down") return "'set server <srv> agent' expects 'up' or 'down'.\n";
  order.up = value == "up";
  return {};
}

}  // namespace

// Some of HAProxy's answers end with an empty line more than the others; so do these.
std::string RuntimeApi::set_agent(const ServerView& server, const Words& words) {
  const std::string& option = words[3];
  const std::string value(word(words, 4));
  const bool address = option == "agent-addr";
  const bool port = option == "agent-port";
  if (address && value.empty()) return "set server <b>/<s> agent-addr requires an address and optionally a port.\n";
  if (port && value.empty()) return "set server <b>/<s> agent-port requires a port.\n";
  if (!address && !port && option != "agent" && option != "agent-send") return std::string(runtime_api::kServerUsage);
  if (!server.agent_enabled) return std::string(kNotEnabled) + (address || port ? "" : ".\n");
  AgentOrder order;
  std::string wrong;
  if (address) wrong = take_address(order, value, words);
  else if (port) wrong = take_port(order, value);
  else if (option == "agent") wrong = take_health(order, value);
  else order.send = value;
  if (wrong.empty()) lb_.set_agent(server.name, order);
  return wrong;
}

std::string RuntimeApi::enable_agent(const ServerView& server, bool on) {
  if (on && !server.agent_exists) return "Agent was not configured on this server, cannot enable.\n";
  AgentOrder order;
  order.enabled = on;
  if (server.agent_exists) lb_.set_agent(server.name, order);
  return {};
}

}  // namespace chaos
