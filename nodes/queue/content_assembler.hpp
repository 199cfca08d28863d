// Method, header, body: how the frames of one channel become a message (specification section 4.2.6).
#pragma once

#include "queue/refusal.hpp"
#include "wire/amqp_content.hpp"
#include "wire/amqp_method_basic.hpp"

namespace chaos::broker {

/// A whole basic.publish with its content.
struct Publish {
  amqp::BasicPublish method;
  std::string raw;               // flags and list of the properties as sent
  amqp::Properties properties;   // the same, read
  std::string body;
};

class ContentAssembler {
 public:
  explicit ContentAssembler(std::size_t max_body) : max_body_(max_body) {}

  /// A header must follow.
  void begin(amqp::BasicPublish method);
  /// Refuses what is out of order (unexpected_frame), malformed, or larger than the bound (precondition_failed; the
  /// channel is closed, as RabbitMQ does).
  Outcome header(std::string_view payload);
  Outcome body(std::string_view payload);
  /// True between begin() and the last body frame: no method may come in between.
  bool busy() const { return stage_ != Stage::idle; }
  /// The message that has become whole, once.
  std::optional<Publish> take();
  /// Bytes held for a message that is not whole yet.
  std::size_t held() const { return busy() ? publish_.body.size() : 0; }

 private:
  enum class Stage { idle, header, body };
  Stage stage_ = Stage::idle;
  bool whole_ = false;
  std::uint64_t missing_ = 0;
  std::size_t max_body_;
  Publish publish_;
};

}  // namespace chaos::broker
