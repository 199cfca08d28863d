#include "queue/management/prometheus_page.hpp"

#include "queue/connection_rule.hpp"
#include "queue/management/prometheus_columns.hpp"
#include "runtime/memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

namespace chaos::broker {

namespace {

using namespace columns;

void queues(PrometheusText& out, const Broker& broker) {
  for (const auto& column : kQueueColumns) {
    if (!out.shows(column.figure)) continue;
    out.head(column.figure);
    double sum = 0;
    for (const auto& [name, queue] : broker.queues()) {
      sum += column.value(*queue);
      if (!out.summed()) out.line(column.figure, {{"vhost", "/"}, {"queue", name}}, column.value(*queue));
    }
    if (out.summed()) out.line(column.figure, {}, sum);
  }
}

void connections(PrometheusText& out, const std::vector<C>& all) {
  for (const auto& column : kConnectionColumns) {
    if (!out.shows(column.figure)) continue;
    out.head(column.figure);
    double sum = 0;
    for (const C& connection : all) {
      sum += column.value(connection);
      if (!out.summed()) out.line(column.figure, {{"connection", connection.name()}}, column.value(connection));
    }
    if (out.summed()) out.line(column.figure, {}, sum);
  }
}

template <class Value>
void each_channel(PrometheusText& out, const Figure& figure, const std::vector<C>& all, Value value) {
  for (const C& connection : all) {
    for (const H& channel : connection.channels) {
      out.line(figure, {{"channel", fmt::format("{} ({})", connection.name(), channel.number)}}, value(channel));
    }
  }
}

void channels(PrometheusText& out, const std::vector<C>& all, const MessageStats& totals) {
  for (const auto& column : kChannelColumns) {
    if (!out.shows(column.figure)) continue;
    out.head(column.figure);
    double sum = 0;
    for (const C& connection : all) {
      for (const H& channel : connection.channels) sum += column.value(channel);
    }
    if (out.summed()) out.line(column.figure, {}, sum);
    if (!out.summed()) each_channel(out, column.figure, all, column.value);
  }
  for (const auto& [figure, stat] : kCounted) {
    if (!out.shows(figure)) continue;
    out.head(figure);
    if (out.summed()) out.line(figure, {}, real(totals.value(stat)));
    if (!out.summed()) each_channel(out, figure, all, [stat = stat](const H& h) { return real(h.stats.value(stat)); });
  }
}

void node(PrometheusText& out, const Desk& desk, const std::vector<C>& all) {
  const Accounts& accounts = desk.broker.accounts();
  const BrokerMetrics& m = desk.broker.metrics();
  const char* group = "node_metrics";
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  out.single({"alarms_memory_used_watermark", "untyped", "is 1 if VM memory watermark alarm is in effect", "alarms"}, accounts.memory_full());
  out.single({"alarms_free_disk_space_watermark", "untyped", "is 1 if free disk space watermark alarm is in effect", "alarms"}, accounts.disk_low());
  out.single({"process_open_fds", "gauge", "Open file descriptors", group}, real(open_files()));
  out.single({"process_max_fds", "gauge", "Open file descriptors limit", group}, real(files.rlim_cur));
  out.single({"process_open_tcp_sockets", "gauge", "Open TCP sockets", group}, real(all.size()));
  out.single({"process_max_tcp_sockets", "gauge", "Open TCP sockets limit", group}, real(desk.max_connections));
  out.single({"process_resident_memory_bytes", "gauge", "Memory used in bytes", group}, real(resident_bytes()));
  out.single({"resident_memory_limit_bytes", "gauge", "Memory high watermark in bytes", group}, real(accounts.limit()));
  out.single({"disk_space_available_bytes", "gauge", "Disk space available in bytes", group}, real(accounts.disk_free()));
  out.single({"disk_space_available_limit_bytes", "gauge", "Free disk space low watermark in bytes", group}, real(accounts.disk_limit()));
  const char* churn = "connection_churn_metrics";
  out.single({"connections_opened_total", "counter", "Total number of connections opened", churn}, m.connections_opened.Value());
  out.single({"connections_closed_total", "counter", "Total number of connections closed or terminated", churn}, m.connections_closed.Value());
  out.single({"channels_opened_total", "counter", "Total number of channels opened", churn}, m.channels_opened.Value());
  out.single({"channels_closed_total", "counter", "Total number of channels closed", churn}, m.channels_closed.Value());
  out.single({"queues_declared_total", "counter", "Total number of queues declared", churn}, m.queues_declared.Value());
  out.single({"queues_created_total", "counter", "Total number of queues created", churn}, m.queues_created.Value());
  out.single({"queues_deleted_total", "counter", "Total number of queues deleted", churn}, m.queues_deleted.Value());
  if (const Figure tries{"auth_attempts_succeeded_total", "counter", "Total number of successful authentication attempts", "auth_attempt_metrics"}; out.shows(tries)) {
    out.head(tries);
    out.line(tries, {{"protocol", "amqp091"}}, m.logins.Value());
    const Figure failed{"auth_attempts_failed_total", "counter", "Total number of failed authentication attempts", "auth_attempt_metrics"};
    out.head(failed);
    out.line(failed, {{"protocol", "amqp091"}}, m.logins_failed.Value());
  }
  std::size_t consumers = 0;
  for (const auto& [name, queue] : desk.broker.queues()) consumers += queue->rule().consumers();
  out.single({"connections", "gauge", "Connections currently open", "totals"}, real(all.size()));
  out.single({"channels", "gauge", "Channels currently open", "totals"}, m.channels.Value());
  out.single({"consumers", "gauge", "Consumers currently connected", "totals"}, real(consumers));
  out.single({"queues", "gauge", "Queues available", "totals"}, real(desk.broker.queues().size()));
}

void identity(PrometheusText& out, const Desk& desk) {
  const Figure build{"build_info", "untyped", "RabbitMQ & Erlang/OTP version info", "identity"};
  out.head(build);
  out.line(build, {{"rabbitmq_version", std::string(kSpeaksAs)}, {"prometheus_plugin_version", std::string(kSpeaksAs)},
                   {"product_name", "chaoslab queue"}}, 1);
  const Figure self{"identity_info", "untyped", "RabbitMQ node & cluster identity info", "identity"};
  out.head(self);
  out.line(self, {{"rabbitmq_node", desk.node}, {"rabbitmq_cluster", desk.node}}, 1);
}

void global(PrometheusText& out, const BrokerMetrics& m) {
  const auto one = [&out](std::string_view name, std::string_view help, const prometheus::Counter& counter) {
    const Figure figure{name, "counter", help, "global"};
    if (!out.shows(figure)) return;
    out.head(figure);
    out.line(figure, {{"protocol", "amqp091"}}, counter.Value());
  };
  one("global_messages_received_total", "Total number of messages received from publishers", m.received);
  one("global_messages_confirmed_total", "Total number of messages confirmed to publishers", m.confirmed);
  one("global_messages_routed_total", "Total number of messages routed to queues or streams", m.routed);
  one("global_messages_unroutable_dropped_total", "Total number of messages published as non-mandatory into an exchange and dropped as unroutable", m.dropped);
  one("global_messages_unroutable_returned_total", "Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable", m.returned);
  one("global_messages_delivered_total", "Total number of messages delivered to consumers", m.delivered);
  one("global_messages_redelivered_total", "Total number of messages redelivered to consumers", m.redelivered);
  one("global_messages_acknowledged_total", "Total number of messages acknowledged by consumers", m.acknowledged);
}

std::vector<std::string> families(std::string_view query) {
  std::vector<std::string> out;
  while (!query.empty() && out.size() < 32) {
    const auto end = std::min(query.find('&'), query.size());
    if (query.substr(0, end).starts_with("family=")) out.emplace_back(query.substr(7, end - 7));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return out;
}

std::optional<Selection> selection(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (path == "/metrics") return Selection{Scope::summed};
  if (path == "/metrics/per-object") return Selection{Scope::per_object};
  if (path == "/metrics/detailed") return Selection{Scope::detailed, families(request.query())};
  return std::nullopt;
}

}  // namespace

HttpResponse prometheus_page(Desk& desk, const HttpRequest& request) {
  auto selected = selection(request);
  if (!selected) return text_response(404, "see /metrics, /metrics/per-object and /metrics/detailed?family=queue_coarse_metrics\n");
  PrometheusText out(std::move(*selected));
  const auto all = desk.connections();
  node(out, desk, all);
  queues(out, desk.broker);
  channels(out, all, desk.broker.totals());
  connections(out, all);
  global(out, desk.broker.metrics());
  identity(out, desk);
  HttpResponse response = text_response(200, out.take());
  response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace chaos::broker
