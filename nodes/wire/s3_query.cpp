#include "wire/s3_query.hpp"

#include "wire/s3_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace chaos::s3 {

namespace {

// GetObject, "Request parameters": the field that each sets in the answer.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOverrides{{
    {"response-cache-control", "Cache-Control"},
    {"response-content-disposition", "Content-Disposition"},
    {"response-content-encoding", "Content-Encoding"},
    {"response-content-language", "Content-Language"},
    {"response-content-type", "Content-Type"},
    {"response-expires", "Expires"},
}};

template <class Number>
bool whole_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_count(std::string_view text, std::size_t& out) {
  if (!whole_number(text, out)) return false;
  out = std::min(out, kMaxListKeys);
  return true;
}

// A value of a field, not a way to write more of them.
bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7F; });
}

// False when the value is not one for it.
bool part_parameter(std::string_view name, std::string& value, Query& query, PartQuery& part) {
  if (name == "uploadId") {
    query.has_upload = true;
    if (value.size() > kMaxUploadId) value.clear();      // no upload has such a name
    part.upload = std::move(value);
  } else if (name == "partNumber") {
    return whole_number(value, part.number) && part.number >= 1 && part.number <= kMaxPartNumber;
  } else if (name == "part-number-marker") {
    return whole_number(value, part.after) && part.after >= 0;
  } else if (name == "upload-id-marker") {
    part.upload_marker = std::move(value);
  }
  return true;
}

bool list_parameter(std::string_view name, std::string& value, Query& query, ListQuery& list) {
  if (name == "list-type") query.v2 = value == "2";
  else if (name == "prefix") list.prefix = std::move(value);
  else if (name == "delimiter") list.delimiter = std::move(value);
  else if (name == "marker" || name == "start-after" || name == "key-marker") list.after = std::move(value);
  else if (name == "fetch-owner") list.fetch_owner = value == "true";
  else if (name == "max-keys" || name == "max-uploads" || name == "max-parts") return read_count(value, list.max_keys);
  else if (name == "encoding-type") {
    list.url_encoding = value == "url";
    return list.url_encoding;
  } else if (name == "continuation-token") {
    if (!after_token(value)) return false;
    list.token = std::move(value);
  }
  return true;
}

bool override_parameter(std::string_view name, std::string& value, Request& out) {
  for (const auto& [parameter, field] : kOverrides) {
    if (name != parameter) continue;
    if (!printable(value)) return false;
    out.overrides.emplace_back(field, std::move(value));
    return true;
  }
  return true;
}

Error one_parameter(std::string_view pair, Query& query, Request& out) {
  const auto mark = pair.find('=');
  const auto name = pair.substr(0, mark);
  auto value = uri_decode(mark == std::string_view::npos ? std::string_view{} : pair.substr(mark + 1), true);
  if (!value) return Error::invalid_uri;
  if (!valid_text(*value)) return Error::invalid_argument;
  if (name == "location") query.location = true;
  if (name == "delete") query.remove = true;
  if (name == "uploads") query.uploads = true;
  if (const Setting* setting = find_setting(name)) out.setting = setting;
  const bool sound = name.starts_with("response-") ? override_parameter(name, *value, out)
                                                   : part_parameter(name, *value, query, out.part) && list_parameter(name, *value, query, out.list);
  return sound ? Error::none : Error::invalid_argument;
}

}  // namespace

bool valid_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t tail = c < 0x80 ? 0 : c >= 0xC2 && c < 0xE0 ? 1 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xF0 && c < 0xF5 ? 3 : 9;
    if (c == 0 || tail == 9 || i + tail >= text.size()) return false;
    for (std::size_t k = 1; k <= tail; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    const auto second = tail ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F) || (c == 0xF0 && second < 0x90) || (c == 0xF4 && second > 0x8F)) return false;
    i += tail + 1;
  }
  return true;
}

Error parse_query(std::string_view text, Query& query, Request& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    if (const Error e = one_parameter(text.substr(0, end), query, out); e != Error::none) return e;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return Error::none;
}

}  // namespace chaos::s3
