// The XML documents that S3's actions answer with, and the one that a client sends.
// Source: Amazon S3 API Reference, the response syntax of each action.
#pragma once

#include "wire/s3.hpp"

#include <cstdint>
#include <vector>

namespace chaos::s3 {

inline constexpr std::string_view kOwner = "owner";     // of everything: this store has one

class XmlWriter;
/// <Owner> with its id and name.
void write_owner(XmlWriter& xml, std::string_view element = "Owner");

struct BucketEntry {
  std::string name;
  std::int64_t created_s = 0;      // seconds since 1970, UTC
};

struct ObjectEntry {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;                // with its quotes
  std::int64_t modified_s = 0;
};

/// One page of a listing.
struct Listing {
  std::vector<ObjectEntry> objects;
  std::vector<std::string> prefixes;   // common prefixes up to the delimiter
  bool truncated = false;
  std::string last;                    // the last key or prefix of the page
};

std::string list_buckets_document(const std::vector<BucketEntry>& buckets);
/// ListBucketResult of request.operation, list_objects or list_objects_v2.
std::string list_objects_document(const Request& request, const Listing& page);
std::string location_document();
std::string copy_document(std::string_view etag, std::int64_t modified_s);
std::string delete_document(const std::vector<std::string>& deleted);

struct DeleteRequest {
  std::vector<std::string> keys;
  bool quiet = false;              // only failures are answered
};
/// The body of DeleteObjects; nullopt when malformed, without a key, or with more than 1000.
std::optional<DeleteRequest> parse_delete(std::string_view body);

/// "2009-10-12T17:50:30.000Z".
std::string iso_time(std::int64_t unix_s);

}  // namespace chaos::s3
