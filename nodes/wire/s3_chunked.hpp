// The aws-chunked body coding: an upload in chunks that may carry signatures, and fields behind them.
// Source: Amazon S3 API Reference, "Signature calculations: transferring payload in multiple chunks" and "... including trailing
// headers".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::s3 {

/// True for a body in this coding: x-amz-content-sha256 is "STREAMING-...".
bool is_chunked(std::optional<std::string_view> content_sha256);

inline constexpr std::size_t kMaxTrailers = 16;

/// Points into the body that it was read from.
struct ChunkedBody {
  struct Chunk {
    std::string_view data;          // the last one has none
    std::string_view signature;     // chunk-signature; empty: none
  };
  std::vector<Chunk> chunks;
  std::vector<std::pair<std::string_view, std::string_view>> trailers;

  /// The plain bytes, never longer than the body.
  std::string plain() const;
  std::optional<std::string_view> trailer(std::string_view name) const;     // name in lower case
};

/// nullopt when the body is malformed or ends early.
std::optional<ChunkedBody> read_chunked(std::string_view body);

}  // namespace chaos::s3
