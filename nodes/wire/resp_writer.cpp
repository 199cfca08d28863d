#include "wire/resp_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace chaos::resp {

void Writer::header(char type, std::int64_t value) {
  char text[32];
  text[0] = type;
  auto* end = std::to_chars(text + 1, text + sizeof text - 2, value).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out_.append(text, end);
}

void Writer::simple(std::string_view text) {
  out_ += '+';
  out_ += text;
  out_ += "\r\n";
}

void Writer::error(std::string_view text) {
  out_ += '-';
  const auto from = static_cast<std::ptrdiff_t>(out_.size());
  out_ += text;
  std::replace_if(out_.begin() + from, out_.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  out_ += "\r\n";
}

void Writer::integer(std::int64_t value) { header(':', value); }

void Writer::bulk(std::string_view text) {
  if (out_.size() + text.size() > most_) {
    overflown_ = true;
    return;
  }
  header('$', static_cast<std::int64_t>(text.size()));
  out_ += text;
  out_ += "\r\n";
}

void Writer::nil() { out_ += protocol_ >= 3 ? "_\r\n" : "$-1\r\n"; }

void Writer::array(std::size_t count) { header('*', static_cast<std::int64_t>(count)); }

void Writer::map(std::size_t pairs) {
  if (protocol_ >= 3) return header('%', static_cast<std::int64_t>(pairs));
  array(2 * pairs);
}

void Writer::set(std::size_t count) { header(protocol_ >= 3 ? '~' : '*', static_cast<std::int64_t>(count)); }

void Writer::push(std::size_t count) { header(protocol_ >= 3 ? '>' : '*', static_cast<std::int64_t>(count)); }

void Writer::nil_array() { out_ += protocol_ >= 3 ? "_\r\n" : "*-1\r\n"; }

void Writer::number(double value) {
  char text[64];
  const auto size = static_cast<std::size_t>(std::isinf(value) ? std::snprintf(text, sizeof text, value > 0 ? "inf" : "-inf")
                                                               : std::snprintf(text, sizeof text, "%.17g", value));
  if (protocol_ < 3) return bulk({text, size});
  out_ += ',';
  out_.append(text, size);
  out_ += "\r\n";
}

void Writer::verbatim(std::string_view text) {
  if (protocol_ < 3) return bulk(text);
  header('=', static_cast<std::int64_t>(text.size() + 4));
  out_ += "txt:";
  out_ += text;
  out_ += "\r\n";
}

}  // namespace chaos::resp
