#include "wire/s3_error.hpp"

#include "wire/s3_xml.hpp"

#include <array>

namespace chaos::s3 {

namespace {

// In the order of the enumeration.
constexpr std::array<ErrorInfo, 19> kErrors{{
    {"None", 200, ""},
    {"BadDigest", 400, "The Content-MD5 you specified did not match what we received."},
    {"BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it."},
    {"BucketNotEmpty", 409, "The bucket you tried to delete is not empty."},
    {"EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size."},
    {"IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header."},
    {"InternalError", 500, "We encountered an internal error. Please try again."},
    {"InvalidArgument", 400, "Invalid Argument"},
    {"InvalidBucketName", 400, "The specified bucket is not valid."},
    {"InvalidRange", 416, "The requested range is not satisfiable"},
    {"InvalidURI", 400, "Couldn't parse the specified URI."},
    {"KeyTooLongError", 400, "Your key is too long"},
    {"MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema"},
    {"MethodNotAllowed", 405, "The specified method is not allowed against this resource."},
    {"NoSuchBucket", 404, "The specified bucket does not exist"},
    {"NoSuchKey", 404, "The specified key does not exist."},
    {"NotImplemented", 501, "A header or query you provided implies functionality that is not implemented"},
    {"PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"},
    {"SlowDown", 503, "Please reduce your request rate."},
}};

}  // namespace

const ErrorInfo& describe(Error error) { return kErrors.at(static_cast<std::size_t>(error)); }

std::string error_document(Error error, std::string_view resource, std::string_view request_id) {
  const ErrorInfo& info = describe(error);
  XmlWriter xml;
  xml.open("Error").leaf("Code", info.code).leaf("Message", info.message);
  xml.leaf("Resource", resource).leaf("RequestId", request_id).close("Error");
  return xml.take();
}

}  // namespace chaos::s3
