// AMQP 0-9-1: the constants of the protocol.
// Source: AMQP 0-9-1 specification (amqp0-9-1.pdf) section 1.1 and the grammar of section 4.2, with RabbitMQ's
// extensions (amqp0-9-1.extended.xml: confirm, basic.nack, connection.blocked, exchange.bind).
#pragma once

#include <cstdint>
#include <string_view>

namespace chaos::amqp {

/// Section 4.2.2: what a client sends first, and what a server answers to a client that speaks something else.
inline constexpr std::string_view kProtocolHeader{"AMQP\x00\x00\x09\x01", 8};

/// Section 4.2.3.
enum class FrameType : std::uint8_t { method = 1, header = 2, body = 3, heartbeat = 8 };
inline constexpr std::uint8_t kFrameEnd = 0xCE;
inline constexpr std::size_t kFrameOverhead = 8;       // type, channel, size, frame-end
inline constexpr std::uint32_t kFrameMinSize = 4096;   // every peer takes frames up to this (constant frame-min-size)

inline constexpr std::uint16_t kBasicClass = 60;

/// Section 1.1 (constants), and section 4.2.1 for what each means.
enum class Reply : std::uint16_t {
  success = 200,
  content_too_large = 311,
  no_route = 312,
  no_consumers = 313,
  connection_forced = 320,
  invalid_path = 402,
  access_refused = 403,
  not_found = 404,
  resource_locked = 405,
  precondition_failed = 406,
  frame_error = 501,
  syntax_error = 502,
  command_invalid = 503,
  channel_error = 504,
  unexpected_frame = 505,
  resource_error = 506,
  not_allowed = 530,
  not_implemented = 540,
  internal_error = 541,
};

/// True for the codes that the specification calls hard errors: they close the connection, the others the channel.
constexpr bool closes_connection(Reply code) {
  return code == Reply::connection_forced || code == Reply::invalid_path || code >= Reply::frame_error;
}

/// The name in capitals that RabbitMQ begins a reply text with: "NOT_FOUND".
std::string_view reply_name(Reply code);

}  // namespace chaos::amqp
