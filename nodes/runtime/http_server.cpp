#include "runtime/http_server.hpp"

#include "runtime/http_wire.hpp"
#include "runtime/sleep.hpp"

#include <boost/beast/http/error.hpp>

namespace chaos {

namespace wire = http_wire;

namespace {

constexpr std::size_t kChunk = 8 * 1024;

struct Received {
  ErrorCode error;
  bool any_byte = false;     // of this message
  bool body_over = false;    // its body is over the limit
};

bool wants_continue(const wire::RequestParser& parser) {
  return parser.is_header_done() && boost::beast::iequals(parser.get()[wire::http::field::expect], "100-continue");
}

// One whole request into the parser. The first byte may be long in coming (idle); the rest must not be.
awaitable<Received> receive(EdgeStream& stream, wire::Buffer& buffer, wire::RequestParser& parser, HttpLimits limits) {
  Received received{{}, buffer.size() > 0, false};
  bool continued = false;
  stream.expires_after(received.any_byte ? limits.request : limits.idle);
  while (true) {
    boost::system::error_code ec;
    if (wire::feed(parser, buffer, ec)) co_return received;
    if (ec) {
      received.error = wire::map_parse_error(ec);
      received.body_over = ec == wire::http::error::body_limit;
      co_return received;
    }
    if (!continued && wants_continue(parser)) {
      continued = true;
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      auto sent = co_await stream.write(asio::buffer(kContinue));
      if (!sent) {
        received.error = sent.error();
        co_return received;
      }
    }
    if (buffer.size() + kChunk > buffer.max_size()) {    // a chunk extension without an end: the parser has no limit for it
      received.error = Errc::too_large;
      co_return received;
    }
    auto got = co_await stream.read_some(buffer.prepare(kChunk));
    if (!got) {
      received.error = got.error();
      co_return received;
    }
    buffer.commit(*got);
    if (!received.any_byte) stream.expires_after(limits.request);
    received.any_byte = true;
  }
}

// The operation of a request that a fault answered, in the node's own figures: a few fixed words, whatever clients send.
std::string_view operation(std::string_view method) {
  for (std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    if (method == known) return known;
  }
  return "other";
}

bool is_probe(std::string_view path) { return path == "/healthz" || path == "/readyz"; }

HttpResponse refusal(const Received& received) {
  if (received.error == Errc::too_large) {
    return received.body_over ? text_response(413, "body too large\n") : text_response(431, "header too large\n");
  }
  if (received.error == Errc::timeout) return text_response(408, "the request did not arrive in time\n");
  return text_response(400, "malformed request\n");
}

}  // namespace

HttpServer::HttpServer(NodeContext& ctx, std::string what, HttpLimits limits, Handler handler)
    : ctx_(ctx), limits_(limits), handler_(std::move(handler)),
      listener_(ctx, std::move(what), limits.max_sessions, [this](std::shared_ptr<EdgeStream> stream) { return session(std::move(stream)); }) {}

Result<void> HttpServer::listen(const std::string& address, unsigned short port) { return listener_.listen(address, port); }

awaitable<void> HttpServer::session(std::shared_ptr<EdgeStream> stream) {
  struct Open {
    Open(HttpObserver* who, EdgeStream& what) : observer(who), stream(what) {
      if (observer) observer->opened(stream);
    }
    Open(const Open&) = delete;
    ~Open() {
      if (observer) observer->closed(stream);
    }
    HttpObserver* observer;
    EdgeStream& stream;
  } open(observer_, *stream);
  co_await exchanges(*stream);
}

awaitable<void> HttpServer::exchanges(EdgeStream& stream) {
  wire::Buffer buffer(limits_.max_header + limits_.max_body + kChunk);
  while (!draining_) {
    wire::RequestParser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.max_header));
    parser.body_limit(limits_.max_body);
    Received received;
    {
      const Idle idle(*this, stream);
      received = co_await receive(stream, buffer, parser, limits_);
    }
    if (received.error) {
      const bool talk = received.any_byte && (received.error == Errc::protocol || received.error == Errc::too_large || received.error == Errc::timeout);
      if (!talk) co_return;
      HttpResponse response = refusal(received);
      const auto bytes = buffer.cdata();
      if (observer_) observer_->malformed(stream, response.status, {static_cast<const char*>(bytes.data()), bytes.size()});
      co_await refuse(stream, std::move(response));
      co_return;
    }
    const bool keep = parser.keep_alive();
    const bool head = parser.get().method() == wire::http::verb::head;
    HttpRequest request = wire::take(parser);
    request.remote = stream.remote();
    request.via = &stream;
    const std::string method = request.method;
    HttpResponse response = co_await answer(std::move(request));
    if (head && !response.head) {
      response.head = true;
      response.head_length = response.body.size();
    }
    const bool stay = keep && !draining_;
    const std::string bytes = wire::write(response, stay, date_.at(wall_s()));
    stream.expires_after(limits_.request);
    asio::const_buffer rest = asio::buffer(bytes);
    rest += stream.write_now(rest);    // most answers go whole, without a turn of the loop
    Result<void> sent = boost::system::in_place_value;
    if (rest.size() > 0) sent = co_await stream.write(rest);
    if (observer_) observer_->answered(stream, method, response, sent ? ErrorCode{} : sent.error(), sent ? bytes.size() : 0);
    if (!sent || !stay) co_return;
  }
}

awaitable<void> HttpServer::refuse(EdgeStream& stream, HttpResponse response) {
  const std::string bytes = wire::write(response, false, date_.at(wall_s()));
  stream.expires_after(limits_.request);
  auto sent = co_await stream.write(asio::buffer(bytes));
  if (observer_) observer_->answered(stream, {}, response, sent ? ErrorCode{} : sent.error(), sent ? bytes.size() : 0);
}

awaitable<HttpResponse> HttpServer::answer(HttpRequest request) {
  struct InFlight {
    HttpServer& server;
    explicit InFlight(HttpServer& s) : server(s) { ++server.in_flight_; }
    ~InFlight() {
      if (--server.in_flight_ == 0) server.quiet_.notify_all();
    }
  } in_flight(*this);
  if (limits_.faults) {
    const CallVerdict verdict = ctx_.seams.call(request.method);
    if (verdict.delay > RealDuration::zero()) co_await sleep_real(verdict.delay);
    if (verdict.status) {
      if (!limits_.probes || !is_probe(request.path())) ctx_.stats.begin(operation(request.method)).finish(false);
      co_return text_response(static_cast<unsigned>(*verdict.status), "internal error\n");
    }
  }
  std::string what;
  try {
    co_return co_await handler_(std::move(request));
  } catch (const boost::system::system_error& e) {
    if (e.code() == asio::error::operation_aborted) throw;
    what = e.what();
  } catch (const std::exception& e) {
    what = e.what();
  }
  ctx_.log.error("handler_failed", {{"what", what}});
  co_return text_response(500, "internal error\n");
}

awaitable<void> HttpServer::drain(RealTime deadline) {
  draining_ = true;
  listener_.stop_accepting();
  for (Idle& one : idle_) one.stream.close();     // their sessions end later, each in its own turn
  while (in_flight_ > 0) {
    if (!co_await quiet_.wait(deadline)) break;
  }
  co_await listener_.wait_empty(deadline);
}

}  // namespace chaos
