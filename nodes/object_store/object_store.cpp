// The object_store role: S3 on port 9000.
#include "object_store/metrics.hpp"
#include "object_store/s3_access.hpp"
#include "object_store/s3_service.hpp"
#include "runtime/http_server.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

#include <fmt/format.h>

namespace chaos {

namespace {

constexpr std::chrono::seconds kQueueWait{10};     // a request that waits longer for its turn gets SlowDown
constexpr std::string_view kUnknown = "Unknown";   // metrics: the request named no action

std::uint64_t bytes_of(double mb) { return static_cast<std::uint64_t>(mb * 1024 * 1024); }

S3Limits s3_limits(const v1::ObjectStoreConfig& config) {
  return {bytes_of(config.max_object_mb()), bytes_of(config.max_upload_mb()), static_cast<std::int64_t>(config.upload_expiry_s())};
}

// Bodies up to twice the limit are read whole, so that the client gets EntityTooLarge and not a broken connection. Call faults
// are applied by the role: their errors are S3's too, and count as its answers.
HttpLimits http_limits(const v1::ObjectStoreConfig& config) {
  HttpLimits limits;
  limits.max_body = 2 * bytes_of(config.max_object_mb()) + 1024 * 1024;
  limits.request = std::chrono::seconds(30);
  limits.faults = false;
  return limits;
}

// What the document of an error says beyond its code.
s3::ErrorDetails details_of(s3::Error error, const s3::Request& what) {
  if (error == s3::Error::no_such_key) return {{"Key", what.key}};
  if (error == s3::Error::no_such_upload) return {{"UploadId", what.part.upload}};
  const bool bucket = error == s3::Error::no_such_bucket || error == s3::Error::bucket_not_empty || error == s3::Error::bucket_already_owned;
  if (bucket || describe(error).code.find("Configuration") != std::string_view::npos) return {{"BucketName", what.bucket}};
  return {};
}

class ObjectStoreRole final : public Role {
 public:
  explicit ObjectStoreRole(NodeContext& ctx)
      : ctx_(ctx), store_(ctx.data_dir), service_(store_), metrics_(ctx.registry), ids_(static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count())),
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
    service_.set_limits(s3_limits(config()));
    store_.cache().set_capacity(bytes_of(config().cache_mb()));
    access_.set({config().access_key(), config().secret_key()});
  }

  awaitable<void> drain() override { co_await server_.drain(RealTime::max()); }

  void before_scrape() override {
    const std::size_t expired = service_.expire_uploads(wall_s());
    if (expired > 0) ctx_.log.info("uploads_expired", {{"count", static_cast<std::int64_t>(expired)}});
    publish_size();
  }

  void report(v1::Report& out) override {
    out.set_queued(static_cast<std::uint32_t>(station_.waiting()));
    (*out.mutable_gauges())["objects"] = static_cast<double>(store_.index().objects());
    (*out.mutable_gauges())["bytes_mb"] = static_cast<double>(store_.index().bytes()) / (1024 * 1024);
  }

 private:
  /// What became of a request: an answer, or an error with what its document says.
  struct Outcome {
    S3Service::Answer answer;
    s3::ErrorDetails details;
    std::optional<s3::ErrorInfo> injected;    // stands in for the error
  };

  const v1::ObjectStoreConfig& config() const { return ctx_.desired().config().object_store(); }

  Result<void> open_store() {
    const auto skipped = store_.open();
    if (!skipped) return skipped.error();
    if (*skipped > 0) ctx_.log.warn("unreadable_objects", {{"count", static_cast<std::int64_t>(*skipped)}});
    return store_.fill(config().static_objects(), static_cast<std::uint64_t>(config().static_object_kb() * 1024), wall_s());
  }

