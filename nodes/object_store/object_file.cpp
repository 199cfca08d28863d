#include "object_store/object_file.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace chaos {

namespace {

constexpr std::string_view kMagic = "chaos-object 1";
constexpr std::size_t kMaxName = 200;

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_key(std::string_view value, std::string& out) {
  auto key = s3::uri_decode(value, false);
  if (!key || key->empty() || key->size() > s3::kMaxKey) return false;
  out = std::move(*key);
  return true;
}

bool read_header(std::string_view value, ObjectHead& head) {
  const auto colon = value.find(": ");
  if (colon == std::string_view::npos || colon == 0) return false;
  head.headers.emplace_back(value.substr(0, colon), value.substr(colon + 2));
  return true;
}

bool read_upload(std::string_view value, std::string& out) {
  out = value;
  return !value.empty();
}

bool read_line(std::string_view line, ObjectHead& head) {
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return false;
  const auto word = line.substr(0, blank);
  const auto value = line.substr(blank + 1);
  if (word == "key") return read_key(value, head.key);
  if (word == "etag") return from_hex(value, head.meta.digest);
  if (word == "modified") return read_number(value, head.meta.modified_s);
  if (word == "parts") return read_number(value, head.meta.parts);
  if (word == "upload") return read_upload(value, head.upload);
  if (word == "size") return read_number(value, head.meta.size);
  return word == "header" && read_header(value, head);
}

}  // namespace

std::string ObjectHead::write() const {
  std::string out(kMagic);
  out.append("\nkey ").append(s3::uri_encode(key));
  out.append("\netag ").append(to_hex(meta.digest));
  out.append("\nmodified ").append(std::to_string(meta.modified_s));
  out.append("\nsize ").append(std::to_string(meta.size));
  if (meta.parts) out.append("\nparts ").append(std::to_string(meta.parts));
  if (!upload.empty()) out.append("\nupload ").append(upload);
  for (const auto& [name, value] : headers) out.append("\nheader ").append(name).append(": ").append(value);
  return out.append("\n\n");
}

std::optional<ObjectHead> ObjectHead::parse(std::string_view bytes, std::size_t& end) {
  ObjectHead head;
  bool first = true;
  for (std::size_t at = 0; at < std::min(bytes.size(), kMaxObjectHead);) {
    const auto newline = bytes.find('\n', at);
    if (newline == std::string_view::npos) return std::nullopt;
    const auto line = bytes.substr(at, newline - at);
    at = newline + 1;
    if (line.empty()) {
      end = at;
      return head.key.empty() ? std::nullopt : std::optional(std::move(head));
    }
    if (first ? line != kMagic : !read_line(line, head)) return std::nullopt;
    first = false;
  }
  return std::nullopt;
}

std::string object_file_name(std::string_view key) {
  std::string name;
  for (const char c : key) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || (c == '.' && !name.empty());
    name.append(plain ? std::string(1, c) : "%" + to_hex({static_cast<std::uint8_t>(c)}).substr(0, 2));
  }
  if (name.size() <= kMaxName) return name;
  return name.substr(0, kMaxName - 65) + "~" + sha256_hex(key);
}

}  // namespace chaos
