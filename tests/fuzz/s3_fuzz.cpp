// S3's codecs against any bytes, and what they promise to hold of what they accept.
#include "object_store/object_file.hpp"
#include "wire/s3.hpp"
#include "wire/s3_chunked.hpp"
#include "wire/s3_documents.hpp"
#include "wire/s3_xml.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace chaos;

void check(bool holds) {
  if (!holds) std::abort();
}

void fuzz_request(std::string_view method, std::string_view target) {
  s3::Request request;
  if (s3::parse_request({method, target, std::nullopt}, request) != s3::Error::none) return;
  check(request.key.size() <= s3::kMaxKey && request.list.max_keys <= s3::kMaxListKeys);
  check(request.bucket.empty() || s3::valid_bucket_name(request.bucket));
  check(s3::uri_decode(s3::uri_encode(request.key), false) == request.key);
  if (request.key.empty()) return;
  const std::string name = object_file_name(request.key);
  check(!name.empty() && name.size() <= 200 && name.front() != '.' && name.find('/') == std::string::npos);
  s3::Listing page{{{request.key, 1, "\"e\"", 0}}, {request.list.prefix}, true, request.key};
  check(s3::after_token(s3::make_token(page.last)) == page.last);
  check(s3::parse_xml(s3::list_objects_document(request, page), 1000).has_value());
}

void fuzz_body(std::string_view body) {
  if (const auto plain = s3::decode_chunked(body)) check(plain->size() <= body.size());
  if (const auto wanted = s3::parse_delete(body)) check(!wanted->keys.empty() && wanted->keys.size() <= 1000);
  std::size_t end = 0;
  const auto head = ObjectHead::parse(body, end);
  if (!head) return;
  check(end <= body.size());
  const auto again = ObjectHead::parse(head->write(), end);
  check(again && again->key == head->key && again->headers == head->headers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 5> kMethods{"GET", "PUT", "POST", "DELETE", "HEAD"};
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::uint8_t choice = data[0];
  if (choice % 8 < kMethods.size()) fuzz_request(kMethods[choice % 8], text);
  else fuzz_body(text);
  return 0;
}
