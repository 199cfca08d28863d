#include "queue/connection_rule.hpp"
#include "queue/management/management_handlers.hpp"
#include "queue/management/management_views.hpp"
#include "runtime/memory.hpp"
#include "runtime/ports.hpp"

#include <filesystem>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace chaos::broker {

namespace {

json::array exchange_types() {
  json::array out;
  for (const ExchangeType type : {ExchangeType::direct, ExchangeType::fanout, ExchangeType::headers, ExchangeType::topic}) {
    out.push_back({{"name", word(type)}, {"description", "AMQP " + std::string(word(type)) + " exchange, as per the AMQP specification"}, {"enabled", true}});
  }
  return out;
}

json::array listeners(const Desk& desk) {
  json::array out;
  for (const auto& [protocol, port] : {std::pair("amqp", ports::kAmqp), std::pair("http", ports::kAmqpManagement),
                                       std::pair("http/prometheus", ports::kAmqpPrometheus)}) {
    out.push_back({{"node", desk.node}, {"protocol", protocol}, {"ip_address", desk.address}, {"port", port}});
  }
  return out;
}

// Ready, unacknowledged and both over all queues, with rates.
json::object queue_totals(const Broker& broker) {
  json::object out;
  for (const auto& [name, depth] : {std::pair("messages", Depth::all), std::pair("messages_ready", Depth::ready),
                                    std::pair("messages_unacknowledged", Depth::unacked)}) {
    std::uint64_t sum = 0;
    double rate = 0;
    for (const auto& [queue_name, queue] : broker.queues()) {
      sum += queue->depth().value(static_cast<std::size_t>(depth));
      rate += queue->depth().rate(static_cast<std::size_t>(depth));
    }
    out[name] = sum;
    out[std::string(name) + "_details"] = json::object{{"rate", rate}};
  }
  return out;
}

json::object totals(const Broker& broker) {
  return stats_json(broker.totals(), {Stat::publish, Stat::confirm, Stat::return_unroutable, Stat::drop_unroutable, Stat::deliver,
                                      Stat::deliver_no_ack, Stat::get, Stat::get_no_ack, Stat::get_empty, Stat::deliver_get,
                                      Stat::redeliver, Stat::ack});
}

json::object object_totals(const Desk& desk, const std::vector<ConnectionView>& connections) {
  std::size_t channels = 0;
  std::size_t consumers = 0;
  for (const ConnectionView& connection : connections) channels += connection.channels.size();
  for (const auto& [name, queue] : desk.broker.queues()) consumers += queue->rule().consumers();
  return {{"connections", connections.size()}, {"channels", channels}, {"consumers", consumers},
          {"queues", desk.broker.queues().size()}, {"exchanges", desk.broker.exchanges().all().size()}};
}

json::object churn(const BrokerMetrics& m) {
  const auto count = [](const prometheus::Counter& counter) { return static_cast<std::uint64_t>(counter.Value()); };
  return {{"connection_created", count(m.connections_opened)}, {"connection_closed", count(m.connections_closed)},
          {"channel_created", count(m.channels_opened)}, {"channel_closed", count(m.channels_closed)},
          {"queue_declared", count(m.queues_declared)}, {"queue_created", count(m.queues_created)}, {"queue_deleted", count(m.queues_deleted)}};
}

json::object node_json(const Desk& desk) {
  const Accounts& accounts = desk.broker.accounts();
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const auto uptime = std::chrono::duration_cast<std::chrono::milliseconds>(desk.broker.clock().now() - desk.started).count();
  return {{"name", desk.node}, {"type", "disc"}, {"running", true}, {"being_drained", false}, {"partitions", json::array()},
          {"os_pid", std::to_string(getpid())}, {"uptime", uptime}, {"processors", std::thread::hardware_concurrency()},
          {"mem_used", resident_bytes()}, {"mem_limit", accounts.limit()}, {"mem_alarm", accounts.memory_full()},
          {"mem_calculation_strategy", "rss"}, {"messages_memory", accounts.held()},
          {"disk_free", accounts.disk_free()}, {"disk_free_limit", accounts.disk_limit()}, {"disk_free_alarm", accounts.disk_low()},
          {"fd_used", open_files()}, {"fd_total", static_cast<std::uint64_t>(files.rlim_cur)},
          {"sockets_used", desk.connections().size()}, {"sockets_total", desk.max_connections}, {"rates_mode", "basic"},
          {"exchange_types", exchange_types()}, {"auth_mechanisms", json::array{json::object{{"name", "PLAIN"}, {"enabled", true}},
                                                                               json::object{{"name", "AMQPLAIN"}, {"enabled", true}}}}};
}

json::object vhost_json(const Desk& desk) {
  json::object out = queue_totals(desk.broker);
  out["name"] = "/";
  out["description"] = "Default virtual host";
  out["tags"] = json::array();
  out["tracing"] = false;
  out["cluster_state"] = json::object{{desk.node, "running"}};
  out["message_stats"] = totals(desk.broker);
  return out;
}

}  // namespace

std::size_t open_files() {
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end; it.increment(error)) ++count;
  return count;
}

HttpResponse get_overview(Call& call) {
  const Desk& desk = call.desk;
  return shown(call, {{"management_version", kSpeaksAs}, {"rabbitmq_version", kSpeaksAs}, {"product_name", "chaoslab queue"},
                      {"product_version", kSpeaksAs}, {"rates_mode", "basic"}, {"cluster_name", desk.node}, {"node", desk.node},
                      {"exchange_types", exchange_types()}, {"listeners", listeners(desk)}, {"message_stats", totals(desk.broker)},
                      {"churn_rates", churn(desk.broker.metrics())}, {"queue_totals", queue_totals(desk.broker)},
                      {"object_totals", object_totals(desk, desk.connections())}});
}

HttpResponse get_nodes(Call& call) { return listed(call, json::array{node_json(call.desk)}); }

HttpResponse get_node(Call& call) {
  if (call.args[0] != call.desk.node) return not_found();
  return shown(call, node_json(call.desk));
}

HttpResponse get_vhosts(Call& call) { return listed(call, json::array{vhost_json(call.desk)}); }
HttpResponse get_vhost(Call& call) { return shown(call, vhost_json(call.desk)); }

}  // namespace chaos::broker
