#include "queue/metrics.hpp"

namespace chaos::broker {

namespace {

prometheus::Family<prometheus::Gauge>& gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return gauges(registry, name, help).Add({});
}

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help, const prometheus::Labels& labels = {{"protocol", "amqp091"}}) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

}  // namespace

BrokerMetrics::BrokerMetrics(prometheus::Registry& r)
    : ready_(gauges(r, "rabbitmq_queue_messages_ready", "Messages ready to be delivered to consumers")),
      unacked_(gauges(r, "rabbitmq_queue_messages_unacked", "Messages delivered to consumers but not yet acknowledged")),
      messages_(gauges(r, "rabbitmq_queue_messages", "Sum of ready and unacknowledged messages")),
      consumers_(gauges(r, "rabbitmq_queue_consumers", "Consumers on a queue")),
      received(counter(r, "rabbitmq_global_messages_received_total", "Messages received from publishers")),
      confirmed(counter(r, "rabbitmq_global_messages_confirmed_total", "Messages confirmed to publishers")),
      routed(counter(r, "rabbitmq_global_messages_routed_total", "Messages routed to queues")),
      dropped(counter(r, "rabbitmq_global_messages_unroutable_dropped_total", "Messages that no queue took and that were dropped")),
      returned(counter(r, "rabbitmq_global_messages_unroutable_returned_total", "Messages that no queue took and that were returned")),
      delivered(counter(r, "rabbitmq_global_messages_delivered_total", "Messages delivered to consumers")),
      redelivered(counter(r, "rabbitmq_global_messages_redelivered_total", "Messages delivered to consumers again")),
      acknowledged(counter(r, "rabbitmq_global_messages_acknowledged_total", "Messages acknowledged by consumers")),
      connections(gauge(r, "rabbitmq_connections", "Connections currently open")),
      connections_opened(counter(r, "rabbitmq_connections_opened_total", "Total number of connections opened", {})),
      connections_closed(counter(r, "rabbitmq_connections_closed_total", "Total number of connections closed or terminated", {})),
      channels(gauge(r, "rabbitmq_channels", "Channels currently open")),
      channels_opened(counter(r, "rabbitmq_channels_opened_total", "Total number of channels opened", {})),
      channels_closed(counter(r, "rabbitmq_channels_closed_total", "Total number of channels closed", {})),
      queues(gauge(r, "rabbitmq_queues", "Queues available")),
      queues_declared(counter(r, "rabbitmq_queues_declared_total", "Total number of queues declared", {})),
      queues_created(counter(r, "rabbitmq_queues_created_total", "Total number of queues created", {})),
      queues_deleted(counter(r, "rabbitmq_queues_deleted_total", "Total number of queues deleted", {})),
      memory_alarm(gauge(r, "rabbitmq_alarms_memory_used_watermark", "1 while the memory high watermark blocks publishers")),
      disk_alarm(gauge(r, "rabbitmq_alarms_free_disk_space_watermark", "1 while too little free disk blocks publishers")),
      disk_free(gauge(r, "rabbitmq_disk_space_available_bytes", "Disk space available in bytes")),
      logins(counter(r, "rabbitmq_auth_attempts_succeeded_total", "Total number of successful authentication attempts")),
      logins_failed(counter(r, "rabbitmq_auth_attempts_failed_total", "Total number of failed authentication attempts")) {
  auto add = [&r, this](const char* reason) {
    const std::string name = std::string("rabbitmq_global_messages_dead_lettered_") + reason + "_total";
    auto& family = prometheus::BuildCounter().Name(name).Help(std::string("Total number of messages that died: ") + reason).Register(r);
    for (const char* strategy : {"disabled", "at_most_once"}) {
      dead_.push_back(&family.Add({{"queue_type", "rabbit_classic_queue"}, {"dead_letter_strategy", strategy}}));
    }
  };
  for (const char* reason : {"rejected", "expired", "maxlen"}) add(reason);
}

prometheus::Counter& BrokerMetrics::dead(Death death, bool to_exchange) {
  return *dead_[2 * static_cast<std::size_t>(death) + (to_exchange ? 1 : 0)];
}

QueueGauges BrokerMetrics::add_queue(const std::string& name) {
  const prometheus::Labels labels{{"queue", name}, {"vhost", "/"}};
  return {&ready_.Add(labels), &unacked_.Add(labels), &messages_.Add(labels), &consumers_.Add(labels)};
}

void BrokerMetrics::remove(const QueueGauges& g) {
  ready_.Remove(g.ready);
  unacked_.Remove(g.unacked);
  messages_.Remove(g.messages);
  consumers_.Remove(g.consumers);
}

}  // namespace chaos::broker
