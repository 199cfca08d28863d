// The documents of multipart uploads.
// Source: Amazon S3 API Reference, CreateMultipartUpload, ListParts, ListMultipartUploads, CompleteMultipartUpload.
#pragma once

#include "wire/s3.hpp"

#include <cstdint>

namespace chaos::s3 {

struct PartEntry {
  int number = 0;
  std::uint64_t size = 0;
  std::string etag;                // with its quotes
  std::int64_t modified_s = 0;
};

struct UploadEntry {
  std::string key;
  std::string id;
  std::int64_t initiated_s = 0;
};

std::string created_upload_document(const Request& request, std::string_view id);
/// parts: one page of them, those after request.part.after; more: there are others behind.
std::string list_parts_document(const Request& request, const std::vector<PartEntry>& parts, bool more);
/// uploads: one page, those after the request's markers.
std::string list_uploads_document(const Request& request, const std::vector<UploadEntry>& uploads, bool more);
std::string completed_upload_document(const Request& request, std::string_view host, std::string_view etag);
std::string copied_part_document(std::string_view etag, std::int64_t modified_s);

/// A part as CompleteMultipartUpload names it; etag without its quotes.
struct NamedPart {
  int number = 0;
  std::string etag;
};
/// nullopt when malformed, without a part, or with more than 10,000.
std::optional<std::vector<NamedPart>> parse_complete(std::string_view body);

}  // namespace chaos::s3
