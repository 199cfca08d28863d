#include "wire/s3_documents.hpp"

#include "wire/s3_xml.hpp"

#include <array>
#include <ctime>

namespace chaos::s3 {

namespace {

constexpr std::size_t kMaxDelete = 1000;

void object(XmlWriter& xml, const ObjectEntry& entry, std::string_view key, bool with_owner) {
  xml.open("Contents").leaf("Key", key).leaf("LastModified", iso_time(entry.modified_s)).leaf("ETag", entry.etag);
  xml.leaf("Size", entry.size);
  if (with_owner) write_owner(xml);
  xml.leaf("StorageClass", "STANDARD").close("Contents");
}

// Where the page began and where the next one begins.
void position(XmlWriter& xml, const Request& request, const Listing& page) {
  const ListQuery& list = request.list;
  if (request.operation == Operation::list_objects_v2) {
    xml.leaf("KeyCount", page.objects.size() + page.prefixes.size());
    if (!list.token.empty()) xml.leaf("ContinuationToken", list.token);
    if (!list.after.empty()) xml.leaf("StartAfter", list.url_encoding ? uri_encode(list.after) : list.after);
    if (page.truncated) xml.leaf("NextContinuationToken", make_token(page.last));
    return;
  }
  xml.leaf("Marker", list.url_encoding ? uri_encode(list.after) : list.after);
  if (page.truncated && !list.delimiter.empty()) xml.leaf("NextMarker", list.url_encoding ? uri_encode(page.last) : page.last);
}

}  // namespace

void write_owner(XmlWriter& xml, std::string_view element) {
  xml.open(element).leaf("ID", kOwner).leaf("DisplayName", kOwner).close(element);
}

std::string iso_time(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts)};
}

std::string list_buckets_document(const std::vector<BucketEntry>& buckets) {
  XmlWriter xml;
  xml.open_root("ListAllMyBucketsResult");
  write_owner(xml);
  xml.open("Buckets");
  for (const auto& bucket : buckets) {
    xml.open("Bucket").leaf("Name", bucket.name).leaf("CreationDate", iso_time(bucket.created_s)).close("Bucket");
  }
  xml.close("Buckets").close("ListAllMyBucketsResult");
  return xml.take();
}

std::string list_objects_document(const Request& request, const Listing& page) {
  const ListQuery& list = request.list;
  const auto shown = [&](const std::string& text) { return list.url_encoding ? uri_encode(text) : text; };
  XmlWriter xml;
  xml.open_root("ListBucketResult").leaf("Name", request.bucket).leaf("Prefix", shown(list.prefix));
  xml.leaf("MaxKeys", list.max_keys);
  if (!list.delimiter.empty()) xml.leaf("Delimiter", shown(list.delimiter));
  if (list.url_encoding) xml.leaf("EncodingType", "url");
  xml.leaf("IsTruncated", page.truncated ? "true" : "false");
  position(xml, request, page);
  const bool with_owner = list.fetch_owner || request.operation == Operation::list_objects;
  for (const auto& entry : page.objects) object(xml, entry, shown(entry.key), with_owner);
  for (const auto& prefix : page.prefixes) {
    xml.open("CommonPrefixes").leaf("Prefix", shown(prefix)).close("CommonPrefixes");
  }
  xml.close("ListBucketResult");
  return xml.take();
}

std::string location_document() {
  XmlWriter xml;
  xml.open_root("LocationConstraint").close("LocationConstraint");
  return xml.take();
}

std::string copy_document(std::string_view etag, std::int64_t modified_s) {
  XmlWriter xml;
  xml.open_root("CopyObjectResult").leaf("LastModified", iso_time(modified_s)).leaf("ETag", etag).close("CopyObjectResult");
  return xml.take();
}

std::string delete_document(const std::vector<std::string>& deleted) {
  XmlWriter xml;
  xml.open_root("DeleteResult");
  for (const auto& key : deleted) xml.open("Deleted").leaf("Key", key).close("Deleted");
  xml.close("DeleteResult");
  return xml.take();
}

std::optional<DeleteRequest> parse_delete(std::string_view body) {
  auto elements = parse_xml(body, kMaxDelete * 8);
  if (!elements) return std::nullopt;
  DeleteRequest request;
  for (auto& element : *elements) {
    if (element.path == "Delete/Object/Key" && element.text.empty()) return std::nullopt;
    if (element.path == "Delete/Object/Key") request.keys.push_back(std::move(element.text));
    if (element.path == "Delete/Quiet") request.quiet = element.text == "true";
  }
  if (request.keys.empty() || request.keys.size() > kMaxDelete) return std::nullopt;
  return request;
}

}  // namespace chaos::s3
