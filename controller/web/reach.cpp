#include "web/reach.hpp"

#include "runtime/ports.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos::web {

namespace {

struct Endpoint {
  std::string host;
  unsigned short port = 0;

  std::string url(std::string_view path) const { return fmt::format("http://{}:{}{}", host, port, path); }
};

// Where a port of the node is; none: the reader cannot get there.
std::optional<Endpoint> endpoint(const v1::NodeStatus& node, unsigned short port, const Place& place) {
  if (!place.published) return node.address().empty() ? std::nullopt : std::optional(Endpoint{node.address(), port});
  for (const PublishedPort& one : published_ports()) {
    if (one.node == node.name() && one.port == port) return Endpoint{place.host, one.host_port};
  }
  return std::nullopt;
}

struct Tool {
  std::string_view role;
  unsigned short port;
  Way (*way)(const Endpoint& at);
};

Way curl(const Endpoint& at, std::string_view path) { return {"curl", fmt::format("curl -i {}", at.url(path)), {}}; }

// By role in path order, then as one would try them.
const Tool kTools[] = {
    {"cdn", ports::kHttp, [](const Endpoint& at) { return curl(at, "/static/1"); }},
    {"lb", ports::kLbStats, [](const Endpoint& at) { return Way{"statistics page", {}, at.url("/")}; }},
    {"lb", ports::kLbRuntime, [](const Endpoint& at) { return Way{"runtime API", fmt::format("echo 'show servers state' | nc -w 1 {} {}", at.host, at.port), {}}; }},
    {"lb", ports::kHttp, [](const Endpoint& at) { return curl(at, "/items/7"); }},
    {"server", ports::kHttp, [](const Endpoint& at) { return curl(at, "/readyz"); }},
    {"redis", ports::kRedis, [](const Endpoint& at) { return Way{"redis-cli", fmt::format("redis-cli -h {} -p {} info stats", at.host, at.port), {}}; }},
    {"replica", ports::kPostgres, [](const Endpoint& at) { return Way{"psql", fmt::format("psql -h {} -p {} -U shop -c 'select * from pg_stat_activity'", at.host, at.port), {}}; }},
    {"postgres", ports::kPostgres, [](const Endpoint& at) { return Way{"psql", fmt::format("psql -h {} -p {} -U shop -c 'select * from pg_stat_activity'", at.host, at.port), {}}; }},
    {"queue", ports::kAmqpManagement, [](const Endpoint& at) { return Way{"management API", fmt::format("curl -u guest:guest {}", at.url("/api/queues")), {}}; }},
    {"queue", ports::kAmqp, [](const Endpoint& at) { return Way{"AMQP address", fmt::format("amqp://guest:guest@{}:{}", at.host, at.port), {}}; }},
    {"worker", ports::kHttp, [](const Endpoint& at) { return curl(at, "/healthz"); }},
    {"object_store", ports::kObjectStore,
     [](const Endpoint& at) { return Way{"s3cmd", fmt::format("s3cmd --no-ssl --access_key=x --secret_key=x --host={0}:{1} --host-bucket={0}:{1} ls", at.host, at.port), {}}; }},
};

}  // namespace

const std::vector<PublishedPort>& published_ports() {
  static const std::vector<PublishedPort> all{
      {"cdn-1", ports::kHttp, 8080},          {"lb-1", ports::kLbStats, 8404},   {"lb-1", ports::kLbRuntime, 9999},
      {"redis-1", ports::kRedis, 6379},       {"replica-1", ports::kPostgres, 5433}, {"postgres-1", ports::kPostgres, 5432},
      {"queue-1", ports::kAmqp, 5672},        {"queue-1", ports::kAmqpManagement, 15672},
      {"queue-1", ports::kAmqpPrometheus, 15692}, {"object_store-1", ports::kObjectStore, 9000}};
  return all;
}

std::vector<Way> ways_to(const v1::NodeStatus& node, const Place& place) {
  std::vector<Way> ways;
  const bool listens = node.phase() != v1::PHASE_STANDBY;
  for (const Tool& tool : kTools) {
    const auto at = listens && tool.role == node.role() ? endpoint(node, tool.port, place) : std::nullopt;
    if (at) ways.push_back(tool.way(*at));
  }
  if (const auto metrics = endpoint(node, ports::kMetrics, place); metrics && listens) ways.push_back({"metrics", {}, metrics->url("/metrics")});
  if (place.published) ways.push_back({"log", fmt::format("docker compose -f compose/compose.yaml logs -f {}", node.name()), {}});
  else ways.push_back({"log", fmt::format("chaosctl logs -f {}", node.name()), {}});
  return ways;
}

std::optional<std::string> host_of(std::string_view host_header) {
  const bool bracketed = host_header.starts_with('[');
  const auto end = bracketed ? host_header.find(']') : std::min(host_header.find(':'), host_header.size());
  if (end == std::string_view::npos) return std::nullopt;
  const auto host = host_header.substr(0, bracketed ? end + 1 : end);
  static constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  const auto inner = bracketed ? host.substr(1, host.size() - 2) : host;
  const bool safe = !inner.empty() && inner.size() <= 253 && inner.find_first_not_of(bracketed ? "0123456789abcdefABCDEF:" : kSafe) == std::string_view::npos;
  if (!safe || inner[0] == '-') return std::nullopt;
  return std::string(host);
}

}  // namespace chaos::web
