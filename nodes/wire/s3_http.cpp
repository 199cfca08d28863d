#include "wire/s3_http.hpp"

#include "wire/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace chaos::http {

namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Digits and nothing else.
bool number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

std::string_view without_weak(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

}  // namespace

RangeVerdict parse_range(std::string_view field, std::uint64_t size, ByteRange& out) {
  constexpr std::string_view kUnit = "bytes=";
  if (!field.starts_with(kUnit)) return RangeVerdict::whole;
  const auto spec = trim(field.substr(kUnit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return RangeVerdict::whole;
  const auto from = spec.substr(0, dash);
  const auto to = spec.substr(dash + 1);
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (from.empty()) {                       // "-5": the last five bytes
    if (!number(to, last)) return RangeVerdict::whole;
    if (last == 0 || size == 0) return RangeVerdict::unsatisfiable;
    out = {size - std::min(last, size), size - 1};
    return RangeVerdict::part;
  }
  if (!number(from, first) || (!to.empty() && (!number(to, last) || last < first))) return RangeVerdict::whole;
  if (first >= size) return RangeVerdict::unsatisfiable;
  out = {first, to.empty() ? size - 1 : std::min(last, size - 1)};
  return RangeVerdict::part;
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size);
}

bool etag_in(std::string_view field, std::string_view etag, Compare compare) {
  while (!field.empty()) {
    const auto comma = std::min(field.find(','), field.size());
    const auto tag = trim(field.substr(0, comma));
    const bool same = compare == Compare::weak ? without_weak(tag) == without_weak(etag) : tag == etag && !tag.starts_with("W/");
    if (tag == "*" || (!tag.empty() && same)) return true;
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return false;
}

bool if_range_holds(std::optional<std::string_view> if_range, std::string_view etag, std::string_view last_modified) {
  if (!if_range) return true;
  if (if_range->starts_with('"')) return *if_range == etag;
  return !if_range->empty() && !if_range->starts_with("W/") && *if_range == last_modified;
}

Precondition evaluate(const Conditions& c, std::string_view etag, std::optional<std::int64_t> modified_s) {
  const auto date = [&](const auto& field) { return field && modified_s ? parse_date(*field) : std::nullopt; };
  if (c.if_match && !etag.empty()) {
    if (!etag_in(*c.if_match, etag, Compare::strong)) return Precondition::failed;
  } else if (const auto since = date(c.if_unmodified_since); since && *modified_s > *since) {
    return Precondition::failed;
  }
  if (c.if_none_match && !etag.empty()) {
    return etag_in(*c.if_none_match, etag) ? Precondition::not_modified : Precondition::proceed;
  }
  const auto since = date(c.if_modified_since);
  return since && *modified_s <= *since ? Precondition::not_modified : Precondition::proceed;
}

}  // namespace chaos::http
