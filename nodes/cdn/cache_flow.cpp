#include "cdn/cache_flow.hpp"

#include "cdn/forward.hpp"
#include "runtime/ports.hpp"

namespace chaos {

namespace {

std::uint64_t capacity_bytes(const v1::CdnConfig& config) { return static_cast<std::uint64_t>(config.capacity_mb() * 1024 * 1024); }

HttpResponse origin_failed(std::string_view role, ErrorCode error) {
  return text_response(http_status(error), "origin " + std::string(role) + ": " + std::string(error_word(error)) + "\n");
}

// Without Age: the origin has just made or confirmed it (RFC 9111 section 5.1), unless another cache stands between.
HttpResponse first_hand(const CachedResponse& response, const HttpRequest& request, LabTime now) {
  HttpResponse answer = answer_from(response, request, now);
  if (response.decision.initial_age == LabDuration{}) answer.headers.erase("Age");
  return answer;
}

bool failed(const Landing& landing) { return landing.error || landing.response->status >= 500; }

}  // namespace

CacheFlow::CacheFlow(NodeContext& ctx, CdnMetrics& metrics)
    : ctx_(ctx), metrics_(metrics), store_(capacity_bytes(config())),
      object_store_(ctx, "object_store", ports::kObjectStore, metrics.origin("object_store")),
      lb_(ctx, "lb", ports::kHttp, metrics.origin("lb")) {}

void CacheFlow::reconfigure() {
  object_store_.reconfigure();
  lb_.reconfigure();
  store_.set_capacity(capacity_bytes(config()));
  publish();
}

RealTime CacheFlow::deadline() const { return RealClock::now() + real_ms(config().origin_timeout_ms()); }

awaitable<CacheFlow::Served> CacheFlow::serve_static(HttpRequest request) {
  const std::string key = request.target;
  const CachedPtr known = store_.find(key);
  if (known && known->fresh(now())) co_return Served{answer_from(*known, request, now()), CacheResult::hit};
  auto ticket = flights_.board(key);
  Landing landing;
  if (ticket.leads) {
    landing = co_await lead(request, known, ticket.flight);
  } else {
    metrics_.coalesced.Increment();
    co_await ticket.flight->waiters.wait(deadline());
    landing = ticket.flight->landed ? ticket.flight->landing : Landing{Errc::timeout, nullptr};
    const bool for_others_only = landing.response && !landing.response->decision.shareable;
    if (for_others_only) landing = co_await fetch_static(request, known);
  }
  co_return settle(landing, known, request);
}

awaitable<Landing> CacheFlow::lead(HttpRequest request, CachedPtr known, std::shared_ptr<Flight> flight) {
  Leader leader(flights_, request.target, flight);
  const std::uint64_t purges = purges_;
  const std::string key = request.target;
  Landing landing = co_await fetch_static(std::move(request), std::move(known));
  if (!failed(landing)) keep(key, landing.response, purges);
  leader.land(landing);
  co_return landing;
}

awaitable<Landing> CacheFlow::fetch_static(HttpRequest request, CachedPtr known) {
  const std::string etag(known ? known->headers.get("ETag").value_or("") : "");
  HttpRequest fetch = static_fetch(std::move(request), ctx_.name, etag);
  auto got = co_await object_store_.fetch(fetch, deadline());
  if (!got) co_return Landing{got.error(), nullptr};
  if (got->status == 304 && known) *got = confirmed(*known, *got);
  got->headers.erase("x-amz-request-id");      // one answer's, not every copy's
  co_return Landing{{}, receive(fetch, std::move(*got), LabDuration::from_seconds(config().ttl_lab_s()))};
}

CacheFlow::Served CacheFlow::settle(const Landing& landing, const CachedPtr& known, const HttpRequest& request) const {
  if (failed(landing) && known && known->usable_on_error(now())) return {answer_from(*known, request, now()), CacheResult::stale};
  if (landing.error) return {origin_failed(object_store_.role(), landing.error), CacheResult::miss};
  return {first_hand(*landing.response, request, now()), CacheResult::miss};
}

awaitable<CacheFlow::Served> CacheFlow::pass(HttpRequest request) {
  const std::string key = request.target;
  const bool readable = request.method == "GET" || request.method == "HEAD";
  const CachedPtr known = readable ? store_.find(key) : nullptr;
  if (known && known->fresh(now())) co_return Served{answer_from(*known, request, now()), CacheResult::hit};
  const std::uint64_t purges = purges_;
  HttpRequest onward = forwarded(request, ctx_.name);
  auto got = co_await lb_.fetch(std::move(onward), deadline());
  if ((!got || got->status >= 500) && known && known->usable_on_error(now())) {
    co_return Served{answer_from(*known, request, now()), CacheResult::stale};
  }
  if (!got) co_return Served{origin_failed(lb_.role(), got.error()), CacheResult::pass};
  strip_hop_by_hop(got->headers);
  got->head = request.method == "HEAD";
  if (!safe_method(request.method) && got->status < 400 && store_.erase(key)) publish();    // RFC 9111 section 4.4
  if (!decide(request, *got, std::nullopt).keep) co_return Served{std::move(*got), CacheResult::pass};
  const CachedPtr fresh = receive(request, std::move(*got), std::nullopt);
  keep(key, fresh, purges);
  co_return Served{first_hand(*fresh, request, now()), CacheResult::miss};
}

HttpResponse CacheFlow::purge(std::string_view target) {
  ++purges_;
  std::size_t count = 0;
  if (target.ends_with('*')) {
    target.remove_suffix(1);
    count = store_.erase_prefix(target);
    flights_.forget_prefix(target);
  } else {
    count = store_.erase(target) ? 1 : 0;
    flights_.forget(target);
  }
  metrics_.purged.Increment(static_cast<double>(count));
  publish();
  return count ? text_response(200, "purged " + std::to_string(count) + "\n") : text_response(404, "not in the cache\n");
}

CachedPtr CacheFlow::receive(const HttpRequest& request, HttpResponse response, std::optional<LabDuration> ttl) const {
  const CacheDecision decision = decide(request, response, ttl);
  strip_hop_by_hop(response.headers);
  response.headers.erase("Age");
  return std::make_shared<const CachedResponse>(
      CachedResponse{response.status, std::move(response.headers), std::move(response.body), now(), decision});
}

void CacheFlow::keep(const std::string& key, CachedPtr response, std::uint64_t purges) {
  if (purges != purges_) return;
  if (response->decision.keep) store_.put(key, std::move(response));
  else store_.erase(key);     // what was there is no longer true
  publish();
}

void CacheFlow::publish() {
  metrics_.bytes.Set(static_cast<double>(store_.bytes()));
  metrics_.objects.Set(static_cast<double>(store_.objects()));
  metrics_.evicted.Increment(static_cast<double>(store_.evictions() - evictions_));
  evictions_ = store_.evictions();
}

}  // namespace chaos
