// What a connection has still to send. Whoever has something to say appends; one writer sends.
#pragma once

#include "queue/message.hpp"
#include "runtime/wait_list.hpp"
#include "wire/amqp_method.hpp"

namespace chaos::broker {

/// Data thread only.
class Outbox {
 public:
  static constexpr std::size_t kHigh = 256 * 1024;   // from here on no deliveries, and nothing more is read

  void method(std::uint16_t channel, const amqp::Method& method);
  /// A method with content: deliver, get-ok, return.
  void content(std::uint16_t channel, const amqp::Method& method, const Message& message);
  void heartbeat();
  void raw(std::string_view bytes);

  void set_frame_max(std::uint32_t bytes) { frame_max_ = bytes; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  bool full() const { return bytes_.size() >= kHigh; }
  /// Everything so far, for the writer; `into` gives its buffer back.
  void take(std::string& into);
  WaitList& filled() { return filled_; }

 private:
  std::string bytes_;
  std::uint32_t frame_max_ = amqp::kFrameMinSize;
  WaitList filled_;
};

}  // namespace chaos::broker
