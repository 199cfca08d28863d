#include "wire/s3_error.hpp"

#include "wire/s3_xml.hpp"

#include <array>

namespace chaos::s3 {

namespace {

struct Row {
  Error error;
  ErrorInfo info;
};

constexpr std::array kErrors{
    Row{Error::none, {"None", 200, ""}},
    Row{Error::access_denied, {"AccessDenied", 403, "Access Denied"}},
    Row{Error::headers_not_signed, {"AccessDenied", 403, "There were headers present in the request which were not signed"}},
    Row{Error::acl_not_supported, {"AccessControlListNotSupported", 400, "The bucket does not allow ACLs"}},
    Row{Error::authorization_malformed, {"AuthorizationHeaderMalformed", 400, "The authorization header you provided is invalid."}},
    Row{Error::authorization_query, {"AuthorizationQueryParametersError", 400, "The authorization query parameters that you provided are not valid."}},
    Row{Error::bad_digest, {"BadDigest", 400, "The Content-MD5 you specified did not match what we received."}},
    Row{Error::bucket_already_owned, {"BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it."}},
    Row{Error::bucket_not_empty, {"BucketNotEmpty", 409, "The bucket you tried to delete is not empty."}},
    Row{Error::checksum_mismatch, {"BadDigest", 400, "The checksum you specified did not match what we received."}},
    Row{Error::content_sha256_mismatch, {"XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed."}},
    Row{Error::copy_onto_itself, {"InvalidRequest", 400, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."}},
    Row{Error::entity_too_large, {"EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size."}},
    Row{Error::entity_too_small, {"EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size"}},
    Row{Error::incomplete_body, {"IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header."}},
    Row{Error::internal_error, {"InternalError", 500, "We encountered an internal error. Please try again."}},
    Row{Error::invalid_access_key, {"InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."}},
    Row{Error::invalid_argument, {"InvalidArgument", 400, "Invalid Argument"}},
    Row{Error::invalid_bucket_name, {"InvalidBucketName", 400, "The specified bucket is not valid."}},
    Row{Error::invalid_digest, {"InvalidDigest", 400, "The Content-MD5 or checksum value that you specified is not valid."}},
    Row{Error::invalid_part, {"InvalidPart", 400, "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."}},
    Row{Error::invalid_part_order, {"InvalidPartOrder", 400, "The list of parts was not in ascending order. The parts list must be specified in order by part number."}},
    Row{Error::invalid_range, {"InvalidRange", 416, "The requested range is not satisfiable"}},
    Row{Error::invalid_uri, {"InvalidURI", 400, "Couldn't parse the specified URI."}},
    Row{Error::key_too_long, {"KeyTooLongError", 400, "Your key is too long"}},
    Row{Error::malformed_xml, {"MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema"}},
    Row{Error::metadata_too_large, {"MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size"}},
    Row{Error::method_not_allowed, {"MethodNotAllowed", 405, "The specified method is not allowed against this resource."}},
    Row{Error::no_such_bucket, {"NoSuchBucket", 404, "The specified bucket does not exist"}},
    Row{Error::no_such_bucket_policy, {"NoSuchBucketPolicy", 404, "The bucket policy does not exist"}},
    Row{Error::no_such_cors, {"NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"}},
    Row{Error::no_such_encryption, {"ServerSideEncryptionConfigurationNotFoundError", 404, "The server side encryption configuration was not found"}},
    Row{Error::no_such_key, {"NoSuchKey", 404, "The specified key does not exist."}},
    Row{Error::no_such_lifecycle, {"NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"}},
    Row{Error::no_such_object_lock, {"ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket"}},
    Row{Error::no_such_public_access_block, {"NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found"}},
    Row{Error::no_such_replication, {"ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"}},
    Row{Error::no_such_retention, {"NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration"}},
    Row{Error::no_such_tag_set, {"NoSuchTagSet", 404, "The TagSet does not exist"}},
    Row{Error::no_such_upload, {"NoSuchUpload", 404, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."}},
    Row{Error::no_such_website, {"NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"}},
    Row{Error::not_implemented, {"NotImplemented", 501, "A header or query you provided implies functionality that is not implemented"}},
    Row{Error::precondition_failed, {"PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"}},
    Row{Error::request_expired, {"AccessDenied", 403, "Request has expired"}},
    Row{Error::request_time_too_skewed, {"RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."}},
    Row{Error::service_unavailable, {"ServiceUnavailable", 503, "Service is unable to handle request."}},
    Row{Error::signature_does_not_match, {"SignatureDoesNotMatch", 403, "The request signature we calculated does not match the signature you provided. Check your key and signing method."}},
    Row{Error::signature_v2, {"InvalidRequest", 400, "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."}},
    Row{Error::slow_down, {"SlowDown", 503, "Please reduce your request rate."}},
    Row{Error::too_many_buckets, {"TooManyBuckets", 400, "You have attempted to create more buckets than allowed"}},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kErrors.size(); ++i) {
    if (static_cast<std::size_t>(kErrors[i].error) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table is looked up by the enumerator's number");

}  // namespace

const ErrorInfo& describe(Error error) { return kErrors.at(static_cast<std::size_t>(error)).info; }

std::string error_document(const ErrorInfo& info, const ErrorPlace& place, const ErrorDetails& details) {
  XmlWriter xml;
  xml.open("Error").leaf("Code", info.code).leaf("Message", info.message);
  for (const auto& [name, text] : details) xml.leaf(name, text);
  xml.leaf("Resource", place.resource).leaf("RequestId", place.request_id).leaf("HostId", place.host_id).close("Error");
  return xml.take();
}

}  // namespace chaos::s3
