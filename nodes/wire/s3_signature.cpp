#include "wire/s3_signature.hpp"

#include "wire/s3.hpp"
#include "wire/s3_hmac.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

namespace chaos::s3 {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kEmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

// Sorted, encoded anew; without the signature of a presigned URL.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto mark = std::min(pair.find('='), pair.size());
    const auto name = uri_decode(pair.substr(0, mark), true).value_or("");
    if (pair.empty() || name == "X-Amz-Signature") continue;
    pairs.emplace_back(query_encode(name), query_encode(uri_decode(pair.substr(std::min(mark + 1, pair.size())), true).value_or("")));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

// Trimmed, runs of blanks as one.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank) out.push_back(c);
    else if (!out.empty() && out.back() != ' ') out.push_back(' ');
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string canonical_field(const SignedRequest& request, const std::string& name) {
  std::string value;
  bool found = false;
  for (const auto& [field, text] : request.fields) {
    if (lower(field) != name) continue;
    value.append(found ? "," : "").append(canonical_value(text));
    found = true;
  }
  if (!found && name == "content-length") value = std::to_string(request.body_size);   // the runtime's own fields
  if (!found && name == "transfer-encoding") value = "chunked";   // the one coding that it takes; some releases of botocore sign it
  return name + ":" + value + "\n";
}

std::string canonical_request(const SignedRequest& request, const Authorization& authorization) {
  const auto path = path_of(request.target);
  std::string out(request.method);
  out.append("\n").append(uri_encode(uri_decode(path, false).value_or(std::string(path))));
  out.append("\n").append(canonical_query(query_of(request.target))).append("\n");
  std::string names;
  for (const auto& name : authorization.signed_fields) {
    out.append(canonical_field(request, name));
    names.append(names.empty() ? "" : ";").append(name);
  }
  return out.append("\n").append(names).append("\n").append(authorization.payload);
}

std::string signing_key(const Credentials& credentials, std::string_view scope) {
  std::string key = "AWS4" + credentials.secret_key;
  while (!scope.empty()) {        // date, region, service, "aws4_request"
    const auto end = std::min(scope.find('/'), scope.size());
    key = hmac_sha256(key, scope.substr(0, end));
    scope.remove_prefix(std::min(end + 1, scope.size()));
  }
  return key;
}

std::string stamp(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

}  // namespace

Calculated calculate(const SignedRequest& request, const Authorization& authorization, const Credentials& credentials) {
  Calculated out;
  out.canonical_request = canonical_request(request, authorization);
  out.string_to_sign = std::string(kAlgorithm) + "\n" + authorization.timestamp + "\n" + authorization.scope + "\n" + sha256_hex_of(out.canonical_request);
  out.signature = lower_hex(hmac_sha256(signing_key(credentials, authorization.scope), out.string_to_sign));
  return out;
}

bool in_time(const Authorization& authorization, std::int64_t now_s, Error& why) {
  if (authorization.kind == Authorization::Kind::presigned) {
    why = authorization.time_s > now_s + kMaxSkew ? Error::request_time_too_skewed : Error::request_expired;
    return authorization.time_s <= now_s + kMaxSkew && now_s <= authorization.time_s + authorization.expires_s;
  }
  why = Error::request_time_too_skewed;
  return authorization.time_s <= now_s + kMaxSkew && authorization.time_s >= now_s - kMaxSkew;
}

bool chunks_match(const ChunkedBody& body, const Authorization& authorization, const Credentials& credentials) {
  const std::string key = signing_key(credentials, authorization.scope);
  const std::string place = "\n" + authorization.timestamp + "\n" + authorization.scope + "\n";
  std::string before = authorization.signature;
  for (const auto& chunk : body.chunks) {
    const std::string text = "AWS4-HMAC-SHA256-PAYLOAD" + place + before + "\n" + std::string(kEmptyHash) + "\n" + sha256_hex_of(chunk.data);
    before = lower_hex(hmac_sha256(key, text));
    if (!same_secret(before, chunk.signature)) return false;
  }
  const auto signature = body.trailer("x-amz-trailer-signature");
  if (!signature) return body.trailers.empty();
  std::string lines;
  for (const auto& [name, value] : body.trailers) {
    if (lower(name) != "x-amz-trailer-signature") lines.append(lower(name)).append(":").append(value).append("\n");
  }
  const std::string text = "AWS4-HMAC-SHA256-TRAILER" + place + before + "\n" + sha256_hex_of(lines);
  return same_secret(lower_hex(hmac_sha256(key, text)), *signature);
}

std::vector<std::pair<std::string, std::string>> sign(const SignedRequest& request, std::string_view body, const Credentials& credentials,
                                                      std::int64_t now_s) {
  Authorization authorization;
  authorization.timestamp = stamp(now_s);
  authorization.scope = authorization.timestamp.substr(0, 8) + "/us-east-1/s3/aws4_request";
  authorization.signed_fields = {"host", "x-amz-content-sha256", "x-amz-date"};
  authorization.payload = sha256_hex_of(body);
  std::vector<std::pair<std::string, std::string>> fields{{"x-amz-date", authorization.timestamp}, {"x-amz-content-sha256", authorization.payload}};
  std::vector<std::pair<std::string, std::string>> all = fields;
  for (const auto& field : request.fields) {
    if (lower(field.first) == "host") all.push_back(field);
  }
  const auto done = calculate({request.method, request.target, all, body.size()}, authorization, credentials);
  fields.emplace_back("Authorization", std::string(kAlgorithm) + " Credential=" + credentials.access_key + "/" + authorization.scope +
                                           ", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + done.signature);
  return fields;
}

}  // namespace chaos::s3
