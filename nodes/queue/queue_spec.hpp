// What a queue is declared with, and what its arguments mean (https://www.rabbitmq.com/docs/queues#optional-arguments).
#pragma once

#include "queue/refusal.hpp"
#include "runtime/units.hpp"
#include "wire/amqp_table.hpp"

#include <string>

namespace chaos::broker {

struct QueueSpec {
  std::string name;
  bool durable = false;
  bool exclusive = false;
  bool auto_delete = false;
  amqp::Table arguments;
  /// Its definition and its persistent messages survive a restart.
  bool stored() const { return durable && !exclusive; }
  bool operator==(const QueueSpec&) const = default;
};

enum class Overflow { drop_head, reject_publish, reject_publish_dlx };

/// The arguments as values. Times are lab time.
struct QueueLimits {
  std::optional<LabDuration> message_ttl;     // x-message-ttl; 0: only what a consumer takes at once
  std::optional<LabDuration> expires;         // x-expires: deleted when unused for this long
  std::optional<std::uint64_t> max_length, max_length_bytes;
  Overflow overflow = Overflow::drop_head;
  std::optional<std::string> dead_letter_exchange, dead_letter_routing_key;
  std::uint8_t max_priority = 0;              // x-max-priority; 0: all are equal
  bool single_active_consumer = false;
};

/// Refuses with precondition_failed what RabbitMQ refuses, and x-queue-type other than classic. Arguments that RabbitMQ
/// does not know either are kept and mean nothing.
Outcome read_limits(const QueueSpec& spec, QueueLimits& out);

}  // namespace chaos::broker
