// The figures of queues, connections and channels, by the names, types and groups of RabbitMQ's Prometheus plugin.
#pragma once

#include "queue/management/prometheus_text.hpp"
#include "queue/message_queue.hpp"
#include "queue/views.hpp"

namespace chaos::broker::columns {

template <class Thing>
struct Column {
  Figure figure;
  double (*value)(const Thing& thing);
};

inline double real(std::uint64_t value) { return static_cast<double>(value); }

using Q = MessageQueue;
inline constexpr const char* kCoarse = "queue_coarse_metrics";
inline constexpr const char* kQueue = "queue_metrics";
inline const Column<Q> kQueueColumns[] = {
    {{"queue_messages_ready", "gauge", "Messages ready to be delivered to consumers", kCoarse}, [](const Q& q) { return real(q.rule().ready()); }},
    {{"queue_messages_unacked", "gauge", "Messages delivered to consumers but not yet acknowledged", kCoarse},
     [](const Q& q) { return real(q.rule().unacked()); }},
    {{"queue_messages", "gauge", "Sum of ready and unacknowledged messages - total queue depth", kCoarse},
     [](const Q& q) { return real(q.rule().ready() + q.rule().unacked()); }},
    {{"queue_consumers", "gauge", "Consumers on a queue", "queue_consumer_count"}, [](const Q& q) { return real(q.rule().consumers()); }},
    {{"queue_messages_published_total", "counter", "Total number of messages published to queues", "channel_queue_exchange_metrics"},
     [](const Q& q) { return real(q.stats().value(Stat::publish)); }},
    {{"queue_messages_ram", "gauge", "Ready and unacknowledged messages stored in memory", kQueue},
     [](const Q& q) { return real(q.rule().ready() + q.rule().unacked()); }},
    {{"queue_messages_ready_ram", "gauge", "Ready messages stored in memory", kQueue}, [](const Q& q) { return real(q.rule().ready()); }},
    {{"queue_messages_unacked_ram", "gauge", "Unacknowledged messages stored in memory", kQueue},
     [](const Q& q) { return real(q.rule().unacked()); }},
    {{"queue_messages_persistent", "gauge", "Persistent messages", kQueue}, [](const Q& q) { return real(q.holdings().persistent); }},
    {{"queue_messages_persistent_bytes", "gauge", "Size in bytes of persistent messages", kQueue},
     [](const Q& q) { return real(q.holdings().persistent_bytes); }},
    {{"queue_messages_bytes", "gauge", "Size in bytes of ready and unacknowledged messages", kQueue},
     [](const Q& q) { return real(q.holdings().ready_bytes + q.holdings().unacked_bytes); }},
    {{"queue_messages_ready_bytes", "gauge", "Size in bytes of ready messages", kQueue}, [](const Q& q) { return real(q.holdings().ready_bytes); }},
    {{"queue_messages_unacked_bytes", "gauge", "Size in bytes of all unacknowledged messages", kQueue},
     [](const Q& q) { return real(q.holdings().unacked_bytes); }},
    {{"queue_process_memory_bytes", "gauge", "Memory in bytes that the queue's messages take", kQueue}, [](const Q& q) { return real(q.bytes()); }},
    {{"queue_disk_writes_total", "counter", "Total number of times queue wrote messages to disk", kQueue},
     [](const Q& q) { return real(q.stats().value(Stat::disk_writes)); }}};

using C = ConnectionView;
inline constexpr const char* kConnection = "connection_coarse_metrics";
inline double traffic(const C& c, Traffic t) { return real(c.traffic.value(static_cast<std::size_t>(t))); }
inline const Column<C> kConnectionColumns[] = {
    {{"connection_incoming_bytes_total", "counter", "Total number of bytes received on a connection", kConnection},
     [](const C& c) { return traffic(c, Traffic::recv_oct); }},
    {{"connection_outgoing_bytes_total", "counter", "Total number of bytes sent on a connection", kConnection},
     [](const C& c) { return traffic(c, Traffic::send_oct); }},
    {{"connection_incoming_packets_total", "counter", "Total number of packets received on a connection", "connection_metrics"},
     [](const C& c) { return traffic(c, Traffic::recv_cnt); }},
    {{"connection_outgoing_packets_total", "counter", "Total number of packets sent on a connection", "connection_metrics"},
     [](const C& c) { return traffic(c, Traffic::send_cnt); }},
    {{"connection_pending_packets", "gauge", "Number of packets waiting to be sent on a connection", "connection_metrics"},
     [](const C& c) { return c.pending > 0 ? 1.0 : 0.0; }},
    {{"connection_channels", "gauge", "Channels on a connection", "connection_metrics"}, [](const C& c) { return real(c.channels.size()); }}};

using H = ChannelView;
inline constexpr const char* kChannel = "channel_metrics";
inline constexpr const char* kChannelQueue = "channel_queue_metrics";
inline constexpr const char* kChannelExchange = "channel_exchange_metrics";
inline const Column<H> kChannelColumns[] = {
    {{"channel_consumers", "gauge", "Consumers on a channel", kChannel}, [](const H& h) { return real(h.consumers.size()); }},
    {{"channel_messages_unacked", "gauge", "Delivered but not yet acknowledged messages", kChannel}, [](const H& h) { return real(h.unacked); }},
    {{"channel_messages_unconfirmed", "gauge", "Published but not yet confirmed messages", kChannel}, [](const H& h) { return real(h.unconfirmed); }},
    {{"channel_messages_uncommitted", "gauge", "Messages received in a transaction but not yet committed", kChannel},
     [](const H& h) { return real(h.uncommitted); }},
    {{"channel_acks_uncommitted", "gauge", "Message acknowledgements in a transaction not yet committed", kChannel},
     [](const H& h) { return real(h.acks_uncommitted); }},
    {{"consumer_prefetch", "gauge", "Limit of unacknowledged messages for each consumer", kChannel}, [](const H& h) { return real(h.prefetch); }},
    {{"channel_prefetch", "gauge", "Total limit of unacknowledged messages for all consumers on a channel", kChannel},
     [](const H& h) { return real(h.global_prefetch); }}};

/// What channels count; summed also over those that are closed by now.
struct Counted {
  Figure figure;
  Stat stat;
};
inline constexpr Counted kCounted[] = {
    {{"channel_messages_published_total", "counter", "Total number of messages published into an exchange on a channel", kChannelExchange},
     Stat::publish},
    {{"channel_messages_confirmed_total", "counter", "Total number of messages published into an exchange and confirmed on the channel", kChannelExchange},
     Stat::confirm},
    {{"channel_messages_unroutable_returned_total", "counter", "Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable", kChannelExchange},
     Stat::return_unroutable},
    {{"channel_messages_unroutable_dropped_total", "counter", "Total number of messages published as non-mandatory into an exchange and dropped as unroutable", kChannelExchange},
     Stat::drop_unroutable},
    {{"channel_get_ack_total", "counter", "Total number of messages fetched with basic.get in manual acknowledgement mode", kChannelQueue},
     Stat::get},
    {{"channel_get_total", "counter", "Total number of messages fetched with basic.get in automatic acknowledgement mode", kChannelQueue},
     Stat::get_no_ack},
    {{"channel_messages_delivered_ack_total", "counter", "Total number of messages delivered to consumers in manual acknowledgement mode", kChannelQueue},
     Stat::deliver},
    {{"channel_messages_delivered_total", "counter", "Total number of messages delivered to consumers in automatic acknowledgement mode", kChannelQueue},
     Stat::deliver_no_ack},
    {{"channel_messages_redelivered_total", "counter", "Total number of messages redelivered to consumers", kChannelQueue}, Stat::redeliver},
    {{"channel_messages_acked_total", "counter", "Total number of messages acknowledged by consumers", kChannelQueue}, Stat::ack},
    {{"channel_get_empty_total", "counter", "Total number of times basic.get operations fetched no message", kChannelQueue}, Stat::get_empty}};

}  // namespace chaos::broker::columns
