// How a request goes on to an origin and an answer comes back (RFC 9110 section 7.6). Pure.
#pragma once

#include "runtime/error.hpp"
#include "runtime/http.hpp"

namespace chaos {

/// Method, target, body and end-to-end fields, with X-Forwarded-For and Via. via: this node's name.
HttpRequest forwarded(HttpRequest request, const std::string& via);

/// A GET of the whole, for the cache: no preconditions and ranges of this user, but those that confirm the copy in hand by its
/// ETag and Last-Modified (known; nullptr: there is none).
HttpRequest whole_fetch(HttpRequest request, const std::string& via, const Headers* known);

/// Drops what is one user's own, of a request for something that is for everybody: cookies and credentials.
void make_anonymous(Headers& headers);

/// Drops the fields of an answer that are the connection's own.
void strip_hop_by_hop(Headers& headers);

/// True when another attempt can do no harm: nothing was sent, or the method is idempotent (RFC 9110 section 9.2.2).
bool may_retry(ErrorCode error, std::string_view method);

/// The targets that the answer to an unsafe request makes untrue besides its own: those of Location and Content-Location on the
/// same host (RFC 9111 section 4.4).
std::vector<std::string> also_changed(const HttpRequest& request, const HttpResponse& response);

/// GET, HEAD, OPTIONS, TRACE (RFC 9110 section 9.2.1).
bool safe_method(std::string_view method);

}  // namespace chaos
