// The object_store role: S3 on port 9000. Keys and signatures are taken and not looked at.
#include "object_store/metrics.hpp"
#include "object_store/new_store.hpp"
#include "object_store/s3_service.hpp"
#include "runtime/http_server.hpp"
#include "runtime/ports.hpp"

#include <fmt/format.h>

namespace chaos {

namespace {

constexpr std::chrono::seconds kQueueWait{10};     // a request that waits longer for its turn gets SlowDown
constexpr std::string_view kUnknown = "Unknown";   // metrics: the request named no action

std::int64_t wall_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::uint64_t max_object_bytes(const v1::ObjectStoreConfig& config) { return static_cast<std::uint64_t>(config.max_object_mb() * 1024 * 1024); }

// Bodies up to twice the limit are read whole, so that the client gets EntityTooLarge and not a broken connection.
HttpLimits http_limits(const v1::ObjectStoreConfig& config) {
  HttpLimits limits;
  limits.max_body = 2 * max_object_bytes(config) + 1024 * 1024;
  limits.request = std::chrono::seconds(30);
  return limits;
}

class ObjectStoreRole final : public Role {
 public:
  explicit ObjectStoreRole(NodeContext& ctx)
      : ctx_(ctx), disk_(ctx.data_dir), service_(disk_, index_), metrics_(ctx.registry), ids_(static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count())),
        station_(station_settings(config().station()), ctx.rng.child("station"), ctx.slowdown),
        server_(ctx, "s3", http_limits(config()), [this](HttpRequest request) { return handle(std::move(request)); }) {}

  awaitable<Result<void>> start() override {
    if (auto opened = open_store(); !opened) co_return opened;
    reconfigure();
    publish_size();
    co_return server_.listen(ctx_.address, ports::kObjectStore);
  }

  void reconfigure() override {
    station_.set(station_settings(config().station()));
    service_.set_max_object(max_object_bytes(config()));
  }

  awaitable<void> drain() override { co_await server_.drain(RealTime::max()); }

  void report(v1::Report& out) override {
    out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
    (*out.mutable_gauges())["objects"] = static_cast<double>(index_.objects());
    (*out.mutable_gauges())["bytes_mb"] = static_cast<double>(index_.bytes()) / (1024 * 1024);
  }

 private:
  const v1::ObjectStoreConfig& config() const { return ctx_.desired().config().object_store(); }

  Result<void> open_store() {
    if (auto opened = disk_.open(); !opened) return opened;
    const auto skipped = disk_.load(index_);
    if (!skipped) return skipped.error();
    if (*skipped > 0) ctx_.log.warn("unreadable_objects", {{"count", static_cast<std::int64_t>(*skipped)}});
    const NewStore wanted{config().static_objects(), static_cast<std::uint64_t>(config().static_object_kb() * 1024)};
    return fill_new_store(disk_, index_, wanted, wall_s());
  }

  awaitable<HttpResponse> handle(HttpRequest request) {
    s3::Request what;
    const s3::Error bad = s3::parse_request({request.method, request.target, request.headers.get("x-amz-copy-source")}, what);
    const std::string_view operation = bad == s3::Error::none ? s3::name(what.operation) : kUnknown;
    auto scope = ctx_.stats.begin(operation);
    S3Service::Answer answer = bad;
    if (bad == s3::Error::none) answer = co_await serve(what, request);
    HttpResponse response = finish(std::move(answer), request);
    metrics_.request(operation, response.status);
    scope.finish(response.status < 500);
    co_return response;
  }

  // The caller's frame holds both until this returns.
  awaitable<S3Service::Answer> serve(const s3::Request& what, HttpRequest& request) {
    auto slot = co_await station_.enter(RealClock::now() + kQueueWait);
    if (!slot) co_return s3::Error::slow_down;
    co_await station_.work();
    auto answer = service_.serve(what, request, wall_s());
    publish_size();
    co_return answer;
  }

  HttpResponse finish(S3Service::Answer answer, const HttpRequest& request) {
    const std::string id = fmt::format("{:08X}{:08X}", ids_.below(1ull << 32), ids_.below(1ull << 32));
    HttpResponse response;
    if (const auto* error = std::get_if<s3::Error>(&answer)) {
      const std::string sent(request.path());
      const std::string resource = *error == s3::Error::invalid_uri ? sent : s3::uri_decode(sent, false).value_or(sent);
      response.status = s3::describe(*error).status;
      response.headers.add("Content-Type", "application/xml");
      response.body = s3::error_document(*error, resource, id);
      if (*error == s3::Error::internal_error) ctx_.log.error("store_failed", {{"resource", resource}, {"request", id}});
    } else {
      response = std::get<HttpResponse>(std::move(answer));
    }
    response.headers.add("x-amz-request-id", id);
    response.headers.add("Server", "chaoslab");
    response.headers.add("Date", http::format_date(wall_s()));
    return response;
  }

  void publish_size() {
    metrics_.objects.Set(static_cast<double>(index_.objects()));
    metrics_.bytes.Set(static_cast<double>(index_.bytes()));
  }

  NodeContext& ctx_;
  ObjectDisk disk_;
  ObjectIndex index_;
  S3Service service_;
  ObjectStoreMetrics metrics_;
  Rng ids_;     // seeded by the time: an id is unique over restarts, in every run
  Station station_;
  HttpServer server_;
};

}  // namespace

std::unique_ptr<Role> make_object_store(NodeContext& ctx) { return std::make_unique<ObjectStoreRole>(ctx); }

}  // namespace chaos
