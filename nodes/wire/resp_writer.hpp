// What a Redis server sends: replies in the protocol version that the client chose (HELLO).
#pragma once

#include "wire/resp.hpp"

namespace chaos::resp {

/// Appends to a buffer of the caller. An aggregate is its header followed by its elements, written by the caller.
class Writer {
 public:
  Writer(std::string& out, int protocol) : out_(out), protocol_(protocol) {}

  void simple(std::string_view text);      // no line ends in it
  void ok() { out_ += "+OK\r\n"; }
  /// "ERR what": the first word is the code. Line ends in it become blanks.
  void error(std::string_view text);
  void integer(std::int64_t value);
  void bulk(std::string_view text);
  void nil();                              // RESP2: the null bulk string
  void array(std::size_t count);
  void map(std::size_t pairs);             // RESP2: an array of twice as many
  void set(std::size_t count);             // RESP2: an array
  void push(std::size_t count);            // RESP2: an array
  void nil_array();                        // RESP2: the null array
  void number(double value);               // RESP2: a bulk string; 17 digits, as Redis 7.0
  void verbatim(std::string_view text);    // RESP2: a bulk string

  /// From here on a string that would bring the buffer above `most` bytes is left out; overflown() tells of it.
  void bound(std::size_t most) { most_ = most; }
  bool overflown() const { return overflown_; }
  /// Bytes as they stand on the wire.
  void raw(std::string_view bytes) { out_ += bytes; }

  int protocol() const { return protocol_; }
  void set_protocol(int version) { protocol_ = version; }   // 2 or 3
  std::size_t size() const { return out_.size(); }
  /// Takes back everything after the first `size` bytes.
  void rewind(std::size_t size) { out_.resize(size); }

 private:
  void header(char type, std::int64_t value);

  std::string& out_;
  int protocol_;
  std::size_t most_ = static_cast<std::size_t>(-1);
  bool overflown_ = false;
};

}  // namespace chaos::resp
