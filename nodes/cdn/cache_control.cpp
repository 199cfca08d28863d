#include "cdn/cache_control.hpp"

#include <algorithm>
#include <charconv>

namespace chaos {

namespace {

constexpr std::int64_t kMaxSeconds = std::int64_t{1} << 31;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The end of the directive at the front: a comma outside of quotes, or the end of the text.
std::size_t directive_end(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    else if (text[i] == '\\' && quoted) ++i;
    else if (text[i] == ',' && !quoted) return i;
  }
  return text.size();
}

std::int64_t seconds(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && !text.starts_with('-')) return kMaxSeconds;
  if (error != std::errc{} || end != text.data() + text.size()) return 0;
  return std::clamp(value, std::int64_t{0}, kMaxSeconds);
}

void first_of(std::optional<std::int64_t>& field, std::string_view value) {
  if (!field) field = seconds(value);
}

void read_directive(std::string_view name, std::string_view value, CacheControl& out) {
  if (same_word(name, "no-store")) out.no_store = true;
  else if (same_word(name, "no-cache")) out.no_cache = true;
  else if (same_word(name, "private")) out.is_private = true;
  else if (same_word(name, "public")) out.is_public = true;
  else if (same_word(name, "must-revalidate") || same_word(name, "proxy-revalidate")) out.must_revalidate = true;
  else if (same_word(name, "max-age")) first_of(out.max_age, value);
  else if (same_word(name, "s-maxage")) first_of(out.s_maxage, value);
  else if (same_word(name, "stale-if-error")) first_of(out.stale_if_error, value);
  else if (same_word(name, "stale-while-revalidate")) first_of(out.stale_while_revalidate, value);
}

void read_directive(std::string_view name, std::string_view value, RequestControl& out) {
  if (same_word(name, "no-store")) out.no_store = true;
  else if (same_word(name, "no-cache")) out.no_cache = true;
  else if (same_word(name, "only-if-cached")) out.only_if_cached = true;
  else if (same_word(name, "max-age")) first_of(out.max_age, value);
  else if (same_word(name, "min-fresh")) first_of(out.min_fresh, value);
  else if (same_word(name, "max-stale") && value.empty()) out.max_stale = kMaxSeconds;
  else if (same_word(name, "max-stale")) first_of(out.max_stale, value);
}

template <class Control>
void read_field(std::string_view field, Control& out) {
  while (!field.empty()) {
    const auto end = directive_end(field);
    const auto directive = trim(field.substr(0, end));
    const auto mark = std::min(directive.find('='), directive.size());
    read_directive(trim(directive.substr(0, mark)), trim(directive.substr(std::min(mark + 1, directive.size()))), out);
    field.remove_prefix(std::min(end + 1, field.size()));
  }
}

}  // namespace

void read_cache_control(std::string_view field, CacheControl& out) { read_field(field, out); }
void read_request_control(std::string_view field, RequestControl& out) { read_field(field, out); }

}  // namespace chaos
