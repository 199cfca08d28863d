// How an object's metadata and a request's header fields become each other. Pure.
#pragma once

#include "object_store/object_cache.hpp"
#include "runtime/http.hpp"

namespace chaos {

using KeptHeaders = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t kMaxUserMetadata = 2048;    // bytes of names and values ("Working with object metadata")

/// The fields of a PUT that are kept with the object: Content-Type, Cache-Control, x-amz-meta-* and the like.
KeptHeaders kept_headers(const Headers& request);

/// none, or why the fields of an upload are refused: metadata_too_large, acl_not_supported (other than the owner's own),
/// not_implemented (encryption, tags, locks and redirects would be promised and not kept).
s3::Error check_upload_fields(const Headers& request);

/// What an answer says of the object: its own fields, ETag, Last-Modified, Accept-Ranges.
Headers object_fields(const ObjectHead& head);

/// The plain body of an upload: aws-chunked is undone; Content-MD5, x-amz-checksum-* and the announced length are checked.
s3::Error decode_upload(const Headers& headers, std::string& body);

}  // namespace chaos
