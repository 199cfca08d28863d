// What a kept response answers: the whole, a part, or that nothing changed.
#include "cdn/cache_rule.hpp"
#include "wire/http_date.hpp"
#include "wire/s3_http.hpp"

namespace chaos {

namespace {

HttpResponse not_modified(const CachedResponse& cached) {
  HttpResponse response;
  response.status = 304;
  for (const char* name : {"Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified", "Vary"}) {   // RFC 9110 section 15.4.5
    if (const auto value = cached.headers.get(name)) response.headers.add(name, std::string(*value));
  }
  return response;
}

bool if_range_holds(const CachedResponse& cached, const HttpRequest& request) {
  return http::if_range_holds(request.headers.get("If-Range"), cached.headers.get("ETag").value_or(""), cached.headers.get("Last-Modified").value_or(""));
}

// The body or the range of it that a GET asks for.
void add_body(HttpResponse& response, const CachedResponse& cached, const HttpRequest& request) {
  http::ByteRange range;
  const auto size = cached.body.size();
  const auto field = request.method == "GET" && cached.status == 200 ? request.headers.get("Range") : std::nullopt;
  const auto verdict = field && if_range_holds(cached, request) ? http::parse_range(*field, size, range) : http::RangeVerdict::whole;
  if (verdict == http::RangeVerdict::whole) {
    response.body = cached.body;
  } else if (verdict == http::RangeVerdict::part) {
    response.status = 206;
    response.headers.set("Content-Range", http::content_range(range, size));
    response.body = cached.body.substr(range.first, range.size());
  } else {
    response = text_response(416, "range not satisfiable\n");
    response.headers.set("Content-Range", "bytes */" + std::to_string(size));
  }
}

}  // namespace

HttpResponse answer_from(const CachedResponse& cached, const HttpRequest& request, LabTime now) {
  HttpResponse response;
  const auto etag = cached.headers.get("ETag").value_or("");
  const auto modified = http::parse_date(cached.headers.get("Last-Modified").value_or(""));
  const auto verdict = cached.status == 200 ? http::evaluate(http::conditions_of(request.headers), etag, modified) : http::Precondition::proceed;
  if (verdict == http::Precondition::not_modified) {
    response = not_modified(cached);
  } else if (verdict == http::Precondition::failed) {
    response = text_response(412, "precondition failed\n");
  } else {
    response.status = cached.status;
    response.headers = cached.headers;
    add_body(response, cached, request);
  }
  response.headers.set("Age", std::to_string(cached.age(now).us / 1'000'000));
  return response;
}

}  // namespace chaos
