// What the broker itself reads of a message's properties.
#pragma once

#include "queue/message.hpp"
#include "queue/refusal.hpp"
#include "wire/amqp_content.hpp"

#include <vector>

namespace chaos::broker {

/// delivery_mode, priority and expiration; an expiration that is no number counts as none.
void take_properties(const amqp::Properties& properties, Message& message);
/// Refuses (precondition_failed) an expiration that is no number of milliseconds, and a user_id other than `user`.
Outcome check_properties(const amqp::Properties& properties, const std::string& user);
/// The further routing keys of the headers CC and BCC (https://www.rabbitmq.com/docs/sender-selected); BCC is taken out.
/// precondition_failed: they are no lists; what is no string in them is
/// passed over.
Outcome take_copies(amqp::Properties& properties, std::vector<std::string>& keys, bool& changed);

}  // namespace chaos::broker
