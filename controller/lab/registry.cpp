#include "lab/registry.hpp"

#include "lab/address_plan.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace chaos {

namespace {
constexpr std::uint32_t kHopeless = 2;      // one end may be chance: an address that was not free yet
}

double NodeEntry::gauge(const std::string& of) const {
  const auto found = report.gauges().find(of);
  return found == report.gauges().end() ? 0 : found->second;
}

bool NodeEntry::is(const v1::Hello& hello) const {
  if (incarnation == 0) return false;
  return hello.process().empty() ? pid == hello.pid() && report.pid() == hello.pid() : process == hello.process();
}

Registry::Registry(const google::protobuf::RepeatedPtrField<v1::RolePlan>& topology) {
  for (const v1::RolePlan& plan : topology) {
    for (int i = 1; i <= plan.nodes() + plan.standby(); ++i) {
      NodeEntry& node = nodes_.emplace_back();
      node.name = node_name(plan.role(), i);
      node.role = plan.role();
      node.index = i;
      node.duty = i <= plan.nodes() ? v1::DUTY_ACTIVE : v1::DUTY_STANDBY;
      node.version = node.wanted_version = plan.version();
    }
  }
}

NodeEntry* Registry::find(const std::string& name) {
  const auto found = std::find_if(nodes_.begin(), nodes_.end(), [&](const NodeEntry& n) { return n.name == name; });
  return found == nodes_.end() ? nullptr : &*found;
}

const NodeEntry* Registry::find(const std::string& name) const { return const_cast<Registry*>(this)->find(name); }

std::vector<const NodeEntry*> Registry::of_role(const std::string& role) const {
  std::vector<const NodeEntry*> out;
  for (const NodeEntry& node : nodes_) {
    if (node.role == role) out.push_back(&node);
  }
  return out;
}

std::vector<std::string> Registry::roles() const {
  std::vector<std::string> out;
  for (const NodeEntry& node : nodes_) {
    if (out.empty() || out.back() != node.role) out.push_back(node.role);
  }
  return out;
}

int Registry::active(const std::string& role) const {
  return static_cast<int>(std::count_if(nodes_.begin(), nodes_.end(), [&](const NodeEntry& n) { return n.role == role && n.wanted(); }));
}

Refusal Registry::unknown(const std::string& word) const {
  std::vector<std::string> words = roles();
  for (const NodeEntry& node : nodes_) words.push_back(node.name);
  const std::string near = nearest(word, words);
  return {Refusal::Kind::not_found, fmt::format("no node or role \"{}\" in this lab{}", word, near.empty() ? "" : "; the nearest is " + near)};
}

Answer<void> Registry::want_role(const std::string& verb, const std::string& word) const {
  if (!of_role(word).empty()) return boost::system::in_place_value;
  const NodeEntry* node = find(word);
  if (!node) return unknown(word);
  return Refusal{Refusal::Kind::invalid, fmt::format("{} wants a role, as {}", verb, node->role)};
}

Answer<void> Registry::want_node(const std::string& verb, const std::string& word) const {
  if (find(word)) return boost::system::in_place_value;
  std::vector<std::string> names;
  for (const NodeEntry* node : of_role(word)) names.push_back(node->name);
  if (names.empty()) return unknown(word);
  return Refusal{Refusal::Kind::invalid, fmt::format("{} wants a node; {} has {}", verb, word, fmt::join(names, ", "))};
}

Answer<std::vector<std::string>> Registry::expand(const std::vector<std::string>& targets) const {
  std::set<std::string> named;
  for (const std::string& target : targets) {
    const auto of_role = this->of_role(target);
    for (const NodeEntry* node : of_role) named.insert(node->name);
    if (of_role.empty() && !find(target)) return unknown(target);
    if (of_role.empty()) named.insert(target);
  }
  std::vector<std::string> out;
  for (const NodeEntry& node : nodes_) {
    if (named.contains(node.name)) out.push_back(node.name);
  }
  return out;
}

bool NodeEntry::silent(RealTime now) const { return attached && now - report_at > std::chrono::seconds(2); }

Answer<NodeEntry*> Registry::hello(const v1::Hello& hello, RealTime now) {
  NodeEntry* node = find(hello.name());
  if (!node) return unknown(hello.name());
  if (node->role != hello.role()) {
    return Refusal{Refusal::Kind::invalid, fmt::format("node {} is of role {}, not {}", node->name, node->role, hello.role())};
  }
  if (!node->is(hello)) {
    if (++node->incarnation > 1) ++node->restarts;
    node->process = hello.process();
    node->version = node->wanted_version;
    node->report.Clear();
    node->window.clear();
    node->recycling = false;
    node->no_drain = false;
  }
  node->pid = hello.pid();
  if (!hello.address().empty()) node->address = hello.address();
  node->attached = true;
  node->report_at = now;
  node->sent_revision = 0;
  return node;
}

