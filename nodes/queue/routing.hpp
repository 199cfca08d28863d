// Whether a binding takes a message (specification section 3.1.3; topic and headers as RabbitMQ reads them:
// https://www.rabbitmq.com/tutorials/amqp-concepts#exchanges). Pure.
#pragma once

#include "wire/amqp_table.hpp"

#include <string>
#include <string_view>

namespace chaos::broker {

/// Words between dots; '*' stands for one word, '#' for any number of them, also none.
bool topic_matches(std::string_view pattern, std::string_view routing_key);

/// x-match of `wanted` is all (the default), any, all-with-x or any-with-x; arguments that begin with "x-" count only
/// with the latter two. A void argument asks only that the header is there.
bool headers_match(const amqp::Table& wanted, const amqp::Table& headers);
/// What is wrong with its x-match, in RabbitMQ's words; empty: nothing.
std::string headers_binding_fault(const amqp::Table& wanted);

}  // namespace chaos::broker
