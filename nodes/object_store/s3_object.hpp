// How an object's metadata and a request's header fields become each other. Pure.
#pragma once

#include "object_store/object_file.hpp"
#include "runtime/http.hpp"

namespace chaos {

/// The fields of a PUT that are kept with the object: Content-Type, Cache-Control, x-amz-meta-* and the like.
std::vector<std::pair<std::string, std::string>> kept_headers(const Headers& request);

/// An answer with the object's fields and no body yet.
HttpResponse object_response(unsigned status, const ObjectHead& head);

/// The plain body of an upload: aws-chunked is undone; Content-MD5 and the announced length are checked.
s3::Error decode_upload(const Headers& headers, std::string& body);

}  // namespace chaos
