// What the broker exposes, under RabbitMQ's names (rabbitmq_prometheus: https://www.rabbitmq.com/docs/prometheus).
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

namespace chaos::broker {

/// The series of one queue.
struct QueueGauges {
  prometheus::Gauge* ready = nullptr;
  prometheus::Gauge* unacked = nullptr;
  prometheus::Gauge* messages = nullptr;
  prometheus::Gauge* consumers = nullptr;
};

class BrokerMetrics {
 public:
  explicit BrokerMetrics(prometheus::Registry& registry);
  QueueGauges add_queue(const std::string& name);
  void remove(const QueueGauges& gauges);

 private:
  prometheus::Family<prometheus::Gauge>& ready_;
  prometheus::Family<prometheus::Gauge>& unacked_;
  prometheus::Family<prometheus::Gauge>& messages_;
  prometheus::Family<prometheus::Gauge>& consumers_;

 public:
  prometheus::Counter& received;        // published to this node
  prometheus::Counter& confirmed;       // publisher confirms sent
  prometheus::Counter& routed;          // once a queue that took it
  prometheus::Counter& dropped;         // no queue took it, and it was not mandatory
  prometheus::Counter& returned;        // no queue took it, mandatory
  prometheus::Counter& delivered;       // to consumers and by basic.get
  prometheus::Counter& redelivered;     // of these, not for the first time
  prometheus::Counter& acknowledged;
  prometheus::Gauge& connections;
  prometheus::Counter& connections_opened;
  prometheus::Counter& connections_closed;
  prometheus::Gauge& channels;
  prometheus::Gauge& queues;
  prometheus::Gauge& memory_alarm;      // 1: publishers are blocked
};

}  // namespace chaos::broker
