#include "wire/resp_request.hpp"

namespace chaos::resp {

void RequestDecoder::feed(std::string_view bytes) {
  views_.clear();
  if (begin_ > 0 && (begin_ == buffer_.size() || begin_ >= 64 * 1024)) {
    buffer_.erase(0, begin_);
    at_ -= begin_;
    begin_ = 0;
  }
  buffer_.append(bytes);
}

Progress RequestDecoder::next() {
  while (true) {
    const auto progress = step();
    if (progress != Progress::ready) return progress;
    if (!views_.empty() && missing_ < 0) return Progress::ready;
  }
}

/// One step forward: ready means only that something was taken.
Progress RequestDecoder::step() {
  views_.clear();
  if (missing_ > 0) return bulk();
  begin_ = at_;
  if (begin_ == buffer_.size()) return Progress::more;
  if (buffer_[begin_] != '*') return inline_command();
  return whole_command() ? Progress::ready : array_header();
}

/// The usual command, which has come as a whole and is well formed, in one go. False: nothing was taken.
bool RequestDecoder::whole_command() {
  const char* at = buffer_.data() + begin_ + 1;
  const char* const end = buffer_.data() + buffer_.size();
  const auto number = [&](std::size_t& out) {          // up to seven digits and the line's end
    const char* const first = at;
    for (out = 0; at != end && *at >= '0' && *at <= '9' && at - first < 7; ++at) out = out * 10 + static_cast<std::size_t>(*at - '0');
    if (at == first || (*first == '0' && at - first > 1) || end - at < 2 || at[0] != '\r' || at[1] != '\n') return false;
    at += 2;
    return true;
  };
  std::size_t count = 0, total = 0;
  if (!number(count) || count == 0 || count > limits_.max_items) return false;
  for (; count > 0; --count) {
    std::size_t size = 0;
    const bool header = at != end && *at++ == '$' && number(size);
    total += size;
    if (!header || size > limits_.max_bulk || total > limits_.max_total || static_cast<std::size_t>(end - at) < size + 2) {
      views_.clear();
      return false;
    }
    views_.emplace_back(at, size);
    at += size + 2;                                    // as bulk(): the line's end is taken without a look
  }
  at_ = static_cast<std::size_t>(at - buffer_.data());
  missing_ = bulk_ = -1;
  return true;
}

/// Finds the end of the line at at_; `end` is the place of its '\r' or of a bare '\n'.
Progress RequestDecoder::line(std::size_t& end, const char* too_big) {
  const auto newline = buffer_.find('\n', at_);
  const auto size = (newline == std::string::npos ? buffer_.size() : newline) - at_;
  if (size > limits_.max_line) return fail(too_big);
  if (newline == std::string::npos) return Progress::more;
  end = newline > at_ && buffer_[newline - 1] == '\r' ? newline - 1 : newline;
  return Progress::ready;
}

Progress RequestDecoder::inline_command() {
  std::size_t end = 0;
  if (const auto p = line(end, "too big inline request"); p != Progress::ready) return p;
  unquoted_.clear();
  if (!split_inline(std::string_view(buffer_).substr(at_, end - at_), unquoted_)) {
    return fail("unbalanced quotes in request");
  }
  at_ = buffer_.find('\n', end) + 1;
  views_.assign(unquoted_.begin(), unquoted_.end());
  return Progress::ready;
}

Progress RequestDecoder::array_header() {
  std::size_t end = 0;
  if (const auto p = line(end, "too big mbulk count string"); p != Progress::ready) return p;
  std::int64_t count = 0;
  if (!parse_integer(std::string_view(buffer_).substr(at_ + 1, end - at_ - 1), count) ||
      count > static_cast<std::int64_t>(limits_.max_items)) {
    return fail("invalid multibulk length");
  }
  at_ = buffer_.find('\n', end) + 1;
  parts_.clear();
  total_ = 0;
  bulk_ = -1;
  missing_ = count > 0 ? count : -1;   // "*0" and "*-1" are no command
  return Progress::ready;
}

Progress RequestDecoder::bulk() {
  if (bulk_ < 0) return bulk_header();
  const auto size = static_cast<std::size_t>(bulk_);
  if (buffer_.size() - at_ < size + 2) return Progress::more;
  parts_.push_back({at_ - begin_, size});
  at_ += size + 2;   // as Redis: the two bytes are taken for the line's end without a look
  bulk_ = -1;
  if (--missing_ > 0) return Progress::ready;
  return finish();
}

Progress RequestDecoder::bulk_header() {
  std::size_t end = 0;
  if (const auto p = line(end, "too big bulk count string"); p != Progress::ready) return p;
  if (buffer_[at_] != '$') return fail(std::string("expected '$', got '") + buffer_[at_] + "'");
  std::int64_t size = 0;
  const auto text = std::string_view(buffer_).substr(at_ + 1, end - at_ - 1);
  if (!parse_integer(text, size) || size < 0 || size > static_cast<std::int64_t>(limits_.max_bulk)) {
    return fail("invalid bulk length");
  }
  total_ += static_cast<std::size_t>(size);
  if (total_ > limits_.max_total) return fail("command too large");
  at_ = buffer_.find('\n', end) + 1;
  bulk_ = size;
  return Progress::ready;
}

Progress RequestDecoder::finish() {
  missing_ = -1;
  for (const auto& part : parts_) views_.push_back(std::string_view(buffer_).substr(begin_ + part.at, part.size));
  return Progress::ready;
}

Progress RequestDecoder::fail(std::string why) {
  error_ = "Protocol error: " + why;
  return Progress::malformed;
}

}  // namespace chaos::resp
