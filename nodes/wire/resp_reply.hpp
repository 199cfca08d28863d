// What a Redis client reads: replies, incrementally.
#pragma once

#include "wire/resp.hpp"

namespace chaos::resp {

/// Takes bytes as they come and gives whole values, RESP2 and RESP3. After `malformed` it must not be used again.
/// Attributes ('|') are read and dropped; streamed strings and aggregates ("$?"), which Redis never sends, are malformed.
class ReplyDecoder {
 public:
  explicit ReplyDecoder(Limits limits = {}) : limits_(limits) {}

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// ready: `out` holds the next reply. more: feed first. malformed: error() says why.
  Progress next(Value& out);
  const std::string& error() const { return error_; }
  /// True when no byte of a further reply has come.
  bool idle() const { return frames_.empty() && bulk_ == kNone && at_ == buffer_.size(); }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Frame {
    Value value;
    std::size_t missing = 0;
    bool dropped = false;      // an attribute
  };

  Progress element(Value& out, bool& whole);
  Progress typed(char type, std::string_view line, Value& out, bool& whole);
  Progress scalar(char type, std::string_view line, Value& out);
  Progress begin_bulk(char type, std::string_view line, Value& out, bool& whole);
  Progress finish_bulk(Value& out);
  Progress begin_aggregate(char type, std::string_view line, Value& out, bool& whole);
  bool close_frames(Value& value);
  Progress fail(std::string why);
  bool length(std::string_view text, std::size_t max, std::int64_t& out);

  Limits limits_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::vector<Frame> frames_;
  std::size_t bulk_ = kNone;     // length of the string that is being read
  char bulk_type_ = '$';
  std::size_t items_ = 0;
  std::size_t bytes_ = 0;
  std::string error_;
};

}  // namespace chaos::resp
