#include "cdn/cache_flow.hpp"

#include "cdn/forward.hpp"
#include "runtime/ports.hpp"
#include "upstream/s3_sign.hpp"
#include "wire/http_date.hpp"
#include "wire/s3_http.hpp"

namespace chaos {

namespace {

std::uint64_t bytes_of(double mb) { return static_cast<std::uint64_t>(mb * 1024 * 1024); }

HttpResponse origin_failed(std::string_view role, unsigned status, ErrorCode error) {
  return text_response(status, "origin " + std::string(role) + ": " + std::string(error_word(error)) + "\n");
}

// Without Age: the origin has just made it (RFC 9111 section 5.1), unless another cache stands between.
HttpResponse first_hand(const CachedResponse& response, const HttpRequest& request, LabTime now) {
  HttpResponse answer = answer_from(response, request, now);
  if (!response.decision.aged) answer.headers.erase("Age");
  return answer;
}

bool failed(const Landing& landing) { return landing.error || landing.response->status >= 500; }

bool is_readable(const HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

CacheFlow::CacheFlow(NodeContext& ctx, CdnMetrics& metrics)
    : ctx_(ctx), metrics_(metrics), store_(bytes_of(config().capacity_mb())),
      object_store_(ctx, "object_store", ports::kObjectStore, metrics.origin("object_store")),
      lb_(ctx, "lb", ports::kHttp, metrics.origin("lb")) {}

void CacheFlow::reconfigure() {
  object_store_.reconfigure();
  lb_.reconfigure();
  store_.set_capacity(bytes_of(config().capacity_mb()));
  publish();
}

RealTime CacheFlow::deadline() const { return RealClock::now() + real_ms(config().origin_timeout_ms()); }

std::optional<LabDuration> CacheFlow::ttl(const Source& source) const {
  return source.is_static ? std::optional(LabDuration::from_seconds(config().ttl_lab_s())) : std::nullopt;
}

awaitable<CacheFlow::Served> CacheFlow::serve_static(HttpRequest request) {
  make_anonymous(request.headers);
  const RequestControl control = request_control_of(request.headers);
  const CachedPtr known = store_.find(request.target, request);
  const Source source{&object_store_, true};
  if (auto served = from_cache(request, control, known, source)) co_return std::move(*served);
  co_return co_await refreshed(std::move(request), control, known, source);
}

awaitable<CacheFlow::Served> CacheFlow::pass(HttpRequest request) {
  if (!is_readable(request)) co_return co_await pass_on(std::move(request));
  const RequestControl control = request_control_of(request.headers);
  const CachedPtr known = store_.find(request.target, request);
  const Source source{&lb_, false};
  if (auto served = from_cache(request, control, known, source)) co_return std::move(*served);
  if (known) co_return co_await refreshed(std::move(request), control, known, source);
  co_return co_await pass_on(std::move(request));
}

std::optional<CacheFlow::Served> CacheFlow::from_cache(const HttpRequest& request, const RequestControl& control, const CachedPtr& known, Source source) {
  const Use use = known ? judge(*known, control, now()) : Use::confirm;
  if (use == Use::fresh) return Served{answer_from(*known, request, now()), CacheResult::hit};
  if (use == Use::meanwhile && !flights_.under_way(request.target)) {
    auto ticket = flights_.board(request.target);
    ctx_.tasks.spawn("cdn.confirm", confirm_meanwhile(request, known, ticket.flight, source));
  }
  if (use != Use::confirm) return Served{answer_from(*known, request, now()), CacheResult::stale};
  if (control.only_if_cached) return Served{text_response(504, "not in the cache\n"), CacheResult::refused};   // RFC 9111 section 5.2.1.7
  return std::nullopt;
}

awaitable<CacheFlow::Served> CacheFlow::refreshed(HttpRequest request, RequestControl control, CachedPtr known, Source source) {
  Landing landing;
  if (control.no_cache || control.no_store) {      // wants the origin's word, not what another one waits for
    const Fetches::Ticket ticket(fetches_, request.target);
    landing = co_await fetch_whole(request, known, source);
    if (!failed(landing) && !control.no_store) keep(ticket, landing.response);
  } else {
    landing = co_await joined(request, known, source);
  }
  co_return settle(landing, known, request, source);
}

awaitable<Landing> CacheFlow::joined(HttpRequest request, CachedPtr known, Source source) {
  auto ticket = flights_.board(request.target);
  if (ticket.leads) co_return co_await lead(std::move(request), std::move(known), ticket.flight, source);
  metrics_.coalesced.Increment();
  co_await ticket.flight->waiters.wait(deadline());
  if (!ticket.flight->landed) co_return Landing{Errc::timeout, nullptr, false};
  Landing landing = ticket.flight->landing;
  const bool for_another = landing.response && (!landing.response->decision.shareable || !landing.response->matches(request));
  if (for_another) landing = co_await fetch_whole(std::move(request), std::move(known), source);
  co_return landing;
}

awaitable<Landing> CacheFlow::lead(HttpRequest request, CachedPtr known, std::shared_ptr<Flight> flight, Source source) {
  Leader leader(flights_, request.target, flight);
  const Fetches::Ticket ticket(fetches_, request.target);
  const bool bridged = known && known->usable_on_error(now());
  Landing landing = co_await fetch_whole(std::move(request), std::move(known), source);
  const bool told_to_keep = landing.response && landing.response->decision.keep && !bridged;
  if (!failed(landing) || told_to_keep) keep(ticket, landing.response);
  leader.land(landing);
  co_return landing;
}

awaitable<void> CacheFlow::confirm_meanwhile(HttpRequest request, CachedPtr known, std::shared_ptr<Flight> flight, Source source) {
  co_await lead(std::move(request), std::move(known), std::move(flight), source);
}

awaitable<Landing> CacheFlow::fetch_whole(HttpRequest request, CachedPtr known, Source source) {
  HttpRequest fetch = whole_fetch(std::move(request), ctx_.name, known ? &known->headers : nullptr);
  const LabTime asked = now();
  auto got = co_await ask(fetch, source);
  if (!got) co_return Landing{got.error(), nullptr, false};
  const bool confirms = got->status == 304 && known;
  if (confirms) *got = confirmed(*known, *got);
  co_return Landing{{}, receive(fetch, std::move(*got), ttl(source), asked), confirms};
}

// The store's ids are of one answer, not of every copy.
awaitable<Result<HttpResponse>> CacheFlow::ask(HttpRequest request, Source source) {
  if (source.is_static) sign_for_store(request, ctx_.name, {config().access_key(), config().secret_key()});
  auto got = co_await source.origin->fetch(std::move(request), deadline());
  if (got && source.is_static) {
    got->headers.erase("x-amz-request-id");
    got->headers.erase("x-amz-id-2");
  }
  co_return got;
}

CacheFlow::Served CacheFlow::settle(const Landing& landing, const CachedPtr& known, const HttpRequest& request, const Source& source) const {
  if (failed(landing) && known && known->usable_on_error(now())) return {answer_from(*known, request, now()), CacheResult::stale};
  if (landing.error) {
    const bool gateway_timeout = known && known->decision.never_stale;       // RFC 9111 section 5.2.2.2
    return {origin_failed(source.origin->role(), gateway_timeout ? 504 : http_status(landing.error), landing.error), CacheResult::miss};
  }
  if (landing.confirmed) return {answer_from(*landing.response, request, now()), CacheResult::revalidated};
  return {first_hand(*landing.response, request, now()), CacheResult::miss};
}

awaitable<CacheFlow::Served> CacheFlow::pass_on(HttpRequest request) {
  const Fetches::Ticket ticket(fetches_, request.target);
  const LabTime asked = now();
  HttpRequest onward = forwarded(request, ctx_.name);
  auto got = co_await lb_.fetch(std::move(onward), deadline());
  if (!got) co_return Served{origin_failed(lb_.role(), http_status(got.error()), got.error()), CacheResult::pass};
  strip_hop_by_hop(got->headers);
  got->head = request.method == "HEAD";
  if (!safe_method(request.method) && got->status < 400) {    // RFC 9111 section 4.4
    changed(request.target);
    for (const auto& target : also_changed(request, *got)) changed(target);
    publish();
  }
  if (!decide(request, *got, std::nullopt).keep) co_return Served{std::move(*got), CacheResult::pass};
  const CachedPtr fresh = receive(request, std::move(*got), std::nullopt, asked);
  keep(ticket, fresh);
  co_return Served{first_hand(*fresh, request, now()), CacheResult::miss};
}

HttpResponse CacheFlow::purge(std::string_view target) {
  std::size_t count = 0;
  if (target.ends_with('*')) {
    target.remove_suffix(1);
    count = store_.erase_prefix(target);
    flights_.forget_prefix(target);
    fetches_.outdate_prefix(target);
  } else {
    count = store_.erase(target);
    flights_.forget(target);
    fetches_.outdate(target);
  }
  metrics_.purged.Increment(static_cast<double>(count));
  publish();
  return count ? text_response(200, "purged " + std::to_string(count) + "\n") : text_response(404, "not in the cache\n");
}

CachedPtr CacheFlow::receive(const HttpRequest& request, HttpResponse response, std::optional<LabDuration> ttl, LabTime asked) const {
  if (!response.headers.has("Date")) response.headers.add("Date", http::format_date(wall_s()));     // RFC 9110 section 6.6.1
  const Arrival arrival{std::max(now() - asked, LabDuration{}), wall_s(), ctx_.clock.speed()};
  CacheDecision decision = decide(request, response, ttl, arrival);
  decision.keep = decision.keep && response.body.size() <= bytes_of(config().max_object_mb());
  Selecting selecting = selecting_fields(request, response);
  strip_hop_by_hop(response.headers);
  response.headers.erase("Age");
  return std::make_shared<const CachedResponse>(
      CachedResponse{response.status, std::move(response.headers), std::move(response.body), now(), decision, std::move(selecting)});
}

void CacheFlow::changed(const std::string& target) {
  store_.erase(target);
  flights_.forget(target);
  fetches_.outdate(target);      // its answer may be from before
}

void CacheFlow::keep(const Fetches::Ticket& fetch, CachedPtr response) {
  if (fetch.outdated()) return;
  if (response->decision.keep) store_.put(fetch.target(), std::move(response));
  else store_.erase(fetch.target());     // what was there is no longer true
  publish();
}

void CacheFlow::publish() {
  metrics_.bytes.Set(static_cast<double>(store_.bytes()));
  metrics_.objects.Set(static_cast<double>(store_.objects()));
  metrics_.evicted.Increment(static_cast<double>(store_.evictions() - evictions_));
  evictions_ = store_.evictions();
}

}  // namespace chaos
