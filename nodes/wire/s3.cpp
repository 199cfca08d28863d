#include "wire/s3.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace chaos::s3 {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 13> kNames{
    "ListBuckets", "CreateBucket", "DeleteBucket", "HeadBucket", "GetBucketLocation", "ListObjects", "ListObjectsV2",
    "DeleteObjects", "GetObject", "HeadObject", "PutObject", "CopyObject", "DeleteObject"};

// Sub-resources of buckets and objects that would change the meaning of a request and that this store does not have.
constexpr std::array<std::string_view, 30> kNotHere{
    "accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory",
    "legal-hold", "lifecycle", "logging", "metrics", "notification", "object-lock", "ownershipControls", "partNumber",
    "policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment", "restore", "retention", "select",
    "tagging", "uploadId", "uploads", "versioning", "versions", "website"};

struct Query {
  bool location = false;
  bool remove = false;
  bool v2 = false;
};

// Well-formed UTF-8 without NUL (Unicode, table 3-7).
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

bool parse_count(std::string_view text, std::size_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  out = std::min(out, kMaxListKeys);
  return true;
}

Error list_parameter(std::string_view name, std::string value, Query& query, ListQuery& list) {
  if (name == "list-type") query.v2 = value == "2";
  else if (name == "prefix") list.prefix = std::move(value);
  else if (name == "delimiter") list.delimiter = std::move(value);
  else if (name == "marker" || name == "start-after") list.after = std::move(value);
  else if (name == "encoding-type") list.url_encoding = value == "url";
  else if (name == "max-keys" && !parse_count(value, list.max_keys)) return Error::invalid_argument;
  else if (name == "continuation-token") {
    if (!after_token(value)) return Error::invalid_argument;
    list.token = std::move(value);
  }
  return Error::none;
}

Error one_parameter(std::string_view pair, Query& query, ListQuery& list) {
  const auto mark = pair.find('=');
  const auto name = pair.substr(0, mark);
  if (std::find(kNotHere.begin(), kNotHere.end(), name) != kNotHere.end()) return Error::not_implemented;
  auto value = uri_decode(mark == std::string_view::npos ? std::string_view{} : pair.substr(mark + 1), true);
  if (!value) return Error::invalid_uri;
  if (!valid_text(*value)) return Error::invalid_argument;
  if (name == "location") query.location = true;
  if (name == "delete") query.remove = true;
  return list_parameter(name, std::move(*value), query, list);
}

Error parse_query(std::string_view text, Query& query, ListQuery& list) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    if (const Error e = one_parameter(text.substr(0, end), query, list); e != Error::none) return e;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return Error::none;
}

Error split_path(std::string_view path, std::string& bucket, std::string& key) {
  if (!path.starts_with('/')) return Error::invalid_uri;
  path.remove_prefix(1);
  const auto slash = std::min(path.find('/'), path.size());
  auto first = uri_decode(path.substr(0, slash), false);
  auto rest = uri_decode(path.substr(std::min(slash + 1, path.size())), false);
  if (!first || !rest || !valid_text(*rest)) return Error::invalid_uri;
  if (first->empty()) return rest->empty() ? Error::none : Error::invalid_uri;
  if (!valid_bucket_name(*first)) return Error::invalid_bucket_name;
  if (rest->size() > kMaxKey) return Error::key_too_long;
  bucket = std::move(*first);
  key = std::move(*rest);
  return Error::none;
}

Error bucket_operation(std::string_view method, const Query& query, Operation& out) {
  if (method == "GET") out = query.location ? Operation::get_bucket_location : query.v2 ? Operation::list_objects_v2 : Operation::list_objects;
  else if (method == "PUT") out = Operation::create_bucket;
  else if (method == "HEAD") out = Operation::head_bucket;
  else if (method == "DELETE") out = Operation::delete_bucket;
  else if (method == "POST" && query.remove) out = Operation::delete_objects;
  else return Error::method_not_allowed;
  return Error::none;
}

Error object_operation(std::string_view method, bool copy, Operation& out) {
  if (method == "GET") out = Operation::get_object;
  else if (method == "HEAD") out = Operation::head_object;
  else if (method == "PUT") out = copy ? Operation::copy_object : Operation::put_object;
  else if (method == "DELETE") out = Operation::delete_object;
  else return Error::method_not_allowed;
  return Error::none;
}

}  // namespace

std::string_view name(Operation operation) { return kNames.at(static_cast<std::size_t>(operation)); }

Error parse_request(const RequestHead& head, Request& out) {
  const auto mark = std::min(head.target.find('?'), head.target.size());
  if (const Error e = split_path(head.target.substr(0, mark), out.bucket, out.key); e != Error::none) return e;
  Query query;
  const auto text = head.target.substr(std::min(mark + 1, head.target.size()));
  if (const Error e = parse_query(text, query, out.list); e != Error::none) return e;
  if (!out.key.empty()) return object_operation(head.method, head.copy_source.has_value(), out.operation);
  if (!out.bucket.empty()) return bucket_operation(head.method, query, out.operation);
  out.operation = Operation::list_buckets;
  return head.method == "GET" || head.method == "HEAD" ? Error::none : Error::method_not_allowed;
}

Error parse_copy_source(std::string_view field, std::string& bucket, std::string& key) {
  const std::string path = field.starts_with('/') ? std::string(field) : "/" + std::string(field);
  const auto version = std::min(path.find('?'), path.size());
  if (split_path(std::string_view(path).substr(0, version), bucket, key) != Error::none || key.empty()) return Error::invalid_argument;
  return Error::none;
}

bool valid_bucket_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.size() < 3 || name.size() > 63 || !plain(name.front()) || !plain(name.back())) return false;
  if (name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '.' || c == '-'; });
}

}  // namespace chaos::s3
