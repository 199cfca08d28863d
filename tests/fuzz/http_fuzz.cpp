// HTTP's field values against any bytes: Cache-Control, ranges, dates, entity tags, percent-encoding.
#include "cdn/cache_control.hpp"
#include "cdn/cache_rule.hpp"
#include "runtime/http.hpp"
#include "wire/http_date.hpp"
#include "wire/s3_http.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace chaos;

void check(bool holds) {
  if (!holds) std::abort();
}

void fuzz_cache_control(std::string_view text) {
  CacheControl control;
  read_cache_control(text, control);
  RequestControl asked;
  read_request_control(text, asked);
  for (const auto& age : {control.max_age, control.s_maxage, control.stale_if_error, control.stale_while_revalidate, asked.max_age, asked.min_fresh, asked.max_stale}) check(!age || (*age >= 0 && *age <= std::int64_t{1} << 31));
}

void fuzz_range(std::string_view text, std::uint64_t size) {
  http::ByteRange range;
  if (http::parse_range(text, size, range) == http::RangeVerdict::part) check(range.first <= range.last && range.last < size);
}

void fuzz_date(std::string_view text) {
  const auto date = http::parse_date(text);
  if (date && *date >= 0 && *date < 253402300800) check(http::parse_date(http::format_date(*date)) == date);   // until the year 9999
}

// One input as the fields of an answer that is kept, and of the request that asks for it.
void fuzz_cache(const std::string& text) {
  HttpRequest request;
  HttpResponse response;
  response.body = text;
  for (const char* name : {"Cache-Control", "Age", "Expires", "Date", "ETag", "Last-Modified", "Vary"}) response.headers.add(name, text);
  for (const char* name : {"Range", "If-Range", "If-None-Match", "If-Modified-Since", "Cache-Control"}) request.headers.add(name, text);
  const auto decision = decide(request, response, LabDuration{1'000'000}, {LabDuration{1000}, 1'700'000'000, 1440});
  check(!decision.no_cache || !decision.shareable);
  check(decision.initial_age >= LabDuration{} && decision.lifetime >= LabDuration{});
  const CachedResponse cached{200, response.headers, response.body, {}, decision, selecting_fields(request, response)};
  check(cached.matches(request));
  judge(cached, request_control_of(request.headers), LabTime{5'000'000});
  const auto answer = answer_from(cached, request, LabTime{5'000'000});
  check(answer.body.size() <= response.body.size() + 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz_cache_control(text);
  fuzz_range(text, size);
  fuzz_date(text);
  fuzz_cache(text);
  const auto mark = text.find('=');
  http::etag_in(text, text.substr(0, mark));
  if (const auto plain = percent_decode(text)) check(plain->size() <= size);
  query_value(text, text.substr(0, mark));
  return 0;
}
