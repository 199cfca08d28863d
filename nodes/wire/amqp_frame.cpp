#include "wire/amqp_frame.hpp"

#include <algorithm>

namespace chaos::amqp {

namespace {

constexpr std::size_t kHead = 7;   // type, channel, size

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

bool known(std::uint8_t type) { return (type >= 1 && type <= 3) || type == 8; }

bool allowed(const Frame& frame) {
  return frame.type != FrameType::heartbeat || (frame.channel == 0 && frame.payload.empty());
}

}  // namespace

void FrameDecoder::feed(std::string_view bytes) {
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  buffer_.append(bytes);
}

FrameDecoder::Progress FrameDecoder::next(Frame& out) {
  const std::string_view in = std::string_view(buffer_).substr(at_);
  if (in.empty()) return Progress::more;
  const auto type = static_cast<std::uint8_t>(in[0]);
  if (!known(type)) return Progress::malformed;
  if (in.size() < kHead) return Progress::more;
  const std::uint32_t size = number(in.substr(3, 4));
  if (size > frame_max_ - kFrameOverhead) return Progress::malformed;
  if (in.size() < size + kFrameOverhead) return Progress::more;
  if (static_cast<std::uint8_t>(in[kHead + size]) != kFrameEnd) return Progress::malformed;
  out = {static_cast<FrameType>(type), static_cast<std::uint16_t>(number(in.substr(1, 2))), in.substr(kHead, size)};
  at_ += size + kFrameOverhead;
  return allowed(out) ? Progress::ready : Progress::malformed;
}

std::string_view FrameDecoder::take_raw(std::size_t size) {
  const std::string_view in = std::string_view(buffer_).substr(at_);
  if (in.size() < size) return {};
  at_ += size;
  return in.substr(0, size);
}

FrameScope::FrameScope(std::string& out, FrameType type, std::uint16_t channel) : out_(out), start_(out.size()) {
  const char head[kHead] = {static_cast<char>(type), static_cast<char>(channel >> 8), static_cast<char>(channel), 0, 0, 0, 0};
  out_.append(head, kHead);
}

void FrameScope::finish() {
  const auto size = static_cast<std::uint32_t>(out_.size() - start_ - kHead);
  for (int i = 0; i < 4; ++i) out_[start_ + 3 + i] = static_cast<char>(size >> (24 - 8 * i));
  out_.push_back(static_cast<char>(kFrameEnd));
}

void append_frame(std::string& out, FrameType type, std::uint16_t channel, std::string_view payload) {
  FrameScope frame(out, type, channel);
  out.append(payload);
  frame.finish();
}

void append_body(std::string& out, std::uint16_t channel, std::string_view body, std::uint32_t frame_max) {
  const std::size_t most = frame_max - kFrameOverhead;
  for (std::size_t at = 0; at < body.size(); at += most) {
    append_frame(out, FrameType::body, channel, body.substr(at, most));
  }
}

}  // namespace chaos::amqp
