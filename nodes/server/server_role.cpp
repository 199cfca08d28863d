#include "server/server_role.hpp"

#include "runtime/ports.hpp"
#include "server/answers.hpp"

namespace chaos {
namespace {

constexpr std::string_view kItemSql = "SELECT id, name, price_cents, stock, description FROM items WHERE id = $1";
constexpr std::string_view kOrderSql = "SELECT id, item_id, quantity, state FROM orders WHERE id = $1";
constexpr std::string_view kPlaceSql = "INSERT INTO orders(item_id, quantity, state) VALUES ($1, $2, 'placed') RETURNING id";

HttpLimits http_limits() {
  HttpLimits limits;
  limits.max_body = 16 * 1024;
  limits.probes = true;
  return limits;
}

HttpResponse refused(const Route& route) {
  auto response = text_response(route.status, std::string(route.reason));
  if (!route.allow.empty()) response.headers.add("Allow", std::string(route.allow));
  return response;
}

}  // namespace

ServerRole::ServerRole(NodeContext& ctx)
    : ctx_(ctx),
      metrics_(ctx.registry),
      upstreams_(ctx, metrics_),
      station_({}, ctx.rng.child("server"), ctx.slowdown),
      http_(ctx, "http", http_limits(), [this](HttpRequest request) { return handle(std::move(request)); }),
      agent_(ctx, station_) {
  reconfigure();
}

awaitable<Result<void>> ServerRole::start() {
  auto listening = http_.listen(ctx_.address, ports::kHttp);
  if (listening) listening = agent_.follow();
  serving_ = listening.has_value();
  co_return listening;
}

void ServerRole::reconfigure() {
  station_.set(station_settings(ctx_.desired().config().server().station()));
  upstreams_.reconfigure();
  if (serving_) agent_.follow();    // a port that is taken is told in the log
}

// The agent says so to the last.
awaitable<void> ServerRole::drain() {
  co_await http_.drain(RealTime::max());
  agent_.close_all();
}

void ServerRole::before_scrape() {
  upstreams_.measure();
  metrics_.busy.Set(station_.busy());
  metrics_.waiting.Set(station_.waiting());
}

awaitable<HttpResponse> ServerRole::handle(HttpRequest request) {
  const Route asked = route(request.method, request.path());
  if (asked.ask == Ask::none) co_return refused(asked);
  if (asked.ask == Ask::health || asked.ask == Ask::readiness) co_return probe(asked.ask);
  auto scope = ctx_.stats.begin(ask_name(asked.ask));
  const std::string traceparent(request.headers.get("traceparent").value_or(""));
  auto response = co_await serve(asked, std::move(request));
  scope.finish(response.status < 500);
  if (response.status >= 500) note_failure(asked, response, traceparent);
  co_return response;
}

/// Healthy: the data thread answers. Ready: new work is welcome and there is a store to read from.
HttpResponse ServerRole::probe(Ask ask) const {
  if (ask == Ask::health) {
    return health_json({ctx_.name, station_.busy(), station_.settings().limits.slots, station_.waiting(), ctx_.slowdown()});
  }
  if (ctx_.draining()) return text_response(503, "draining\n");
  if (!upstreams_.able()) return text_response(503, "no store is known\n");
  return text_response(200, "ready\n");
}

awaitable<HttpResponse> ServerRole::serve(Route route, HttpRequest request) {
  const auto slot = co_await station_.enter(ctx_.clock.now() + upstreams_.timeout());
  if (!slot) {
    metrics_.overload.Increment();
    const bool full = slot.error() == Errc::overloaded;
    co_return text_response(503, full ? "overloaded: too many requests wait\n" : "overloaded: no slot came free in time\n");
  }
  co_await station_.work();
  switch (route.ask) {
    case Ask::item: co_return co_await item(route.id);
    case Ask::place_order: co_return co_await place_order(std::move(request));
    default: co_return co_await order(route.id);
  }
}

awaitable<std::optional<std::string>> ServerRole::cached_item(const std::string& key, bool& redis_answers) {
  auto found = co_await upstreams_.cached(key);
  redis_answers = found.has_value();
  (!found ? metrics_.cache_errors : *found ? metrics_.hits : metrics_.misses).Increment();
  if (!found) co_return std::nullopt;
  co_return std::move(*found);
}

/// Cache-aside. A Redis that fails costs time, never the answer; it is not asked to keep what it could not give.
awaitable<HttpResponse> ServerRole::item(std::int64_t id) {
  const std::string key = "item:" + std::to_string(id);
  bool redis_answers = false;
  auto cached = co_await cached_item(key, redis_answers);
  if (cached) co_return shop_json(200, std::move(*cached), "cache");

  UpstreamFailure failure;
  auto read = co_await upstreams_.read(std::string(kItemSql), std::to_string(id), failure);
  if (!read) co_return failed_upstream(failure.upstream, failure.error);
  auto body = row_json(read->rows);
  if (body.empty()) co_return text_response(404, "no such item\n");
  const auto ttl = static_cast<std::int64_t>(ctx_.desired().config().server().item_ttl_lab_s());
  if (redis_answers) co_await upstreams_.cache(key, body, std::max<std::int64_t>(1, ttl));
  co_return shop_json(200, std::move(body), std::move(read->source));
}

/// 201 only when the order is committed and its receipt job confirmed. After a 5xx the order may stand in the database
/// all the same: the user was not told its number and asks again.
awaitable<HttpResponse> ServerRole::place_order(HttpRequest request) {
  std::string why;
  const auto body = parse_order(request.headers.get("content-type").value_or(""), request.body, why);
  if (!body) co_return text_response(400, std::move(why));
  std::vector<std::optional<std::string>> params{std::to_string(body->item), std::to_string(body->quantity)};
  auto rows = co_await upstreams_.write(std::string(kPlaceSql), std::move(params));
  if (!rows) co_return failed_upstream("postgres", rows.error());
  const auto id = returned_id(*rows);
  if (!id) co_return failed_upstream("postgres", Errc::protocol);
  auto published = co_await upstreams_.publish(std::string(kReceipts), "{\"order\":" + std::to_string(*id) + "}");
  if (!published) {
    auto response = failed_upstream("queue", published.error());
    response.status = 503;
    co_return response;
  }
  auto response = shop_json(201, "{\"id\":" + std::to_string(*id) + "}", ctx_.name);
  response.headers.add("Location", "/orders/" + std::to_string(*id));
  co_return response;
}

awaitable<HttpResponse> ServerRole::order(std::int64_t id) {
  UpstreamFailure failure;
  auto read = co_await upstreams_.read(std::string(kOrderSql), std::to_string(id), failure);
  if (!read) co_return failed_upstream(failure.upstream, failure.error);
  auto body = row_json(read->rows);
  if (body.empty()) co_return text_response(404, "no such order\n");
  co_return shop_json(200, std::move(body), std::move(read->source));
}

void ServerRole::note_failure(const Route& route, const HttpResponse& response, const std::string& traceparent) {
  const auto lines = failures_.lines_for(ctx_.clock.now());
  if (lines == 0) return;
  const auto reason = std::string_view(response.body).substr(0, response.body.find('\n'));
  ctx_.log.error("request_failed", {{"request", std::string(ask_name(route.ask))},
                                    {"status", std::int64_t{response.status}},
                                    {"reason", std::string(reason)},
                                    {"traceparent", traceparent},
                                    {"failures", static_cast<std::int64_t>(lines)}});
}

void ServerRole::report(v1::Report& out) {
  upstreams_.measure();
  const double hits = metrics_.hits.Value();
  const double lookups = hits + metrics_.misses.Value() + metrics_.cache_errors.Value();
  if (lookups > reported_lookups_) hit_ratio_ = (hits - reported_hits_) / (lookups - reported_lookups_);
  reported_hits_ = hits;
  reported_lookups_ = lookups;
  out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
  auto& gauges = *out.mutable_gauges();
  gauges["cache_hit_ratio"] = hit_ratio_;
  gauges["slots_busy"] = station_.busy();
  for (const auto* upstream : {&metrics_.redis, &metrics_.replica, &metrics_.postgres, &metrics_.queue}) {
    gauges[upstream->upstream() + "_in_use"] = upstream->in_use();
    gauges[upstream->upstream() + "_pool_waits"] = upstream->waits();
  }
}

std::unique_ptr<Role> make_server(NodeContext& ctx) { return std::make_unique<ServerRole>(ctx); }

}  // namespace chaos
