// AMQP frames: cutting a byte stream into them, and writing them (specification sections 4.2.3 and 4.2.6).
#pragma once

#include "wire/amqp.hpp"

#include <string>

namespace chaos::amqp {

/// payload points into the decoder and holds until its next feed().
struct Frame {
  FrameType type = FrameType::method;
  std::uint16_t channel = 0;
  std::string_view payload;
};

/// Incremental. After `malformed` (unknown type, frame-end missing, larger than the bound, a heartbeat off channel 0
/// or with a payload) the stream cannot go on: reply frame_error.
class FrameDecoder {
 public:
  enum class Progress { more, ready, malformed };
  explicit FrameDecoder(std::uint32_t frame_max = kFrameMinSize) : frame_max_(frame_max) {}

  /// Whole frames, payload and overhead together, from now on; at least kFrameMinSize.
  void set_frame_max(std::uint32_t bytes) { frame_max_ = bytes; }
  void feed(std::string_view bytes);
  Progress next(Frame& out);
  /// Takes `size` bytes off the front when they are there (the protocol header); empty when not yet.
  std::string_view take_raw(std::size_t size);

 private:
  std::string buffer_;
  std::size_t at_ = 0;     // consumed up to here
  std::uint32_t frame_max_;
};

void append_frame(std::string& out, FrameType type, std::uint16_t channel, std::string_view payload);
inline void append_heartbeat(std::string& out) { append_frame(out, FrameType::heartbeat, 0, {}); }
/// Body frames of at most frame_max bytes each; none for an empty body (section 4.2.6.2).
void append_body(std::string& out, std::uint16_t channel, std::string_view body, std::uint32_t frame_max);

/// Frames what is appended between its construction and finish().
class FrameScope {
 public:
  FrameScope(std::string& out, FrameType type, std::uint16_t channel);
  void finish();

 private:
  std::string& out_;
  std::size_t start_;
};

}  // namespace chaos::amqp
