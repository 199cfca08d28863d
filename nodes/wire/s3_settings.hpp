// The sub-resources that configure buckets and objects ("?policy", "?acl"). This store keeps none of them: it answers as S3
// does for a bucket and an object where nothing was ever configured.
// Source: Amazon S3 API Reference, the GET action of each sub-resource.
#pragma once

#include "wire/s3_error.hpp"

#include <string_view>

namespace chaos::s3 {

struct Setting {
  std::string_view query;           // "acl"
  std::string_view bucket_action;   // "GetBucketAcl"; empty: buckets have none
  std::string_view object_action;
  Error of_bucket;                  // what GET answers; none: the document says what holds
  Error of_object;
};

/// nullptr when the parameter names no setting.
const Setting* find_setting(std::string_view parameter);

/// True for an AccessControlPolicy that says what holds anyway: its owner may do all, nobody else is named.
bool is_default_acl(std::string_view body);

/// The document of a setting whose answer is no error.
std::string setting_document(const Setting& setting);

}  // namespace chaos::s3
