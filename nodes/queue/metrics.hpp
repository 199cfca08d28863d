// What the broker exposes, under RabbitMQ's names (rabbitmq_prometheus: https://www.rabbitmq.com/docs/prometheus).
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

namespace chaos::broker {

/// The series of one queue.
struct QueueGauges {
  prometheus::Gauge* ready = nullptr;
  prometheus::Gauge* unacked = nullptr;
  prometheus::Gauge* messages = nullptr;
  prometheus::Gauge* consumers = nullptr;
};

enum class Death;

class BrokerMetrics {
 public:
  explicit BrokerMetrics(prometheus::Registry& registry);
  QueueGauges add_queue(const std::string& name);
  void remove(const QueueGauges& gauges);
  /// Messages that left a queue unacknowledged, by reason and whether they went to a dead-letter exchange.
  prometheus::Counter& dead(Death death, bool to_exchange);

 private:
  prometheus::Family<prometheus::Gauge>& ready_;
  prometheus::Family<prometheus::Gauge>& unacked_;
  prometheus::Family<prometheus::Gauge>& messages_;
  prometheus::Family<prometheus::Gauge>& consumers_;
  std::vector<prometheus::Counter*> dead_;

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
  prometheus::Counter& channels_opened;
  prometheus::Counter& channels_closed;
  prometheus::Gauge& queues;
  prometheus::Counter& queues_declared;
  prometheus::Counter& queues_created;
  prometheus::Counter& queues_deleted;
  prometheus::Gauge& memory_alarm;      // 1: publishers are blocked
  prometheus::Gauge& disk_alarm;        // 1: the same, because the disk is nearly full
  prometheus::Gauge& disk_free;         // bytes
  prometheus::Counter& logins;          // AMQP, that succeeded
  prometheus::Counter& logins_failed;
};

}  // namespace chaos::broker
