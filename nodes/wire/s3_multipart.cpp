#include "wire/s3_multipart.hpp"

#include "wire/s3_documents.hpp"
#include "wire/s3_xml.hpp"

#include <charconv>

namespace chaos::s3 {

namespace {

constexpr std::size_t kElementsAPart = 8;      // number, tag and up to five checksums, and the part itself

const char* yes_no(bool value) { return value ? "true" : "false"; }

std::string_view without_quotes(std::string_view tag) {
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') return tag.substr(1, tag.size() - 2);
  return tag;
}

bool part_number(std::string_view text, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && out >= 1 && out <= kMaxPartNumber;
}

}  // namespace

std::string created_upload_document(const Request& request, std::string_view id) {
  XmlWriter xml;
  xml.open_root("InitiateMultipartUploadResult").leaf("Bucket", request.bucket).leaf("Key", request.key).leaf("UploadId", id);
  xml.close("InitiateMultipartUploadResult");
  return xml.take();
}

std::string list_parts_document(const Request& request, const std::vector<PartEntry>& parts, bool more) {
  XmlWriter xml;
  xml.open_root("ListPartsResult").leaf("Bucket", request.bucket);
  xml.leaf("Key", request.list.url_encoding ? uri_encode(request.key) : request.key).leaf("UploadId", request.part.upload);
  write_owner(xml, "Initiator");
  write_owner(xml);
  xml.leaf("StorageClass", "STANDARD").leaf("PartNumberMarker", static_cast<std::uint64_t>(request.part.after));
  xml.leaf("NextPartNumberMarker", static_cast<std::uint64_t>(parts.empty() ? request.part.after : parts.back().number));
  xml.leaf("MaxParts", request.list.max_keys).leaf("IsTruncated", yes_no(more));
  for (const auto& part : parts) {
    xml.open("Part").leaf("PartNumber", static_cast<std::uint64_t>(part.number)).leaf("LastModified", iso_time(part.modified_s));
    xml.leaf("ETag", part.etag).leaf("Size", part.size).close("Part");
  }
  xml.close("ListPartsResult");
  return xml.take();
}

std::string list_uploads_document(const Request& request, const std::vector<UploadEntry>& uploads, bool more) {
  const auto shown = [&](const std::string& text) { return request.list.url_encoding ? uri_encode(text) : text; };
  XmlWriter xml;
  xml.open_root("ListMultipartUploadsResult").leaf("Bucket", request.bucket).leaf("KeyMarker", shown(request.list.after));
  xml.leaf("UploadIdMarker", request.part.upload_marker);
  if (more) xml.leaf("NextKeyMarker", shown(uploads.back().key)).leaf("NextUploadIdMarker", uploads.back().id);
  xml.leaf("Prefix", shown(request.list.prefix)).leaf("MaxUploads", request.list.max_keys);
  if (request.list.url_encoding) xml.leaf("EncodingType", "url");
  xml.leaf("IsTruncated", yes_no(more));
  for (const auto& upload : uploads) {
    xml.open("Upload").leaf("Key", shown(upload.key)).leaf("UploadId", upload.id);
    write_owner(xml, "Initiator");
    write_owner(xml);
    xml.leaf("StorageClass", "STANDARD").leaf("Initiated", iso_time(upload.initiated_s)).close("Upload");
  }
  xml.close("ListMultipartUploadsResult");
  return xml.take();
}

std::string completed_upload_document(const Request& request, std::string_view host, std::string_view etag) {
  XmlWriter xml;
  xml.open_root("CompleteMultipartUploadResult");
  xml.leaf("Location", "http://" + std::string(host) + "/" + request.bucket + "/" + uri_encode(request.key));
  xml.leaf("Bucket", request.bucket).leaf("Key", request.key).leaf("ETag", etag).close("CompleteMultipartUploadResult");
  return xml.take();
}

std::string copied_part_document(std::string_view etag, std::int64_t modified_s) {
  XmlWriter xml;
  xml.open_root("CopyPartResult").leaf("LastModified", iso_time(modified_s)).leaf("ETag", etag).close("CopyPartResult");
  return xml.take();
}

std::optional<std::vector<NamedPart>> parse_complete(std::string_view body) {
  auto elements = parse_xml(body, kMaxPartNumber * kElementsAPart);
  if (!elements) return std::nullopt;
  std::vector<NamedPart> parts;
  NamedPart part;
  for (auto& element : *elements) {
    if (element.path == "CompleteMultipartUpload/Part/PartNumber" && !part_number(element.text, part.number)) return std::nullopt;
    if (element.path == "CompleteMultipartUpload/Part/ETag") part.etag = without_quotes(element.text);
    if (element.path != "CompleteMultipartUpload/Part") continue;
    if (part.number == 0 || part.etag.empty() || parts.size() == kMaxPartNumber) return std::nullopt;
    parts.push_back(std::exchange(part, NamedPart{}));
  }
  if (parts.empty()) return std::nullopt;
  return parts;
}

}  // namespace chaos::s3
