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
      queues(gauge(r, "rabbitmq_queues", "Queues available")),
      memory_alarm(gauge(r, "rabbitmq_alarms_memory_used_watermark", "1 while the memory high watermark blocks publishers")) {}

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
