#include "queue/outbox.hpp"

#include "wire/amqp_content.hpp"

namespace chaos::broker {

void Outbox::method(std::uint16_t channel, const amqp::Method& method) {
  amqp::append_method(bytes_, channel, method);
  filled_.notify_one();
}

void Outbox::content(std::uint16_t channel, const amqp::Method& method, const Message& message) {
  amqp::append_method(bytes_, channel, method);
  amqp::append_content_header(bytes_, channel, message.body.size(), message.properties);
  amqp::append_body(bytes_, channel, message.body, frame_max_);
  filled_.notify_one();
}

void Outbox::heartbeat() { amqp::append_heartbeat(bytes_); }

void Outbox::raw(std::string_view bytes) {
  bytes_.append(bytes);
  filled_.notify_one();
}

void Outbox::take(std::string& into) {
  into.clear();
  if (into.capacity() > 2 * kHigh) into.shrink_to_fit();
  into.swap(bytes_);
}

}  // namespace chaos::broker
