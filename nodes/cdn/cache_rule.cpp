#include "cdn/cache_rule.hpp"

#include "wire/http_date.hpp"
#include "wire/s3_http.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace chaos {

namespace {

constexpr std::int64_t kMaxSeconds = std::int64_t{1} << 31;
constexpr std::int64_t kDateRounding = 1;     // seconds: a Date has no fractions

LabDuration lab_seconds(std::int64_t s) { return {s * 1'000'000}; }

// Final statuses that this cache understands, without 206 and 304. Those of failures too: an origin may name them a lifetime.
bool understood(unsigned status) {
  constexpr std::array<unsigned, 19> kUnderstood{200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 451, 500, 501, 502, 503, 504};
  return std::find(kUnderstood.begin(), kUnderstood.end(), status) != kUnderstood.end();
}

// RFC 9111 section 5.3: Expires minus Date; unreadable means already expired.
std::optional<LabDuration> from_expires(const Headers& headers) {
  const auto expires = headers.get("Expires");
  if (!expires) return std::nullopt;
  const auto until = http::parse_date(*expires);
  const auto date = http::parse_date(headers.get("Date").value_or(""));
  if (!until || !date) return LabDuration{};
  return lab_seconds(std::clamp(*until - *date, std::int64_t{0}, kMaxSeconds));
}

// RFC 9111 section 4.2.1, in its order.
std::optional<LabDuration> lifetime_of(const HttpResponse& response, const CacheControl& control) {
  if (control.s_maxage) return lab_seconds(*control.s_maxage);
  if (control.max_age) return lab_seconds(*control.max_age);
  return from_expires(response.headers);
}

LabDuration age_field(const Headers& headers) {
  const auto field = headers.get("Age").value_or("");
  std::uint32_t s = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), s);
  return error == std::errc{} ? lab_seconds(std::min<std::int64_t>(s, kMaxSeconds)) : LabDuration{};
}

// RFC 9111 section 4.2.3. Date is real time; what it says of the age becomes lab time.
LabDuration age_on_arrival(const Headers& headers, const Arrival& arrival) {
  const LabDuration corrected = age_field(headers) + arrival.delay;
  const auto date = arrival.wall_s ? http::parse_date(headers.get("Date").value_or("")) : std::nullopt;
  if (!date || arrival.wall_s - *date <= kDateRounding) return corrected;
  const double apparent = static_cast<double>(std::min(arrival.wall_s - *date, kMaxSeconds)) * std::min(arrival.speed, 1e4);
  return std::max(corrected, LabDuration::from_seconds(apparent));
}

bool varies_by_everything(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (same_word(name, "Vary") && value.find('*') != std::string::npos) return true;
  }
  return false;
}

bool storable(const HttpRequest& request, const HttpResponse& response, const CacheControl& control) {
  if (request.method != "GET" || control.no_store || control.is_private || request_control_of(request.headers).no_store) return false;
  if (response.headers.has("Set-Cookie") || varies_by_everything(response.headers)) return false;
  const bool for_all = control.is_public || control.s_maxage || control.must_revalidate;  // RFC 9111 section 3.5
  return for_all || !request.headers.has("Authorization");
}

LabDuration stale_on_error(const CacheControl& control) {
  return control.stale_if_error ? lab_seconds(*control.stale_if_error) : kStaleIfError;
}

std::string joined_values(const Headers& headers, std::string_view name) {
  std::string out;
  for (const auto& [field, value] : headers) {
    if (same_word(field, name)) out.append(out.empty() ? "" : ", ").append(value);
  }
  return out;
}

}  // namespace

CacheDecision decide(const HttpRequest& request, const HttpResponse& response, std::optional<LabDuration> default_ttl, const Arrival& arrival) {
  const CacheControl control = cache_control_of(response.headers);
  CacheDecision decision;
  if (!storable(request, response, control)) return decision;
  decision.shareable = !control.no_cache;
  if (!understood(response.status)) return decision;
  const auto named = lifetime_of(response, control);
  const auto heuristic = response.status == 200 ? default_ttl.value_or(LabDuration{}) : LabDuration{};
  decision.no_cache = control.no_cache;
  decision.never_stale = control.must_revalidate || control.s_maxage || control.no_cache;
  decision.aged = response.headers.has("Age");
  decision.lifetime = control.no_cache ? LabDuration{} : named.value_or(heuristic);
  decision.initial_age = age_on_arrival(response.headers, arrival);
  const bool fresh = decision.lifetime > decision.initial_age;
  const bool told = named || control.no_cache || heuristic > LabDuration{};
  const bool confirmable = response.status == 200 && told && (response.headers.has("ETag") || response.headers.has("Last-Modified"));
  decision.keep = fresh || confirmable;
  if (decision.never_stale) return decision;
  decision.stale_if_error = stale_on_error(control);
  decision.stale_while_revalidate = lab_seconds(control.stale_while_revalidate.value_or(0));
  return decision;
}

Selecting selecting_fields(const HttpRequest& request, const HttpResponse& response) {
  Selecting out;
  const std::string vary = joined_values(response.headers, "Vary");
  std::string_view rest = vary;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    auto name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    if (!name.empty()) out.emplace_back(name, joined_values(request.headers, name));
  }
  return out;
}

LabDuration CachedResponse::age(LabTime now) const {
  return decision.initial_age + std::max(now - stored, LabDuration{});    // a new run may set the lab clock back
}

bool CachedResponse::matches(const HttpRequest& request) const {
  return std::all_of(selecting.begin(), selecting.end(), [&](const auto& field) { return joined_values(request.headers, field.first) == field.second; });
}

Use judge(const CachedResponse& cached, const RequestControl& control, LabTime now) {
  const CacheDecision& decision = cached.decision;
  const LabDuration age = cached.age(now);
  if (decision.no_cache || control.no_cache) return Use::confirm;
  if (control.max_age && age > lab_seconds(*control.max_age)) return Use::confirm;
  if (age + lab_seconds(control.min_fresh.value_or(0)) < decision.lifetime) return Use::fresh;
  if (control.min_fresh || decision.never_stale) return Use::confirm;
  if (control.max_stale && age <= decision.lifetime + lab_seconds(*control.max_stale)) return Use::stale;
  return age < decision.lifetime + decision.stale_while_revalidate ? Use::meanwhile : Use::confirm;
}

HttpResponse confirmed(const CachedResponse& old, const HttpResponse& not_modified) {
  HttpResponse response;
  response.status = old.status;
  response.headers = old.headers;
  response.headers.erase("Age");
  response.headers.erase("Date");      // it tells of this answer, or of nobody's
  for (const auto& [name, value] : not_modified.headers) {
    if (!same_word(name, "Content-Encoding") && !same_word(name, "Content-Range")) response.headers.set(name, value);   // they tell of the body
  }
  response.body = old.body;
  return response;
}

}  // namespace chaos
