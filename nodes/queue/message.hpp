// A message as the broker keeps it. The same message may stand in several queues.
#pragma once

#include <memory>
#include <string>

namespace chaos::broker {

struct Message {
  std::string exchange;
  std::string routing_key;
  std::string properties;     // flags and list as sent
  std::string body;
  bool persistent = false;

  std::size_t bytes() const {
    return sizeof(Message) + exchange.size() + routing_key.size() + properties.size() + body.size();
  }
};
using MessagePtr = std::shared_ptr<const Message>;

}  // namespace chaos::broker
