// S3's codecs against any bytes, and what they promise to hold of what they accept.
#include "object_store/object_file.hpp"
#include "wire/s3.hpp"
#include "wire/s3_checksum.hpp"
#include "wire/s3_chunked.hpp"
#include "wire/s3_documents.hpp"
#include "wire/s3_multipart.hpp"
#include "wire/s3_settings.hpp"
#include "wire/s3_signature.hpp"
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
  check(!s3::name(request).empty() && request.part.number <= s3::kMaxPartNumber && request.part.upload.size() <= s3::kMaxUploadId);
  check(request.bucket.empty() || s3::valid_bucket_name(request.bucket));
  check(s3::uri_decode(s3::uri_encode(request.key), false) == request.key);
  if (request.key.empty()) return;
  const std::string name = object_file_name(request.key);
  check(!name.empty() && name.size() <= 200 && name.front() != '.' && name.find('/') == std::string::npos);
  s3::Listing page{{{request.key, 1, "\"e\"", 0}}, {request.list.prefix}, true, request.key};
  check(s3::after_token(s3::make_token(page.last)) == page.last);
  check(s3::parse_xml(s3::list_objects_document(request, page), 1000).has_value());
}

void fuzz_documents(std::string_view body) {
  if (const auto wanted = s3::parse_delete(body)) check(!wanted->keys.empty() && wanted->keys.size() <= 1000);
  if (const auto parts = s3::parse_complete(body)) {
    check(!parts->empty() && parts->size() <= 10'000);
    for (const auto& part : *parts) check(part.number >= 1 && part.number <= s3::kMaxPartNumber && !part.etag.empty());
  }
  s3::is_default_acl(body);
}

void fuzz_chunks(std::string_view body) {
  const auto chunked = s3::read_chunked(body);
  if (!chunked) return;
  const std::string plain = chunked->plain();
  check(plain.size() <= body.size() && chunked->trailers.size() <= s3::kMaxTrailers && chunked->chunks.back().data.empty());
  for (const auto& [name, value] : chunked->trailers) {
    constexpr std::string_view kPrefix = "x-amz-checksum-";
    if (name.starts_with(kPrefix)) s3::checksum(name.substr(kPrefix.size()), plain);
  }
  s3::Authorization said;
  said.scope = "20130524/us-east-1/s3/aws4_request";
  s3::chunks_match(*chunked, said, {"AKID", "secret"});
}

// The first line is the target, the second the Authorization field; the rest are further fields.
void fuzz_authorization(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> fields{{"Host", "store:9000"}, {"x-amz-date", "20130524T000000Z"}, {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}};
  const auto line = text.find('\n');
  const std::string target(text.substr(0, line));
  if (line != std::string_view::npos) fields.emplace_back("Authorization", text.substr(line + 1));
  const s3::SignedRequest request{"GET", target, fields, text.size()};
  s3::Authorization said;
  if (s3::parse_authorization(request, said) != s3::Error::none) return;
  const bool is_signed = said.kind == s3::Authorization::Kind::header || said.kind == s3::Authorization::Kind::presigned;
  if (!is_signed) return;
  check(!said.access_key.empty() && said.signed_fields.size() <= s3::kMaxSignedFields && said.expires_s <= s3::kMaxExpiry);
  check(s3::calculate(request, said, {"AKID", "secret"}).signature.size() == 64);
  s3::Error why{};
  s3::in_time(said, 1369353600, why);
}

void fuzz_object_file(std::string_view body) {
  std::size_t end = 0;
  const auto head = ObjectHead::parse(body, end);
  if (!head) return;
  check(end <= body.size());
  const auto again = ObjectHead::parse(head->write(), end);
  check(again && again->key == head->key && again->headers == head->headers && again->meta.parts == head->meta.parts);
}

}  // namespace

// The first byte chooses what is read: a digit 0 to 4 a method for a target, then documents, chunks, authorizations, files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 5> kMethods{"GET", "PUT", "POST", "DELETE", "HEAD"};
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t choice = (data[0] - '0') % 9u;
  switch (choice) {
    case 5: fuzz_documents(text); break;
    case 6: fuzz_chunks(text); break;
    case 7: fuzz_authorization(text); break;
    case 8: fuzz_object_file(text); break;
    default: fuzz_request(kMethods[choice], text);
  }
  return 0;
}
