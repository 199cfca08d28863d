// How a request goes on to an origin and an answer comes back (RFC 9110 section 7.6). Pure.
#pragma once

#include "runtime/error.hpp"
#include "runtime/http.hpp"

namespace chaos {

/// Method, target, body and end-to-end fields, with X-Forwarded-For and Via. via: this node's name.
HttpRequest forwarded(HttpRequest request, const std::string& via);

/// A fetch of the whole static object, for everybody: no preconditions, ranges, cookies or credentials of this user.
/// known_etag: of the copy in hand, to be confirmed; empty: none.
HttpRequest static_fetch(HttpRequest request, const std::string& via, std::string_view known_etag);

/// Drops the fields of an answer that are the connection's own.
void strip_hop_by_hop(Headers& headers);

/// True when another attempt can do no harm: nothing was sent, or the method is idempotent (RFC 9110 section 9.2.2).
bool may_retry(ErrorCode error, std::string_view method);

/// GET, HEAD, OPTIONS, TRACE (RFC 9110 section 9.2.1).
bool safe_method(std::string_view method);

}  // namespace chaos
