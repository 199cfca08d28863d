#include "wire/s3_settings.hpp"

#include "wire/s3_documents.hpp"
#include "wire/s3_xml.hpp"

#include <algorithm>
#include <array>

namespace chaos::s3 {

namespace {

constexpr Error kFine = Error::none;
constexpr Error kNot = Error::not_implemented;

constexpr std::array kSettings{
    Setting{"accelerate", "GetBucketAccelerateConfiguration", "", kFine, kNot},
    Setting{"acl", "GetBucketAcl", "GetObjectAcl", kFine, kFine},
    Setting{"analytics", "GetBucketAnalyticsConfiguration", "", kNot, kNot},
    Setting{"attributes", "", "GetObjectAttributes", kNot, kNot},
    Setting{"cors", "GetBucketCors", "", Error::no_such_cors, kNot},
    Setting{"encryption", "GetBucketEncryption", "", Error::no_such_encryption, kNot},
    Setting{"intelligent-tiering", "GetBucketIntelligentTieringConfiguration", "", kNot, kNot},
    Setting{"inventory", "GetBucketInventoryConfiguration", "", kNot, kNot},
    Setting{"legal-hold", "", "GetObjectLegalHold", kNot, Error::no_such_retention},
    Setting{"lifecycle", "GetBucketLifecycleConfiguration", "", Error::no_such_lifecycle, kNot},
    Setting{"logging", "GetBucketLogging", "", kFine, kNot},
    Setting{"metrics", "GetBucketMetricsConfiguration", "", kNot, kNot},
    Setting{"notification", "GetBucketNotificationConfiguration", "", kFine, kNot},
    Setting{"object-lock", "GetObjectLockConfiguration", "", Error::no_such_object_lock, kNot},
    Setting{"ownershipControls", "GetBucketOwnershipControls", "", kFine, kNot},
    Setting{"policy", "GetBucketPolicy", "", Error::no_such_bucket_policy, kNot},
    Setting{"policyStatus", "GetBucketPolicyStatus", "", Error::no_such_bucket_policy, kNot},
    Setting{"publicAccessBlock", "GetPublicAccessBlock", "", Error::no_such_public_access_block, kNot},
    Setting{"replication", "GetBucketReplication", "", Error::no_such_replication, kNot},
    Setting{"requestPayment", "GetBucketRequestPayment", "", kFine, kNot},
    Setting{"restore", "", "RestoreObject", kNot, kNot},
    Setting{"retention", "", "GetObjectRetention", kNot, Error::no_such_retention},
    Setting{"select", "", "SelectObjectContent", kNot, kNot},
    Setting{"tagging", "GetBucketTagging", "GetObjectTagging", Error::no_such_tag_set, kFine},
    Setting{"torrent", "", "GetObjectTorrent", kNot, kNot},
    Setting{"versioning", "GetBucketVersioning", "", kFine, kNot},
    Setting{"versions", "ListObjectVersions", "", kNot, kNot},
    Setting{"website", "GetBucketWebsite", "", Error::no_such_website, kNot},
};

// The owner may do all, nobody else is named.
std::string acl_document() {
  XmlWriter xml;
  xml.open_root("AccessControlPolicy");
  write_owner(xml);
  xml.open("AccessControlList").open("Grant");
  xml.open_with("Grantee", "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"");
  xml.leaf("ID", kOwner).leaf("DisplayName", kOwner).close("Grantee");
  xml.leaf("Permission", "FULL_CONTROL").close("Grant").close("AccessControlList").close("AccessControlPolicy");
  return xml.take();
}

std::string empty_document(std::string_view root) {
  XmlWriter xml;
  xml.open_root(root).close(root);
  return xml.take();
}

}  // namespace

const Setting* find_setting(std::string_view parameter) {
  const auto found = std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& one) { return one.query == parameter; });
  return found == kSettings.end() ? nullptr : &*found;
}

bool is_default_acl(std::string_view body) {
  const auto elements = parse_xml(body, 64);
  if (!elements) return false;
  const std::string grant = "AccessControlPolicy/AccessControlList/Grant/";
  return std::all_of(elements->begin(), elements->end(), [&](const XmlElement& one) {
    if (one.path == grant + "Grantee/ID") return one.text == kOwner;
    if (one.path == grant + "Grantee/URI" || one.path == grant + "Grantee/EmailAddress") return false;
    return one.path != grant + "Permission" || one.text == "FULL_CONTROL";
  });
}

std::string setting_document(const Setting& setting) {
  XmlWriter xml;
  if (setting.query == "acl") return acl_document();
  if (setting.query == "accelerate") return empty_document("AccelerateConfiguration");
  if (setting.query == "logging") return empty_document("BucketLoggingStatus");
  if (setting.query == "notification") return empty_document("NotificationConfiguration");
  if (setting.query == "versioning") return empty_document("VersioningConfiguration");
  if (setting.query == "requestPayment") {
    xml.open_root("RequestPaymentConfiguration").leaf("Payer", "BucketOwner").close("RequestPaymentConfiguration");
  } else if (setting.query == "ownershipControls") {
    xml.open_root("OwnershipControls").open("Rule").leaf("ObjectOwnership", "BucketOwnerEnforced").close("Rule").close("OwnershipControls");
  } else {
    xml.open_root("Tagging").open("TagSet").close("TagSet").close("Tagging");
  }
  return xml.take();
}

}  // namespace chaos::s3
