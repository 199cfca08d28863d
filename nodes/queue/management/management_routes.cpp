#include "queue/management/management_handlers.hpp"

#include <array>

namespace chaos::broker {

namespace {

constexpr std::size_t kMostParts = 8;

// In each path "vhost" is one part that must name the virtual host.
constexpr Route kRoutes[] = {
    {"GET", "overview", get_overview}, {"GET", "nodes", get_nodes}, {"GET", "nodes/*", get_node}, {"GET", "cluster-name", get_cluster_name},
    {"GET", "whoami", get_whoami}, {"GET", "extensions", get_extensions}, {"GET", "auth", get_auth},
    {"GET", "vhosts", get_vhosts}, {"GET", "vhosts/vhost", get_vhost}, {"GET", "vhosts/vhost/permissions", get_permissions},
    {"GET", "vhosts/vhost/connections", get_connections}, {"GET", "vhosts/vhost/channels", get_channels},
    {"GET", "users", get_users}, {"GET", "users/*", get_user}, {"GET", "users/*/permissions", get_user_permissions},
    {"GET", "permissions", get_permissions}, {"GET", "topic-permissions", get_nothing},
    {"PUT", "users/*", refuse_users}, {"DELETE", "users/*", refuse_users}, {"PUT", "permissions/*/*", refuse_users},
    {"DELETE", "permissions/*/*", refuse_users}, {"PUT", "vhosts/*", refuse_users}, {"DELETE", "vhosts/*", refuse_users},
    {"GET", "parameters", get_nothing}, {"GET", "global-parameters", get_nothing}, {"GET", "policies", get_nothing},
    {"GET", "policies/vhost", get_nothing}, {"GET", "operator-policies", get_nothing}, {"GET", "vhost-limits", get_nothing},
    {"GET", "user-limits", get_nothing}, {"GET", "feature-flags", get_nothing}, {"PUT", "policies/vhost/*", refuse_policies},
    {"DELETE", "policies/vhost/*", refuse_policies}, {"PUT", "operator-policies/vhost/*", refuse_policies},
    {"DELETE", "operator-policies/vhost/*", refuse_policies}, {"PUT", "parameters/*/vhost/*", refuse_policies},
    {"DELETE", "parameters/*/vhost/*", refuse_policies}, {"PUT", "vhost-limits/vhost/*", refuse_policies},
    {"DELETE", "vhost-limits/vhost/*", refuse_policies},
    {"GET", "aliveness-test/vhost", aliveness_test}, {"GET", "healthchecks/node", check_alarms}, {"GET", "healthchecks/node/*", check_alarms},
    {"GET", "health/checks/alarms", check_alarms}, {"GET", "health/checks/local-alarms", check_alarms},
    {"GET", "health/checks/port-listener/*", check_port}, {"GET", "health/checks/protocol-listener/*", check_protocol},
    {"GET", "health/checks/virtual-hosts", check_ok}, {"GET", "health/checks/node-is-mirror-sync-critical", check_ok},
    {"GET", "health/checks/node-is-quorum-critical", check_ok}, {"GET", "health/checks/certificate-expiration/*/*", check_ok},
    {"GET", "queues", get_queues}, {"GET", "queues/vhost", get_queues}, {"GET", "queues/vhost/*", get_queue},
    {"GET", "queues/vhost/*/bindings", get_queue_bindings}, {"PUT", "queues/vhost/*", put_queue}, {"DELETE", "queues/vhost/*", delete_queue},
    {"DELETE", "queues/vhost/*/contents", purge_queue}, {"POST", "queues/vhost/*/get", get_messages},
    {"GET", "exchanges", get_exchanges}, {"GET", "exchanges/vhost", get_exchanges}, {"GET", "exchanges/vhost/*", get_exchange},
    {"GET", "exchanges/vhost/*/bindings/source", get_source_bindings},
    {"GET", "exchanges/vhost/*/bindings/destination", get_destination_bindings}, {"PUT", "exchanges/vhost/*", put_exchange},
    {"DELETE", "exchanges/vhost/*", delete_exchange}, {"POST", "exchanges/vhost/*/publish", publish_message},
    {"GET", "bindings", get_bindings}, {"GET", "bindings/vhost", get_bindings}, {"GET", "bindings/vhost/e/*/*/*", get_pair_bindings},
    {"POST", "bindings/vhost/e/*/*/*", post_binding}, {"GET", "bindings/vhost/e/*/*/*/*", get_binding},
    {"DELETE", "bindings/vhost/e/*/*/*/*", delete_binding},
    {"GET", "connections", get_connections}, {"GET", "connections/*", get_connection}, {"DELETE", "connections/*", delete_connection},
    {"GET", "connections/*/channels", get_connection_channels}, {"GET", "channels", get_channels}, {"GET", "channels/*", get_channel},
    {"GET", "consumers", get_consumers}, {"GET", "consumers/vhost", get_consumers},
    {"GET", "definitions", get_definitions}, {"GET", "definitions/vhost", get_definitions}, {"POST", "definitions", post_definitions},
    {"POST", "definitions/vhost", post_definitions}};

// The parts between slashes, decoded. nullopt: malformed, or too many.
std::optional<std::vector<std::string>> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const auto slash = path.find('/');
    auto part = percent_decode(path.substr(0, slash));
    if (!part || parts.size() == kMostParts) return std::nullopt;
    parts.push_back(std::move(*part));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

// What stands for '*' and for the virtual host, in order; nullopt: another path.
std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string>& parts) {
  std::vector<std::string> args;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto slash = pattern.find('/');
    const std::string_view step = pattern.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    if (last != (i + 1 == parts.size())) return std::nullopt;
    if (step == "vhost" ? parts[i] != "/" : step != "*" && step != parts[i]) return std::nullopt;
    if (step == "vhost" || step == "*") args.push_back(parts[i]);
    if (!last) pattern.remove_prefix(slash + 1);
  }
  return args;
}

