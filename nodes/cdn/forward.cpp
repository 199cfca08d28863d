#include "cdn/forward.hpp"

#include "cdn/cache_control.hpp"

namespace chaos {

namespace {

// "127.0.0.1:4242", "[::1]:4242".
std::string host_of(const std::string& remote) { return remote.substr(0, remote.rfind(':')); }

void append(Headers& headers, const char* name, const std::string& value) {
  const auto before = headers.get(name);
  headers.set(name, before ? std::string(*before) + ", " + value : value);
}

}  // namespace

void strip_hop_by_hop(Headers& headers) {
  for (const char* name : {"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
                           "Transfer-Encoding", "Upgrade"}) {
    headers.erase(name);
  }
}

HttpRequest forwarded(HttpRequest request, const std::string& via) {
  strip_hop_by_hop(request.headers);
  if (!request.remote.empty()) append(request.headers, "X-Forwarded-For", host_of(request.remote));
  append(request.headers, "Via", "1.1 " + via);
  return request;
}

HttpRequest whole_fetch(HttpRequest request, const std::string& via, const Headers* known) {
  request.method = "GET";
  request.body.clear();
  for (const char* name : {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range", "Cache-Control", "Pragma"}) {
    request.headers.erase(name);
  }
  if (known) {
    if (const auto etag = known->get("ETag")) request.headers.add("If-None-Match", std::string(*etag));
    if (const auto date = known->get("Last-Modified")) request.headers.add("If-Modified-Since", std::string(*date));
  }
  return forwarded(std::move(request), via);
}

void make_anonymous(Headers& headers) {
  std::vector<std::string> names{"Cookie", "Authorization"};
  for (const auto& [name, value] : headers) {
    if (same_word(std::string_view(name).substr(0, 6), "x-amz-")) names.push_back(name);    // the store's own words, which the CDN signs
  }
  for (const std::string& name : names) headers.erase(name);
}

std::vector<std::string> also_changed(const HttpRequest& request, const HttpResponse& response) {
  std::vector<std::string> targets;
  const std::string here = "http://" + std::string(request.headers.get("Host").value_or(""));
  for (const char* name : {"Location", "Content-Location"}) {
    auto value = response.headers.get(name).value_or("");
    if (value.starts_with(here + "/")) value.remove_prefix(here.size());
    if (value.starts_with('/') && !value.starts_with("//")) targets.emplace_back(value.substr(0, value.find('#')));
  }
  return targets;
}

bool safe_method(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE"; }

bool may_retry(ErrorCode error, std::string_view method) {
  if (error == Errc::refused) return true;
  const bool broke = error == Errc::reset || error == Errc::closed;
  return broke && (safe_method(method) || method == "PUT" || method == "DELETE");
}

}  // namespace chaos
