#include "object_store/s3_object.hpp"

#include "wire/s3_chunked.hpp"
#include "wire/s3_http.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace chaos {

namespace {

constexpr std::string_view kUserPrefix = "x-amz-meta-";
constexpr std::array<std::string_view, 5> kKept{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// aws-chunked was a matter of the upload, not of the object.
std::string without_chunked(std::string_view value) {
  constexpr std::string_view kCoding = "aws-chunked";
  if (!value.starts_with(kCoding)) return std::string(value);
  value.remove_prefix(kCoding.size());
  value.remove_prefix(std::min(value.find_first_not_of(", "), value.size()));
  return std::string(value);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> kept_headers(const Headers& request) {
  std::vector<std::pair<std::string, std::string>> kept;
  kept.emplace_back("Content-Type", request.get("Content-Type").value_or("binary/octet-stream"));
  for (const auto name : kKept) {
    const auto value = without_chunked(request.get(name).value_or(""));
    if (!value.empty()) kept.emplace_back(name, value);
  }
  for (const auto& [name, value] : request) {
    std::string small = lower(name);
    if (small.starts_with(kUserPrefix)) kept.emplace_back(std::move(small), value);
  }
  return kept;
}

HttpResponse object_response(unsigned status, const ObjectHead& head) {
  HttpResponse response;
  response.status = status;
  response.headers.add("ETag", to_etag(head.meta.digest));
  response.headers.add("Last-Modified", http::format_date(head.meta.modified_s));
  response.headers.add("Accept-Ranges", "bytes");
  for (const auto& [name, value] : head.headers) response.headers.add(name, value);
  return response;
}

s3::Error decode_upload(const Headers& headers, std::string& body) {
  if (s3::is_chunked(headers.get("x-amz-content-sha256"))) {
    auto plain = s3::decode_chunked(body);
    if (!plain) return s3::Error::incomplete_body;
    body = std::move(*plain);
    const auto announced = headers.get("x-amz-decoded-content-length");
    if (announced && *announced != std::to_string(body.size())) return s3::Error::incomplete_body;
  }
  const auto expected = headers.get("Content-MD5");
  return expected && *expected != to_base64(md5(body)) ? s3::Error::bad_digest : s3::Error::none;
}

}  // namespace chaos
