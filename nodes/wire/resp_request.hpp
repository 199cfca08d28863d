// What a Redis server reads: commands as arrays of bulk strings, and inline commands, incrementally and pipelined.
#pragma once

#include "wire/resp.hpp"

#include <span>

namespace chaos::resp {

/// Takes bytes as they come and gives whole commands. After `malformed` it must not be used again.
/// Behaviour and error texts are those of Redis 7 (networking.c: processInlineBuffer, processMultibulkBuffer).
class RequestDecoder {
 public:
  explicit RequestDecoder(Limits limits = {}) : limits_(limits) {}

  /// Ends the life of what args() gave.
  void feed(std::string_view bytes);
  /// ready: args() is a command (never empty). more: feed first. malformed: error() holds "Protocol error: ...".
  Progress next();
  /// Views into the decoder, valid until the next call of next() or feed().
  std::span<const std::string_view> args() const { return views_; }
  const std::string& error() const { return error_; }
  /// Bytes received and not yet taken: CLIENT LIST's qbuf.
  std::size_t buffered() const { return buffer_.size() - begin_; }

 private:
  struct Part { std::size_t at, size; };   // at: from begin_

  Progress step();
  bool whole_command();
  Progress inline_command();
  Progress array_header();
  Progress bulk();
  Progress bulk_header();
  Progress line(std::size_t& end, const char* too_big);
  Progress finish();
  Progress fail(std::string why);

  Limits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;          // of the command that is being read
  std::size_t at_ = 0;             // next byte to look at
  std::int64_t missing_ = -1;      // arguments to come; -1: between commands
  std::int64_t bulk_ = -1;         // length of the argument that is being read; -1: its header comes first
  std::size_t total_ = 0;
  std::vector<Part> parts_;
  std::vector<std::string_view> views_;
  std::vector<std::string> unquoted_;   // arguments of an inline command
  std::string error_;
};

/// Splits an inline command as Redis does (sds.c: sdssplitargs): blanks separate, "..." with escapes, '...' plain.
/// False on unbalanced quotes.
bool split_inline(std::string_view line, std::vector<std::string>& out);

}  // namespace chaos::resp
