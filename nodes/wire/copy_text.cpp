#include "wire/copy_text.hpp"

#include <utility>

namespace chaos::pg {

namespace {

int octal_digit(char c) { return c >= '0' && c <= '7' ? c - '0' : -1; }
int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

// Up to `most` digits of a base from `at` on; false without one.
bool take_code(std::string_view text, std::size_t& at, std::size_t most, int base, std::string& out) {
  int code = 0;
  std::size_t taken = 0;
  for (; taken < most && at + taken < text.size(); ++taken) {
    const int digit = base == 8 ? octal_digit(text[at + taken]) : hex_digit(text[at + taken]);
    if (digit < 0) break;
    code = code * base + digit;
  }
  if (taken == 0) return false;
  out.push_back(static_cast<char>(code & 0xff));
  at += taken;
  return true;
}

// What a backslash and the characters behind it stand for; `at` is behind the backslash.
void unescape(std::string_view text, std::size_t& at, std::string& out) {
  if (at >= text.size()) return out.push_back('\\');
  if (take_code(text, at, 3, 8, out)) return;
  const char c = text[at++];
  if (c == 'x' && take_code(text, at, 2, 16, out)) return;
  constexpr std::string_view kNames = "bfnrtv", kCodes = "\b\f\n\r\t\v";
  const std::size_t known = kNames.find(c);
  out.push_back(known == std::string_view::npos ? c : kCodes[known]);
}

std::optional<std::string> text_value(std::string_view raw, const CopyFormat& format) {
  if (raw == format.null_text) return std::nullopt;
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\') out.push_back(raw[at++]);
    else unescape(raw, ++at, out);
  }
  return out;
}

void append_text_value(std::string& out, const CopyFormat& format, std::string_view value) {
  constexpr std::string_view kNames = "bfnrtv", kCodes = "\b\f\n\r\t\v";
  for (const char c : value) {
    const std::size_t known = kCodes.find(c);
    if (known != std::string_view::npos && c != '\0') out.push_back('\\'), out.push_back(kNames[known]);
    else if (c == '\\' || c == format.delimiter) out.push_back('\\'), out.push_back(c);
    else out.push_back(c);
  }
}

void append_csv_value(std::string& out, const CopyFormat& format, std::string_view value, bool alone) {
  const bool plain = value != format.null_text && value.find_first_of("\r\n") == std::string_view::npos && value.find(format.delimiter) == std::string_view::npos &&
                     value.find(format.quote) == std::string_view::npos && !(alone && value == "\\.");
  if (plain) {
    out.append(value);
    return;
  }
  out.push_back(format.quote);
  for (const char c : value) {
    if (c == format.quote || c == format.escape) out.push_back(format.escape);
    out.push_back(c);
  }
  out.push_back(format.quote);
}

}  // namespace

void CopyDecoder::feed(std::string_view bytes) {
  if (ended_) return;
  buffer_.erase(0, at_);
  seen_ -= std::min(seen_, at_);
  at_ = 0;
  buffer_.append(bytes);
}

std::optional<std::size_t> CopyDecoder::line_end() {
  for (seen_ = std::max(seen_, at_); seen_ < buffer_.size(); ++seen_) {
    const char c = buffer_[seen_];
    const bool escapes = format_.csv ? quoted_ && c == format_.escape && format_.escape != format_.quote : c == '\\';
    if (escapes) {      // a newline or quote behind it is data
      if (seen_ + 1 == buffer_.size()) break;
      ++seen_;
    } else if (format_.csv && c == format_.quote) {
      quoted_ = !quoted_;
    } else if (c == '\n' && !quoted_) {
      return seen_;
    }
  }
  return over_ && at_ < buffer_.size() ? std::optional(buffer_.size()) : std::nullopt;
}

CopyDecoder::Progress CopyDecoder::next(CopyRow& row) {
  while (!ended_) {
    const auto end = line_end();
    if (!end) return buffer_.size() - at_ > kMaxRow ? Progress::too_large : over_ ? Progress::end : Progress::more;
    std::string_view line = std::string_view(buffer_).substr(at_, *end - at_);
    at_ = seen_ = std::min(*end + 1, buffer_.size());
    quoted_ = false;
    ++line_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::exchange(skip_header_, false)) continue;
    if (line == "\\.") {
      ended_ = true;
      break;
    }
    row_at_ = static_cast<std::size_t>(line.data() - buffer_.data());
    row_size_ = line.size();
    row.clear();
    return (format_.csv ? csv_row(line, row) : text_row(line, row)) ? Progress::row : Progress::malformed;
  }
  return Progress::end;
}

bool CopyDecoder::text_row(std::string_view line, CopyRow& row) const {
  std::size_t from = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '\\') {
      ++i;
      continue;
    }
    if (i < line.size() && line[i] != format_.delimiter) continue;
    row.push_back(text_value(line.substr(from, i - from), format_));
    from = i + 1;
  }
  if (from <= line.size()) row.push_back(text_value(line.substr(from), format_));      // a backslash was the last character
  return true;
}

bool CopyDecoder::csv_row(std::string_view line, CopyRow& row) const {
  std::string value;
  bool quoted = false, inside = false;
  const auto flush = [&] {
    if (!quoted && value == format_.null_text) row.emplace_back(std::nullopt);
    else row.emplace_back(std::move(value));
    value.clear();
    quoted = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool escaped = inside && c == format_.escape && i + 1 < line.size() && (line[i + 1] == format_.quote || line[i + 1] == format_.escape);
    if (escaped) value.push_back(line[++i]);
    else if (c == format_.quote) inside = !inside, quoted = true;
    else if (c == format_.delimiter && !inside) flush();
    else value.push_back(c);
  }
  flush();
  return !inside;
}

void append_copy_row(std::string& out, const CopyFormat& format, const std::vector<std::optional<std::string_view>>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out.push_back(format.delimiter);
    if (!values[i]) out.append(format.null_text);
    else if (format.csv) append_csv_value(out, format, *values[i], values.size() == 1);
    else append_text_value(out, format, *values[i]);
  }
  out.push_back('\n');
}

}  // namespace chaos::pg
