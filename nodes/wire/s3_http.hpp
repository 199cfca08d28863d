// What an object store and a cache share of HTTP's semantics (RFC 9110): byte ranges, preconditions. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::http {

/// Positions of the first and the last byte, both included.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t size() const { return last - first + 1; }
  bool operator==(const ByteRange&) const = default;
};

enum class RangeVerdict {
  whole,           // no range that is understood: the whole body with 200 (section 14.2)
  part,            // 206
  unsatisfiable,   // 416
};

/// The value of a Range field against a body of `size` bytes. One range only; several are answered with the whole.
RangeVerdict parse_range(std::string_view field, std::uint64_t size, ByteRange& out);
/// "bytes 0-99/1234" (section 14.4).
std::string content_range(const ByteRange& range, std::uint64_t size);

enum class Compare { weak, strong };   // section 8.8.3.2; If-None-Match is weak, If-Match and If-Range are strong

/// True when the list of a If-Match or If-None-Match field holds the tag (with its quotes), or is "*".
bool etag_in(std::string_view field, std::string_view etag, Compare compare = Compare::weak);

/// Section 13.1.5: whether a Range counts; without the field it does. A strong tag that is the same, or the very date of the
/// last change.
bool if_range_holds(std::optional<std::string_view> if_range, std::string_view etag, std::string_view last_modified);

/// The preconditions of one request, as sent.
struct Conditions {
  std::optional<std::string_view> if_match;
  std::optional<std::string_view> if_none_match;
  std::optional<std::string_view> if_modified_since;
  std::optional<std::string_view> if_unmodified_since;
};

/// The preconditions among a request's header fields, which they point into.
template <class Headers>
Conditions conditions_of(const Headers& headers) {
  return {headers.get("If-Match"), headers.get("If-None-Match"), headers.get("If-Modified-Since"), headers.get("If-Unmodified-Since")};
}

enum class Precondition {
  proceed,
  not_modified,   // 304
  failed,         // 412
};

/// Evaluates a GET's or HEAD's preconditions against what is there, in the order of section 13.2.2. An empty etag or
/// no modification time makes the conditions on it void.
Precondition evaluate(const Conditions& conditions, std::string_view etag, std::optional<std::int64_t> modified_s);

}  // namespace chaos::http
