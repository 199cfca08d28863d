// Connections, channels and consumers as the management API tells them: copies, made when somebody asks.
#pragma once

#include "queue/message_stats.hpp"
#include "wire/amqp_table.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace chaos::broker {

struct ConsumerView {
  std::string tag, queue;
  bool no_ack = false, exclusive = false, active = true;
  std::uint32_t prefetch = 0;
  amqp::Table arguments;
};

struct ChannelView {
  std::uint16_t number = 0;
  bool confirm = false, transactional = false;
  std::size_t unacked = 0, unconfirmed = 0, uncommitted = 0, acks_uncommitted = 0;
  std::uint32_t prefetch = 0, global_prefetch = 0;
  MessageStats stats;
  std::vector<ConsumerView> consumers;
};

/// Of a connection, by the management API's names.
enum class Traffic : std::size_t { recv_oct, send_oct, recv_cnt, send_cnt };
using TrafficMeter = Meter<4>;

struct ConnectionView {
  std::uint64_t id = 0;
  std::string peer_host, host;
  unsigned short peer_port = 0, port = 0;
  std::string user, mechanism, state;          // state: "starting", "tuning", "opening", "running", "blocked", "closing"
  std::uint16_t channel_max = 0, heartbeat = 0;
  std::uint32_t frame_max = 0;
  std::size_t pending = 0;                     // bytes that wait to be sent
  std::int64_t connected_at = 0;               // Unix time in ms
  amqp::Table client_properties;
  TrafficMeter traffic;
  std::vector<ChannelView> channels;

  /// "127.0.0.1:33196 -> 127.0.0.2:5672"
  std::string name() const {
    return peer_host + ":" + std::to_string(peer_port) + " -> " + host + ":" + std::to_string(port);
  }
};

}  // namespace chaos::broker
