#include "lab/edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace chaos {

namespace {

struct Edge {
  std::string_view from, to;
};

constexpr Edge kEdges[] = {
    {"client", "cdn"},       {"cdn", "lb"},           {"cdn", "object_store"}, {"lb", "server"},    {"server", "redis"},
    {"server", "replica"},   {"server", "postgres"},  {"server", "queue"},     {"replica", "postgres"},
    {"worker", "queue"},     {"worker", "postgres"},  {"worker", "object_store"}};

std::string edges_of(std::string_view role, const std::vector<std::string>& roles) {
  std::vector<std::string> names;
  for (const Edge& edge : kEdges) {
    const bool there = std::find(roles.begin(), roles.end(), edge.to) != roles.end();
    if (edge.from == role && there) names.push_back(fmt::format("{}->{}", edge.from, edge.to));
  }
  return names.empty() ? fmt::format("{} calls no one", role) : fmt::format("the edges of {} are {}", role, fmt::join(names, ", "));
}

}  // namespace

int callers_before(const std::string& role) {
  int longest = 0;
  for (const Edge& edge : kEdges) {
    if (edge.to == role) longest = std::max(longest, 1 + callers_before(std::string(edge.from)));
  }
  return longest;
}

std::string target_text(const v1::FaultTarget& target) {
  std::string text = target.node().empty() ? target.role() : target.node();
  if (target.node().empty() && target.share() > 0 && target.share() < 1) text += fmt::format(" (share {:g})", target.share());
  return target.edge_to().empty() ? text : text + "->" + target.edge_to();
}

std::string why_no_edge(const v1::FaultTarget& target, const EdgeEnds& ends, const std::vector<std::string>& roles) {
  const auto is = [&](const Edge& edge) { return ends.to.empty() ? edge.to == ends.role : edge.from == ends.role && edge.to == ends.to; };
  if (std::any_of(std::begin(kEdges), std::end(kEdges), is)) return {};
  if (ends.to.empty()) return fmt::format("no one calls {}; {}", ends.role, edges_of(ends.role, roles));
  return fmt::format("{}: {} does not call {}; {}", target_text(target), ends.role, ends.to, edges_of(ends.role, roles));
}

}  // namespace chaos
