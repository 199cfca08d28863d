#include "lb/proxy.hpp"

#include "lb/cookie.hpp"

namespace chaos {

namespace {

// The operation of a request in the node's own figures: a few fixed words, whatever clients send.
std::string_view operation(std::string_view method) {
  for (std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    if (method == known) return known;
  }
  return "other";
}

std::string_view host_of(std::string_view remote) { return remote.substr(0, remote.rfind(':')); }

// X-Forwarded-For lists the hosts that a request came through; ours goes last.
void add_forwarded_for(HttpRequest& request) {
  std::string hosts(request.headers.get("X-Forwarded-For").value_or(""));
  if (!hosts.empty()) hosts += ", ";
  hosts += host_of(request.remote);
  request.headers.set("X-Forwarded-For", std::move(hosts));
}

}  // namespace

Proxy::Proxy(NodeContext& ctx, Farm& farm, BackendMetrics& metrics, Frontend& frontend)
    : ctx_(ctx), farm_(farm), metrics_(metrics), frontend_(frontend),
      station_(station_settings(ctx.desired().config().lb().station()), ctx.rng.child("lb.station"), ctx.slowdown) {
  frontend_.on_answer = [this](EdgeStream&, const HttpResponse& response, ErrorCode error, std::size_t in, std::size_t out) { ended(response, error, in, out); };
}

void Proxy::follow() { station_.set(station_settings(farm_.config().station())); }

std::shared_ptr<Stream> Proxy::begin(const HttpRequest& request) {
  auto stream = std::make_shared<Stream>(sessions_, max_sessions_);
  stream->remote = request.remote;
  stream->method = request.method;
  stream->target = request.target;
  stream->begin = ctx_.clock.now();
  stream->wall = std::chrono::system_clock::now();
  streams_.push_back(*stream);
  rate_.add(stream->begin);
  last_session_ = stream->begin;
  metrics_.sessions.add();
  return stream;
}

awaitable<HttpResponse> Proxy::forward(HttpRequest request) {
  struct UnderWay {
    explicit UnderWay(prometheus::Gauge& of) : gauge(of) { gauge.Increment(); }
    UnderWay(const UnderWay&) = delete;
    ~UnderWay() { gauge.Decrement(); }
    prometheus::Gauge& gauge;
  } under_way(*metrics_.current_sessions);
  auto scope = ctx_.stats.begin(operation(request.method));
  const bool head = request.method == "HEAD";
  const std::shared_ptr<Stream> stream = begin(request);
  HttpResponse response = co_await serve(*stream, std::move(request));
  response.head = head;
  response.context = stream;
  metrics_.responses[code_index(response.status)].add();
  scope.finish(response.status < 500);
  co_return response;
}

awaitable<HttpResponse> Proxy::serve(Stream& stream, HttpRequest request) {
  {
    auto slot = co_await station_.enter(stream.begin + real_ms(farm_.config().timeout_ms()));
    if (!slot) {
      stream.end = {'R', 'R'};
      co_return text_response(http_status(slot.error()), "load balancer: " + slot.error().message() + "\n");
    }
    co_await station_.work();
  }   // the slot is for its own work: waiting for a backend costs an event-driven proxy nothing
  add_forwarded_for(request);
  const std::string& cookie = farm_.config().cookie();
  const std::string pinned = take_cookie(request, cookie);
  HttpResponse response = co_await dispatch(stream, request, pinned);
  const bool tell = !cookie.empty() && stream.server && stream.server->peer.name() != pinned && stream.end.normal();
  if (tell) insert_cookie(response, cookie, stream.server->peer.name());
  co_return response;
}

void Proxy::ended(const HttpResponse& response, ErrorCode error, std::size_t bytes_in, std::size_t bytes_out) {
  auto* stream = static_cast<Stream*>(response.context.get());
  if (!stream) return;    // malformed, or a fault answered it
  metrics_.bytes_in.add(bytes_in);
  metrics_.bytes_out.add(bytes_out);
  const RealDuration total = ctx_.clock.now() - stream->begin;
  Backend* const server = stream->server.get();
  if (error && stream->end.normal()) {
    stream->end = {'C', 'D'};
    metrics_.client_aborts.add();
    if (server) server->metrics.client_aborts.add();
  }
  // As in HAProxy only requests that a server answered have times.
  const auto time = [&](TimeMeters& meters) {
    if (!stream->connect || !stream->answer) return;
    meters.queue.add(stream->queued.value_or(RealDuration{}));
    meters.connect.add(*stream->connect);
    meters.response.add(*stream->answer);
    meters.total.add(total);
  };
  time(times_);
  if (server) {
    time(server->times);
    server->metrics.bytes_in.add(bytes_in);
    server->metrics.bytes_out.add(bytes_out);
    server->metrics.response_time->Set(server->times.response.mean_ms() / 1000);
  }
  if (stream->end.normal()) return;
  log_.add(log_line(*stream, {response.status, bytes_out, total, frontend_.sessions, sessions_, sessions_, server ? server->sessions : 0,
                              server ? server->peer.name() : "<NOSRV>"}));
}

std::size_t Proxy::queued() const {
  std::size_t all = farm_.queue().size();
  for (const auto& backend : farm_.backends()) all += backend->queue.size();
  return all;
}

void Proxy::clear_counters(bool all) {
  max_sessions_ = sessions_;
  rate_.clear_max();
  times_.clear_max();
  farm_.queue().clear_most();
  if (all) metrics_.clear();
}

}  // namespace chaos
