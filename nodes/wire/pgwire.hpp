// PostgreSQL frontend/backend protocol 3.0: framing, and the integers and strings of message bodies.
// Source: PostgreSQL 15 documentation, chapter 55 "Frontend/Backend Protocol", 55.2 "Message Flow" and 55.7 "Message
// Formats". All integers are big-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::pg {

/// What a decoder takes at most; more is too_large.
struct Limits {
  std::size_t max_startup = 10'000;            // PostgreSQL: MAX_STARTUP_PACKET_LENGTH
  std::size_t max_message = 4 * 1024 * 1024;   // body of any later message
};

/// One message without its length. type 0: a startup-phase packet, which has no type byte.
struct Message {
  char type = 0;
  std::string_view body;     // valid until the decoder is fed or asked again
};

enum class Progress { more, ready, malformed, too_large };

/// Takes bytes as they come and gives whole messages. After malformed or too_large it must not be used again.
class MessageDecoder {
 public:
  explicit MessageDecoder(Limits limits = {}) : limits_(limits) {}
  /// The next packet is one of the startup phase (StartupMessage, SSLRequest, CancelRequest).
  void expect_startup(bool startup) { startup_ = startup; }
  void feed(std::string_view bytes);
  Progress next(Message& out);
  /// True when no byte of a further message has come.
  bool idle() const { return at_ == buffer_.size(); }
  /// The type of the next message once its first byte has come; 0 before. Not in the startup phase.
  char upcoming() const { return idle() ? '\0' : buffer_[at_]; }

 private:
  Limits limits_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool startup_ = false;
};

/// Reads a message body front to back. After a read past the end every value is zero or empty and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view body) : rest_(body) {}
  std::uint8_t byte() { return static_cast<std::uint8_t>(integer(1)); }
  std::int16_t int16() { return static_cast<std::int16_t>(integer(2)); }
  std::int32_t int32() { return static_cast<std::int32_t>(integer(4)); }
  std::int64_t int64() { return static_cast<std::int64_t>(integer(8)); }
  std::string_view text();                       // up to its zero byte
  std::string_view bytes(std::size_t count);
  /// A value with its length before it; nullopt for length -1 (NULL).
  std::optional<std::string_view> value();
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }
  /// Everything was read and nothing missed.
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t integer(std::size_t width);
  std::string_view rest_;
  bool ok_ = true;
};

/// Appends one message to `out`; its length is set when the writer is destroyed.
class Writer {
 public:
  Writer(std::string& out, char type);           // type 0: no type byte
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& byte(std::uint8_t v) { out_.push_back(static_cast<char>(v)); return *this; }
  Writer& int16(std::int16_t v) { return integer(static_cast<std::uint16_t>(v), 2); }
  Writer& int32(std::int32_t v) { return integer(static_cast<std::uint32_t>(v), 4); }
  Writer& int64(std::int64_t v) { return integer(static_cast<std::uint64_t>(v), 8); }
  Writer& text(std::string_view v) { out_.append(v).push_back('\0'); return *this; }
  Writer& bytes(std::string_view v) { out_.append(v); return *this; }
  Writer& value(std::optional<std::string_view> v);

 private:
  Writer& integer(std::uint64_t v, std::size_t width);
  std::string& out_;
  std::size_t length_at_;
};

}  // namespace chaos::pg