bool Registry::report(NodeEntry& node, const v1::Report& report, RealTime now) {
  if (!node.attached || (report.pid() != 0 && report.pid() != node.pid)) return false;
  const bool changed = report.phase() != node.report.phase();
  node.report = report;
  node.report_at = now;
  node.window.add(report, now);
  if (node.gauge("wal_transactions") > 0) node.wal = WalMark{node.gauge("wal_lsn"), node.gauge("wal_transactions"), now};
  return changed;
}

void Registry::detached(NodeEntry& node) { node.attached = false; }

void Registry::ended(NodeEntry& node, std::string how) {
  node.attached = false;
  node.pid = 0;
  node.last_exit = std::move(how);
  node.window.clear();
  node.report.clear_phase();
  node.report.set_in_flight(0);
  node.report.set_queued(0);
}

bool Registry::settled() const {
  return std::all_of(nodes_.begin(), nodes_.end(), [](const NodeEntry& n) { return !n.attached || n.in_force(); });
}

std::vector<std::string> Registry::unready() const {
  const auto serve = [](const NodeEntry& n) { return n.duty == v1::DUTY_ACTIVE && n.role == "server"; };
  const auto servers = std::count_if(nodes_.begin(), nodes_.end(), serve);
  std::vector<std::string> out;
  for (const NodeEntry& node : nodes_) {
    if (node.duty != v1::DUTY_ACTIVE) continue;
    const bool checks = node.role == "lb" && node.gauge("backends_up") < static_cast<double>(servers);
    if (!node.ready() || checks) out.push_back(node.name);
  }
  return out;
}

std::vector<std::string> Registry::failing() const {
  std::vector<std::string> out;
  for (const NodeEntry& node : nodes_) {
    if (node.duty == v1::DUTY_ACTIVE && !node.ready() && node.deaths >= kHopeless) out.push_back(node.name);
  }
  return out;
}

bool Registry::all_ready() const {
  return unready().empty();
}

std::vector<NodeView> Registry::views(RealTime now) const {
  std::vector<NodeView> out;
  for (const NodeEntry& node : nodes_) {
    const double limit = static_cast<double>(node.report.memory_limit_bytes());
    const bool there = node.attached && !node.silent(now);
    const double ratio = there && limit > 0 ? static_cast<double>(node.report.resident_bytes()) / limit : 0;
    out.push_back({node.name, node.role, node.duty, node.report.phase(), there, ratio});
  }
  return out;
}

std::string Registry::taken_out(const NodeEntry& server) const {
  std::string out;
  for (const NodeEntry& node : nodes_) {
    if (!node.attached) continue;
    for (const v1::ServerAtLb& seen : node.report.servers()) {
      if (seen.server() != server.name || seen.ordered().empty()) continue;
      out.append(out.empty() ? "" : ", ").append(seen.ordered()).append(" at ").append(node.name);
    }
  }
  return out;
}

v1::NodeStatus Registry::status(const NodeEntry& node, RealTime now) const {
  v1::NodeStatus out;
  out.set_name(node.name);
  out.set_role(node.role);
  out.set_address(node.address);
  out.set_pid(node.pid);
  out.set_attached(node.attached);
  out.set_duty(node.duty);
  out.set_version(node.version);
  out.set_restarts(node.restarts);
  out.set_last_exit(node.last_exit);
  out.set_memory_limit_bytes(node.report.memory_limit_bytes());
  out.set_slowdown(1);
  if (node.report_at != RealTime{}) out.set_silent_s(to_s(now - node.report_at));
  out.set_taken_out(taken_out(node));
  if (!node.attached) return out;
  out.set_phase(node.report.phase());
  out.set_resident_bytes(node.report.resident_bytes());
  out.set_in_flight(node.report.in_flight());
  out.set_queued(node.report.queued());
  out.set_slowdown(node.report.slowdown());
  out.set_rate(node.window.rate());
  out.set_p95_ms(node.window.p95_ms());
  out.set_error_ratio(node.window.error_ratio());
  out.set_cpu_ratio(node.window.cpu_ratio());
  *out.mutable_gauges() = node.report.gauges();
  return out;
}

}  // namespace chaos
