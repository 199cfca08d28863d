// The Cache-Control field (RFC 9111 section 5.2), as far as a shared cache obeys it. Pure.
#pragma once

#include "wire/text.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace chaos {

/// Of an answer.
struct CacheControl {
  bool no_store = false;
  bool no_cache = false;                      // with field names too: the whole answer then (section 5.2.2.4 allows it)
  bool is_private = false;
  bool is_public = false;
  bool must_revalidate = false;               // or proxy-revalidate
  std::optional<std::int64_t> max_age;        // seconds, 0 to 2^31 (RFC 9111 section 1.2.2); unreadable counts as 0
  std::optional<std::int64_t> s_maxage;
  std::optional<std::int64_t> stale_while_revalidate;   // RFC 5861 section 3
  std::optional<std::int64_t> stale_if_error;           // RFC 5861 section 4
};

/// Of a request (section 5.2.1). "Pragma: no-cache" counts as no_cache where there is no Cache-Control (section 5.4).
struct RequestControl {
  bool no_store = false;
  bool no_cache = false;
  bool only_if_cached = false;
  std::optional<std::int64_t> max_age;
  std::optional<std::int64_t> min_fresh;
  std::optional<std::int64_t> max_stale;      // without a value: 2^31, any age
};

/// Adds the directives of one field line; unknown ones are ignored, of repeated ones the first counts.
void read_cache_control(std::string_view field, CacheControl& out);
void read_request_control(std::string_view field, RequestControl& out);


/// The directives of a message, from every line of the field.
template <class Headers>
CacheControl cache_control_of(const Headers& headers) {
  CacheControl control;
  for (const auto& [name, value] : headers) {
    if (same_word(name, "Cache-Control")) read_cache_control(value, control);
  }
  return control;
}

template <class Headers>
RequestControl request_control_of(const Headers& headers) {
  RequestControl control;
  bool any = false;
  for (const auto& [name, value] : headers) {
    if (!same_word(name, "Cache-Control")) continue;
    any = true;
    read_request_control(value, control);
  }
  if (const auto pragma = headers.get("Pragma"); !any && pragma) control.no_cache = same_word(*pragma, "no-cache");
  return control;
}

}  // namespace chaos
