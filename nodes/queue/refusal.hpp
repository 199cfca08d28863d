// A protocol exception as a value (specification section 2.2.4 and the reply codes of section 1.1).
#pragma once

#include "wire/amqp.hpp"

#include <optional>
#include <string>

namespace chaos::broker {

/// What is closed because of it.
enum class Closes { channel, connection };

struct Refusal {
  amqp::Reply code;
  std::string text;      // "NOT_FOUND - no queue 'x' in vhost '/'"
  Closes closes;
};

/// Nothing: all is well.
using Outcome = std::optional<Refusal>;

/// With the scope that the specification gives the code.
inline Refusal refuse(amqp::Reply code, const std::string& why) {
  const Closes closes = amqp::closes_connection(code) ? Closes::connection : Closes::channel;
  return {code, std::string(amqp::reply_name(code)) + " - " + why, closes};
}

}  // namespace chaos::broker
