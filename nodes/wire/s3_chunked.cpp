#include "wire/s3_chunked.hpp"

#include <charconv>
#include <cstdint>

namespace chaos::s3 {

namespace {

// Takes one line off the front, without its CRLF.
bool take_line(std::string_view& rest, std::string_view& line) {
  const auto end = rest.find("\r\n");
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return true;
}

// "10000;chunk-signature=..."
bool chunk_size(std::string_view line, std::uint64_t& size) {
  const auto digits = line.substr(0, line.find(';'));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  return error == std::errc{} && end == digits.data() + digits.size();
}

}  // namespace

bool is_chunked(std::optional<std::string_view> content_sha256) {
  return content_sha256 && content_sha256->starts_with("STREAMING-");
}

std::optional<std::string> decode_chunked(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  while (true) {
    std::string_view line;
    std::uint64_t size = 0;
    if (!take_line(body, line) || !chunk_size(line, size)) return std::nullopt;
    if (size == 0) return out;     // trailers, if any, carry checksums only
    if (body.size() < 2 || size > body.size() - 2 || body.substr(size, 2) != "\r\n") return std::nullopt;
    out.append(body.substr(0, size));
    body.remove_prefix(size + 2);
  }
}

}  // namespace chaos::s3
