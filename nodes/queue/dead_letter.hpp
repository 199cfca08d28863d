// How a dead message is marked before it goes to the dead-letter exchange (https://www.rabbitmq.com/docs/dlx). Pure.
#pragma once

#include "queue/message_queue.hpp"
#include "wire/amqp_content.hpp"

namespace chaos::broker {

std::string_view word(Death death);   // "rejected", "expired", "maxlen"

struct Obituary {
  std::string queue;                     // where it died
  Death death;
  std::int64_t unix_time;                // seconds
  std::string exchange;                  // it goes there
  std::optional<std::string> routing_key;   // with this one instead of its own
};

/// A copy with the event in the header x-death (its count rises when this queue and reason are there already), the headers
/// x-first-death-*, and without expiration. `headers` becomes those of the copy.
std::shared_ptr<Message> dead_letter(const Message& message, const Obituary& obituary, amqp::Table& headers);

/// The message would come to `queue` again on its own: it was there before, and nobody rejected it since.
bool cycles(const amqp::Table& headers, const std::string& queue, Death death);

/// It died in more queues than the head of a message, one frame, has room to tell of: it goes nowhere any more.
bool worn_out(const amqp::Table& headers);

/// The further routing keys that a dead message keeps (header CC).
std::vector<std::string> copies_in(const amqp::Table& headers);

}  // namespace chaos::broker
