// Signs what goes to the object store, where the node's config names a key.
#pragma once

#include "runtime/http.hpp"
#include "wire/s3_signature.hpp"

namespace chaos {

/// Adds the fields of Signature Version 4 at the present time, and host as Host when there is none. Does nothing without an
/// access key. Nothing that is signed may change afterwards: method, target, Host, body.
void sign_for_store(HttpRequest& request, const std::string& host, const s3::Credentials& keys);

}  // namespace chaos
