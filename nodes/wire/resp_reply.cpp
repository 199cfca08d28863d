#include "wire/resp_reply.hpp"

namespace chaos::resp {

Progress ReplyDecoder::next(Value& out) {
  while (true) {
    Value value;
    bool whole = true;
    const auto progress = bulk_ != kNone ? finish_bulk(value) : element(value, whole);
    if (progress != Progress::ready) return progress;
    if (!whole || !close_frames(value)) continue;
    out = std::move(value);
    items_ = bytes_ = 0;
    buffer_.erase(0, at_);
    at_ = 0;
    return Progress::ready;
  }
}

/// Puts a whole value where it belongs; true when it is the outermost, and then `value` is that.
bool ReplyDecoder::close_frames(Value& value) {
  while (!frames_.empty()) {
    auto& top = frames_.back();
    top.value.items.push_back(std::move(value));
    if (--top.missing > 0) return false;
    value = std::move(top.value);
    const bool dropped = top.dropped;
    frames_.pop_back();
    if (dropped) return false;
  }
  return true;
}

Progress ReplyDecoder::element(Value& out, bool& whole) {
  const auto end = buffer_.find("\r\n", at_);
  if (end == std::string::npos) {
    if (buffer_.size() - at_ > limits_.max_line + 1) return fail("line too long");   // its "\r" may be there
    return Progress::more;
  }
  if (end - at_ > limits_.max_line) return fail("line too long");
  if (end == at_) return fail("empty line");
  if (++items_ > limits_.max_items) return fail("too many elements");
  const char type = buffer_[at_];
  const auto line = std::string_view(buffer_).substr(at_ + 1, end - at_ - 1);
  at_ = end + 2;
  return typed(type, line, out, whole);
}

Progress ReplyDecoder::typed(char type, std::string_view line, Value& out, bool& whole) {
  switch (type) {
    case '$': case '=': case '!':
      return begin_bulk(type, line, out, whole);
    case '*': case '%': case '~': case '>': case '|':
      return begin_aggregate(type, line, out, whole);
    default:
      return scalar(type, line, out);
  }
}

Progress ReplyDecoder::scalar(char type, std::string_view line, Value& out) {
  switch (type) {
    case '+': out.kind = Kind::simple; break;
    case '-': out.kind = Kind::error; break;
    case ',': out.kind = Kind::number; break;
    case '(': out.kind = Kind::big_number; break;
    case ':':
      out.kind = Kind::integer;
      return parse_integer(line, out.integer) ? Progress::ready : fail("bad integer");
    case '#':
      if (line != "t" && line != "f") return fail("bad boolean");
      out.kind = Kind::boolean;
      out.integer = line == "t";
      return Progress::ready;
    case '_':
      return line.empty() ? Progress::ready : fail("bad null");
    default:
      return fail("unknown type");
  }
  out.text = line;
  return Progress::ready;
}

/// A length line: -1 where allowed is the null of RESP2.
bool ReplyDecoder::length(std::string_view text, std::size_t max, std::int64_t& out) {
  return parse_integer(text, out) && out >= -1 && (out < 0 || static_cast<std::size_t>(out) <= max);
}

Progress ReplyDecoder::begin_bulk(char type, std::string_view line, Value& out, bool& whole) {
  std::int64_t size = 0;
  if (!length(line, limits_.max_bulk, size)) return fail("bad string length");
  if (size < 0) return type == '$' ? Progress::ready : fail("bad string length");
  bytes_ += static_cast<std::size_t>(size);
  if (bytes_ > limits_.max_total) return fail("reply too large");
  bulk_ = static_cast<std::size_t>(size);
  bulk_type_ = type;
  whole = true;
  return finish_bulk(out);
}

Progress ReplyDecoder::finish_bulk(Value& out) {
  if (buffer_.size() - at_ < bulk_ + 2) return Progress::more;
  if (buffer_.compare(at_ + bulk_, 2, "\r\n") != 0) return fail("string without its end");
  auto text = std::string_view(buffer_).substr(at_, bulk_);
  out.kind = bulk_type_ == '!' ? Kind::error : Kind::bulk;
  if (bulk_type_ == '=') {
    if (text.size() < 4 || text[3] != ':') return fail("verbatim string without its format");
    out.kind = Kind::verbatim;
    text.remove_prefix(4);
  }
  out.text = text;
  at_ += bulk_ + 2;
  bulk_ = kNone;
  return Progress::ready;
}

Progress ReplyDecoder::begin_aggregate(char type, std::string_view line, Value& out, bool& whole) {
  std::int64_t count = 0;
  if (!length(line, limits_.max_items, count)) return fail("bad element count");
  if (count < 0) return type == '*' ? Progress::ready : fail("bad element count");
  const bool pairs = type == '%' || type == '|';
  out.kind = pairs ? Kind::map : type == '~' ? Kind::set : type == '>' ? Kind::push : Kind::array;
  if (count == 0) {
    whole = type != '|';
    return Progress::ready;
  }
  if (frames_.size() >= limits_.max_depth) return fail("nested too deep");
  whole = false;
  frames_.push_back({std::move(out), static_cast<std::size_t>(count) * (pairs ? 2 : 1), type == '|'});
  return Progress::ready;
}

Progress ReplyDecoder::fail(std::string why) {
  error_ = std::move(why);
  return Progress::malformed;
}

}  // namespace chaos::resp
