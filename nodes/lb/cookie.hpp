// The cookie that keeps a user on one server: HAProxy's `cookie NAME insert indirect nocache`
// (configuration manual, section 4.2, cookie).
#pragma once

#include "runtime/http.hpp"

#include <string>
#include <string_view>

namespace chaos {

/// Takes the cookie out of the request, for it is between the user and the load balancer; its value, empty when it has
/// none. Other cookies stay as they are. name: empty: nothing is done.
std::string take_cookie(HttpRequest& request, std::string_view name);

/// Tells the user the server, and shared caches to keep it to themselves.
void insert_cookie(HttpResponse& response, std::string_view name, std::string_view server);

}  // namespace chaos
