// Content headers of the class basic (specification sections 4.2.6.1 and 2.3.5.2) and its properties.
#pragma once

#include "wire/amqp_frame.hpp"
#include "wire/amqp_table.hpp"

#include <optional>

namespace chaos::amqp {

inline constexpr std::uint8_t kPersistent = 2;   // delivery_mode; 1 is transient

struct Properties {
  std::optional<std::string> content_type, content_encoding;
  std::optional<Table> headers;
  std::optional<std::uint8_t> delivery_mode, priority;
  std::optional<std::string> correlation_id, reply_to, expiration, message_id;
  std::optional<std::uint64_t> timestamp;
  std::optional<std::string> type, user_id, app_id, cluster_id;
  bool operator==(const Properties&) const = default;
};

struct ContentHeader {
  std::uint16_t class_id = kBasicClass;
  std::uint64_t body_size = 0;
  std::string_view raw;      // property flags and list as sent: a broker hands them on untouched
  Properties properties;
};

/// raw points into `payload`. nullopt: malformed (reply syntax_error).
std::optional<ContentHeader> decode_content_header(std::string_view payload);
/// Of ContentHeader::raw. nullopt: malformed.
std::optional<Properties> decode_properties(std::string_view raw);
/// Property flags and list, as ContentHeader::raw holds them.
std::string encode_properties(const Properties& properties);
/// A whole header frame.
void append_content_header(std::string& out, std::uint16_t channel, std::uint64_t body_size, std::string_view raw);

}  // namespace chaos::amqp