  awaitable<HttpResponse> handle(HttpRequest request) {
    s3::Request what;
    const s3::Error bad = s3::parse_request({request.method, request.target, request.headers.get("x-amz-copy-source")}, what);
    const std::string_view operation = bad == s3::Error::none ? s3::name(what) : kUnknown;
    auto scope = ctx_.stats.begin(operation);
    Outcome outcome{bad, {}, std::nullopt};
    const CallVerdict fault = ctx_.seams.call(operation);
    if (fault.delay > RealDuration::zero()) co_await sleep_real(fault.delay);
    if (fault.status) outcome.injected = injected(static_cast<unsigned>(*fault.status));
    else if (bad == s3::Error::none) outcome = co_await serve(what, request);
    HttpResponse response = finish(std::move(outcome), what, request);
    metrics_.request(operation, response.status);
    scope.finish(response.status < 500 || response.status == 501);    // 501: asked for what is not there, nobody's failure
    co_return response;
  }

  // S3 has two errors for its own failures; one of them stands for any status that the fault names.
  static s3::ErrorInfo injected(unsigned status) {
    s3::ErrorInfo info = s3::describe(status == 503 ? s3::Error::slow_down : s3::Error::internal_error);
    info.status = status;
    return info;
  }

  // The caller's frame holds both until this returns.
  awaitable<Outcome> serve(const s3::Request& what, HttpRequest& request) {
    auto slot = co_await station_.enter(RealClock::now() + kQueueWait);
    if (!slot) co_return Outcome{s3::Error::slow_down, {}, std::nullopt};
    co_await station_.work();
    auto verdict = access_.check(request, wall_s());
    if (verdict.error != s3::Error::none) co_return Outcome{verdict.error, std::move(verdict.details), std::nullopt};
    Outcome outcome{service_.serve(what, request, wall_s()), {}, std::nullopt};
    if (const auto* error = std::get_if<s3::Error>(&outcome.answer)) outcome.details = details_of(*error, what);
    co_return outcome;
  }

  HttpResponse finish(Outcome outcome, const s3::Request& what, const HttpRequest& request) {
    const std::string id = fmt::format("{:016X}", ids_.below(1ull << 62));
    const std::string host_id = fmt::format("{:016x}{}", ids_.below(1ull << 62), id);
    HttpResponse response;
    const auto* error = std::get_if<s3::Error>(&outcome.answer);
    if (error || outcome.injected) {
      const s3::ErrorInfo info = outcome.injected ? *outcome.injected : s3::describe(*error);
      const std::string resource = what.bucket.empty() ? std::string(request.path()) : "/" + what.bucket + (what.key.empty() ? "" : "/" + what.key);
      response.status = info.status;
      response.headers.add("Content-Type", "application/xml");
      response.body = s3::error_document(info, {resource, id, host_id}, outcome.details);
      const bool disk = !outcome.injected && *error == s3::Error::internal_error;
      if (disk) ctx_.log.error("store_failed", {{"resource", resource}, {"request", id}});
    } else {
      response = std::get<HttpResponse>(std::move(outcome.answer));
    }
    response.headers.add("x-amz-request-id", id);
    response.headers.add("x-amz-id-2", host_id);
    response.headers.add("Server", "chaoslab");
    return response;
  }

  void publish_size() {
    metrics_.objects.Set(static_cast<double>(store_.index().objects()));
    metrics_.bytes.Set(static_cast<double>(store_.index().bytes()));
    metrics_.uploads.Set(static_cast<double>(store_.uploads().size()));
    metrics_.upload_bytes.Set(static_cast<double>(store_.uploads().bytes()));
  }

  NodeContext& ctx_;
  Store store_;
  S3Service service_;
  S3Access access_;
  ObjectStoreMetrics metrics_;
  Rng ids_;     // seeded by the time: an id is unique over restarts, in every run
  Station station_;
  HttpServer server_;
};

}  // namespace

std::unique_ptr<Role> make_object_store(NodeContext& ctx) { return std::make_unique<ObjectStoreRole>(ctx); }

}  // namespace chaos