HttpResponse not_authorized(bool tried) {
  HttpResponse response = json_response(401, tried ? R"({"error":"not_authorized","reason":"Login failed"})" : "");
  response.headers.set("WWW-Authenticate", "Basic realm=\"RabbitMQ Management\"");
  return response;
}

// False: the body is no JSON object, or too deep.
bool read_body(const HttpRequest& request, json::object& out) {
  if (request.body.empty() || request.method == "GET" || request.method == "HEAD") return true;
  boost::system::error_code error;
  json::value value = json::parse(request.body, error);
  if (error || !value.is_object()) return false;
  out = std::move(value.get_object());
  return true;
}

HttpResponse routed(Call& call, const std::vector<std::string>& parts) {
  const std::string_view method = call.request.method == "HEAD" ? "GET" : std::string_view(call.request.method);
  bool known = false;
  for (const Route& route : kRoutes) {
    auto args = match(route.path, parts);
    if (!args) continue;
    known = true;
    if (route.method != method) continue;
    call.args = std::move(*args);
    return route.handler(call);
  }
  return known ? text_response(405, "") : not_found();
}

}  // namespace

HttpResponse manage(Desk& desk, const HttpRequest& request) {
  constexpr std::string_view kApi = "/api/";
  const std::string_view path = request.path();
  if (path == "/" || path == "/index.html") return landing_page(desk);
  if (!path.starts_with(kApi)) return not_found();
  const auto header = request.headers.get("Authorization");
  const auto credentials = header ? read_basic(*header) : std::nullopt;
  const bool open = path == "/api/auth";
  if (!open && (!credentials || !desk.users.accept(credentials->name, credentials->password))) return not_authorized(header.has_value());
  const auto parts = parts_of(path.substr(kApi.size()));
  if (!parts) return not_found();
  Call call{desk, request, credentials ? credentials->name : std::string()};
  if (!read_body(request, call.body)) return bad_request("not_json");
  return routed(call, *parts);
}

DeskServer::DeskServer(NodeContext& ctx, const char* name, Desk desk, Answer answer)
    : desk_(std::move(desk)), server_(ctx, name, HttpLimits{.faults = false}, [this, answer](HttpRequest request) -> awaitable<HttpResponse> {
        co_return answer(desk_, request);
      }) {}

}  // namespace chaos::broker
