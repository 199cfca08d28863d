// Whether a declaration means what is there already, and how RabbitMQ tells that it does not.
#pragma once

#include "wire/amqp_table.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chaos::broker {

struct ExchangeSpec;
struct QueueSpec;

/// "inequivalent arg 'durable' for queue 'q' in vhost '/': received 'true' but current is 'false'". nullopt: equivalent.
/// Of the arguments only those that this broker gives a meaning are compared. That a queue is exclusive is the caller's.
std::optional<std::string> inequivalent(const ExchangeSpec& received, const ExchangeSpec& current);
std::optional<std::string> inequivalent(const QueueSpec& received, const QueueSpec& current);

/// RabbitMQ's name of a value's type: "signedint", "longstr".
std::string_view type_name(const amqp::Value& value);

}  // namespace chaos::broker
