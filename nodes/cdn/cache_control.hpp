// The Cache-Control field (RFC 9111 section 5.2), as far as a shared cache obeys it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace chaos {

struct CacheControl {
  bool no_store = false;
  bool no_cache = false;
  bool is_private = false;
  bool is_public = false;
  bool must_revalidate = false;               // or proxy-revalidate
  std::optional<std::int64_t> max_age;        // seconds, 0 to 2^31 (RFC 9111 section 1.2.2); unreadable counts as 0
  std::optional<std::int64_t> s_maxage;
  std::optional<std::int64_t> stale_if_error; // RFC 5861 section 4
};

/// Adds the directives of one field line; unknown ones are ignored, of repeated ones the first counts.
void read_cache_control(std::string_view field, CacheControl& out);

bool same_word(std::string_view a, std::string_view b);    // without case, as field names and directives compare

/// The directives of a message, from every line of the field.
template <class Headers>
CacheControl cache_control_of(const Headers& headers) {
  CacheControl control;
  for (const auto& [name, value] : headers) {
    if (same_word(name, "Cache-Control")) read_cache_control(value, control);
  }
  return control;
}

}  // namespace chaos
