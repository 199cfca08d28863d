// A message as the broker keeps it. The same message may stand in several queues.
#pragma once

#include "runtime/units.hpp"

#include <memory>
#include <optional>
#include <string>

namespace chaos::broker {

struct Message {
  std::string exchange;
  std::string routing_key;
  std::string properties;     // flags and list as sent
  std::string body;
  bool persistent = false;
  std::uint8_t priority = 0;
  std::optional<LabDuration> ttl = std::nullopt;   // the publisher's (property expiration)

  std::size_t bytes() const {
    return sizeof(Message) + exchange.size() + routing_key.size() + properties.size() + body.size();
  }
};
using MessagePtr = std::shared_ptr<const Message>;

}  // namespace chaos::broker
