#include "wire/pgwire.hpp"

namespace chaos::pg {

namespace {

constexpr std::size_t kKeepCapacity = 64 * 1024;

std::uint32_t big_endian32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

void MessageDecoder::feed(std::string_view bytes) {
  if (at_ > 0) buffer_.erase(0, at_);
  at_ = 0;
  if (buffer_.empty() && buffer_.capacity() > kKeepCapacity) std::string().swap(buffer_);
  buffer_.append(bytes);
}

Progress MessageDecoder::next(Message& out) {
  const std::size_t head = startup_ ? 4 : 5;
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (rest.size() < head) return Progress::more;
  const std::uint32_t length = big_endian32(rest.substr(head - 4));   // counts itself, not the type
  if (length < 4) return Progress::malformed;
  if (length - 4 > (startup_ ? limits_.max_startup : limits_.max_message)) return Progress::too_large;
  if (rest.size() - head < length - 4) return Progress::more;
  out.type = startup_ ? '\0' : rest[0];
  out.body = rest.substr(head, length - 4);
  at_ += head + length - 4;
  return Progress::ready;
}

std::uint64_t Reader::integer(std::size_t width) {
  const std::string_view taken = bytes(width);
  std::uint64_t value = 0;
  for (const char c : taken) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string_view Reader::text() {
  const std::size_t end = rest_.find('\0');
  if (!ok_ || end == std::string_view::npos) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return taken;
}

std::string_view Reader::bytes(std::size_t count) {
  if (!ok_ || count > rest_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::optional<std::string_view> Reader::value() {
  const std::int32_t length = int32();
  if (length == -1) return std::nullopt;
  if (length < 0) ok_ = false;
  return bytes(ok_ ? static_cast<std::size_t>(length) : 0);
}

Writer::Writer(std::string& out, char type) : out_(out) {
  if (type != 0) out_.push_back(type);
  length_at_ = out_.size();
  out_.append(4, '\0');
}

Writer::~Writer() {
  const auto length = static_cast<std::uint32_t>(out_.size() - length_at_);
  for (std::size_t i = 0; i < 4; ++i) out_[length_at_ + i] = static_cast<char>(length >> (24 - 8 * i));
}

Writer& Writer::integer(std::uint64_t v, std::size_t width) {
  for (std::size_t i = width; i-- > 0;) out_.push_back(static_cast<char>(v >> (8 * i)));
  return *this;
}

Writer& Writer::value(std::optional<std::string_view> v) {
  if (!v) return int32(-1);
  return int32(static_cast<std::int32_t>(v->size())).bytes(*v);
}

}  // namespace chaos::pg
