#include "cdn/cache_rule.hpp"

#include "cdn/cache_control.hpp"
#include "wire/s3_http.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace chaos {

namespace {

LabDuration lab_seconds(std::int64_t s) { return {s * 1'000'000}; }

// Statuses that an origin may let a cache keep by naming a lifetime (RFC 9110 section 15.1, without 206).
bool keepable(unsigned status) {
  constexpr std::array<unsigned, 8> kKeepable{200, 203, 204, 300, 301, 308, 404, 410};
  return std::find(kKeepable.begin(), kKeepable.end(), status) != kKeepable.end();
}

// RFC 9111 section 5.3: Expires minus Date; unreadable means already expired.
std::optional<LabDuration> from_expires(const Headers& headers) {
  const auto expires = headers.get("Expires");
  if (!expires) return std::nullopt;
  const auto until = http::parse_date(*expires);
  const auto date = http::parse_date(headers.get("Date").value_or(""));
  if (!until || !date) return LabDuration{};
  return lab_seconds(std::clamp(*until - *date, std::int64_t{0}, std::int64_t{1} << 31));
}

// RFC 9111 section 4.2.1, in its order.
std::optional<LabDuration> lifetime_of(const HttpResponse& response, const CacheControl& control) {
  if (control.s_maxage) return lab_seconds(*control.s_maxage);
  if (control.max_age) return lab_seconds(*control.max_age);
  return from_expires(response.headers);
}

LabDuration age_of(const Headers& headers) {
  const auto field = headers.get("Age").value_or("");
  std::uint32_t s = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), s);
  return error == std::errc{} ? lab_seconds(s) : LabDuration{};
}

bool shareable(const HttpRequest& request, const HttpResponse& response, const CacheControl& control) {
  if (request.method != "GET" || control.no_store || control.is_private || control.no_cache) return false;
  if (response.headers.has("Set-Cookie") || response.headers.has("Vary")) return false;   // one variant a key
  const bool for_all = control.is_public || control.s_maxage || control.must_revalidate;  // RFC 9111 section 3.5
  return for_all || !request.headers.has("Authorization");
}

LabDuration stale_allowed(const CacheControl& control) {
  if (control.must_revalidate || control.s_maxage) return {};      // RFC 9111 section 4.2.4
  return control.stale_if_error ? lab_seconds(*control.stale_if_error) : kStaleIfError;
}

HttpResponse not_modified(const CachedResponse& cached) {
  HttpResponse response;
  response.status = 304;
  for (const char* name : {"Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified"}) {   // RFC 9110 section 15.4.5
    if (const auto value = cached.headers.get(name)) response.headers.add(name, std::string(*value));
  }
  return response;
}

// The body or the range of it that a GET asks for.
void add_body(HttpResponse& response, const CachedResponse& cached, const HttpRequest& request) {
  http::ByteRange range;
  const auto size = cached.body.size();
  const auto field = request.method == "GET" && cached.status == 200 ? request.headers.get("Range") : std::nullopt;
  const auto verdict = field && !request.headers.has("If-Range") ? http::parse_range(*field, size, range) : http::RangeVerdict::whole;
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

CacheDecision decide(const HttpRequest& request, const HttpResponse& response, std::optional<LabDuration> default_ttl) {
  const CacheControl control = cache_control_of(response.headers);
  CacheDecision decision;
  decision.shareable = shareable(request, response, control);
  if (!decision.shareable || !keepable(response.status)) return decision;
  const auto named = lifetime_of(response, control);
  decision.lifetime = named.value_or(response.status == 200 ? default_ttl.value_or(LabDuration{}) : LabDuration{});
  decision.initial_age = age_of(response.headers);
  decision.keep = decision.lifetime > decision.initial_age;
  decision.stale_if_error = stale_allowed(control);
  return decision;
}

LabDuration CachedResponse::age(LabTime now) const {
  return decision.initial_age + std::max(now - stored, LabDuration{});    // a new run may set the lab clock back
}

HttpResponse confirmed(const CachedResponse& old, const HttpResponse& not_modified) {
  HttpResponse response;
  response.status = old.status;
  response.headers = old.headers;
  response.headers.erase("Age");
  for (const auto& [name, value] : not_modified.headers) response.headers.set(name, value);
  response.body = old.body;
  return response;
}

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
