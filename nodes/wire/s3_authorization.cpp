// Reading what a request says of its signature: the Authorization field, or a presigned URL's parameters.
#include "wire/s3.hpp"
#include "wire/s3_signature.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace chaos::s3 {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::optional<std::string_view> field(Fields fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (same_word(key, name)) return value;
  }
  return std::nullopt;
}

// The value of one parameter, decoded.
std::optional<std::string> parameter(std::string_view target, std::string_view name) {
  auto query = target.substr(std::min(target.find('?'), target.size()));
  while (!query.empty()) {
    query.remove_prefix(1);
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(end);
    const auto mark = pair.find('=');
    if (pair.substr(0, mark) == name) return mark == std::string_view::npos ? std::string{} : uri_decode(pair.substr(mark + 1), true).value_or("");
  }
  return std::nullopt;
}

// "AKID/20130524/us-east-1/s3/aws4_request". Any region is taken, the service is s3.
bool read_credential(std::string_view text, Authorization& out) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  const auto scope = text.substr(slash + 1);
  const bool shape = std::count(scope.begin(), scope.end(), '/') == 3 && scope.ends_with("/s3/aws4_request") && scope.find('/') == 8;
  if (!shape || scope.size() > 128) return false;
  out.access_key = text.substr(0, slash);
  out.scope = scope;
  return true;
}

// In order, lower case, the host among them.
bool read_fields(std::string_view text, Authorization& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    out.signed_fields.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (out.signed_fields.size() > kMaxSignedFields) return false;
  }
  const auto& names = out.signed_fields;
  return std::is_sorted(names.begin(), names.end()) && std::find(names.begin(), names.end(), "host") != names.end();
}

bool read_stamp(std::string_view text, Authorization& out) {
  const std::string copy(text);
  std::tm parts{};
  const char* end = text.size() == 16 ? strptime(copy.c_str(), "%Y%m%dT%H%M%SZ", &parts) : nullptr;
  if (!end || end != copy.c_str() + copy.size()) return false;
  out.timestamp = copy;
  out.time_s = timegm(&parts);
  return out.scope.starts_with(copy.substr(0, 8));
}

// "Credential=..., SignedHeaders=..., Signature=..."; blanks after the commas are left out by some.
bool read_header(std::string_view text, Authorization& out) {
  bool sound = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const auto mark = std::min(part.find('='), part.size());
    const auto value = part.substr(std::min(mark + 1, part.size()));
    if (part.starts_with("Credential=")) sound = sound && read_credential(value, out);
    if (part.starts_with("SignedHeaders=")) sound = sound && read_fields(value, out);
    if (part.starts_with("Signature=")) out.signature = value;
  }
  return sound && !out.access_key.empty() && !out.signed_fields.empty() && !out.signature.empty();
}

// x-amz-date; a Date field alone is not taken, no client of today signs so.
bool read_date(Fields fields, Authorization& out) {
  const auto own = field(fields, "x-amz-date");
  return own && read_stamp(*own, out);
}

Error read_presigned(const SignedRequest& request, Authorization& out) {
  out.kind = Authorization::Kind::presigned;
  const auto value = [&](std::string_view name) { return parameter(request.target, name).value_or(""); };
  const std::string expires = value("X-Amz-Expires");
  const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), out.expires_s);
  const bool timed = error == std::errc{} && end == expires.data() + expires.size() && out.expires_s >= 1 && out.expires_s <= kMaxExpiry;
  out.signature = value("X-Amz-Signature");
  out.payload = std::string(field(request.fields, "x-amz-content-sha256").value_or("UNSIGNED-PAYLOAD"));
  const bool sound = timed && value("X-Amz-Algorithm") == kAlgorithm && read_credential(value("X-Amz-Credential"), out) &&
                     read_stamp(value("X-Amz-Date"), out) && read_fields(value("X-Amz-SignedHeaders"), out) && !out.signature.empty();
  return sound ? Error::none : Error::authorization_query;
}

}  // namespace

Error parse_authorization(const SignedRequest& request, Authorization& out) {
  const auto header = field(request.fields, "Authorization");
  if (header && header->starts_with("AWS ")) {
    out.kind = Authorization::Kind::version_2;
    return Error::none;
  }
  if (header) {
    out.kind = Authorization::Kind::header;
    out.payload = std::string(field(request.fields, "x-amz-content-sha256").value_or(""));
    const bool ours = header->starts_with(std::string(kAlgorithm) + " ");
    const bool sound = ours && read_header(header->substr(kAlgorithm.size() + 1), out) && read_date(request.fields, out);
    return sound && !out.payload.empty() ? Error::none : Error::authorization_malformed;
  }
  if (parameter(request.target, "X-Amz-Signature") || parameter(request.target, "X-Amz-Algorithm")) return read_presigned(request, out);
  if (parameter(request.target, "AWSAccessKeyId")) out.kind = Authorization::Kind::version_2;
  return Error::none;
}

}  // namespace chaos::s3
