#include "wire/s3_chunked.hpp"

#include "wire/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace chaos::s3 {

namespace {

// Takes one line off the front, without its CRLF. Some clients end trailers with a bare LF.
bool take_line(std::string_view& rest, std::string_view& line) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest.remove_prefix(end + 1);
  return true;
}

// "10000;chunk-signature=..."
bool chunk_head(std::string_view line, std::uint64_t& size, std::string_view& signature) {
  constexpr std::string_view kSignature = "chunk-signature=";
  const auto mark = std::min(line.find(';'), line.size());
  const auto digits = line.substr(0, mark);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return false;
  const auto extension = line.substr(std::min(mark + 1, line.size()));
  if (extension.starts_with(kSignature)) signature = extension.substr(kSignature.size());
  return true;
}

// Fields up to an empty line or the end.
bool read_trailers(std::string_view rest, ChunkedBody& out) {
  std::string_view line;
  while (!rest.empty()) {
    if (!take_line(rest, line)) return false;
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || out.trailers.size() == kMaxTrailers) return false;
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    out.trailers.emplace_back(line.substr(0, colon), value);
  }
  return true;
}

}  // namespace

bool is_chunked(std::optional<std::string_view> content_sha256) {
  return content_sha256 && content_sha256->starts_with("STREAMING-");
}

std::string ChunkedBody::plain() const {
  std::size_t size = 0;
  for (const auto& chunk : chunks) size += chunk.data.size();
  std::string out;
  out.reserve(size);
  for (const auto& chunk : chunks) out.append(chunk.data);
  return out;
}

std::optional<std::string_view> ChunkedBody::trailer(std::string_view name) const {
  for (const auto& [field, value] : trailers) {
    if (same_word(field, name)) return value;
  }
  return std::nullopt;
}

std::optional<ChunkedBody> read_chunked(std::string_view body) {
  ChunkedBody out;
  while (true) {
    std::string_view line;
    std::uint64_t size = 0;
    ChunkedBody::Chunk chunk;
    if (!take_line(body, line) || !chunk_head(line, size, chunk.signature)) return std::nullopt;
    if (size > 0) {
      if (body.size() < 2 || size > body.size() - 2 || body.substr(size, 2) != "\r\n") return std::nullopt;
      chunk.data = body.substr(0, size);
      body.remove_prefix(size + 2);
    }
    out.chunks.push_back(chunk);
    if (size > 0) continue;
    if (!read_trailers(body, out)) return std::nullopt;
    return out;
  }
}

}  // namespace chaos::s3
