#include "runtime/http_client.hpp"

#include "runtime/http_wire.hpp"

namespace chaos {

namespace wire = http_wire;

namespace {

constexpr std::size_t kChunk = 8 * 1024;
constexpr std::uint32_t kMaxHeader = 32 * 1024;
constexpr std::uint64_t kMaxBody = 16 * 1024 * 1024;

bool idempotent(std::string_view method) { return method != "POST" && method != "PATCH"; }

}  // namespace

class HttpConnection {
 public:
  explicit HttpConnection(std::unique_ptr<EdgeStream> stream) : stream_(std::move(stream)), buffer_(kMaxHeader + kMaxBody) {}

  struct Outcome {
    ErrorCode error;
    HttpResponse response;
    bool keep = false;
    bool answered = false;    // at least a byte of the answer came
    RealTime first_byte{};    // when, if it did
  };

  awaitable<Outcome> exchange(const HttpRequest& request, RealTime deadline, HttpTrace& trace) {
    Outcome outcome;
    const Traced traced(*stream_, trace);
    stream_->expires_at(deadline);
    const std::string bytes = wire::write(request, stream_->remote());
    const RealTime begin = RealClock::now();
    auto sent = co_await stream_->write(asio::buffer(bytes));
    trace.sent = bytes.size();
    if (!sent) {
      outcome.error = sent.error();
      co_return outcome;
    }
    wire::ResponseParser parser;
    parser.header_limit(kMaxHeader);
    parser.body_limit(kMaxBody);
    if (request.method == "HEAD") parser.skip(true);
    outcome.error = co_await receive(parser, outcome);
    if (outcome.answered) trace.answer = outcome.first_byte - begin;
    if (outcome.error) co_return outcome;
    outcome.keep = parser.keep_alive() && buffer_.size() == 0;    // bytes that nobody asked for answer no later request
    outcome.response = wire::take(parser);
    stream_->expires_never();
    co_return outcome;
  }

  bool alive() { return stream_->idle_alive(); }

 private:
  // The stream is in the trace for as long as this lives, however the exchange ends.
  struct Traced {
    Traced(EdgeStream& stream, HttpTrace& of) : trace(of) { trace.stream = &stream; }
    Traced(const Traced&) = delete;
    ~Traced() {
      trace.received = trace.stream->take_received();
      trace.stream = nullptr;
    }
    HttpTrace& trace;
  };

  awaitable<ErrorCode> receive(wire::ResponseParser& parser, Outcome& outcome) {
    while (true) {
      boost::system::error_code ec;
      if (wire::feed(parser, buffer_, ec)) co_return ErrorCode{};
      if (ec) co_return wire::map_parse_error(ec);
      auto got = co_await stream_->read_some(buffer_.prepare(kChunk));
      if (!got && got.error() == Errc::closed && outcome.answered && parser.is_header_done()) {
        parser.put_eof(ec);     // a body that ends with the connection
        co_return ec ? ErrorCode(Errc::closed) : ErrorCode{};
      }
      if (!got) co_return got.error();
      if (!std::exchange(outcome.answered, true)) outcome.first_byte = RealClock::now();
      buffer_.commit(*got);
    }
  }

  std::unique_ptr<EdgeStream> stream_;
  wire::Buffer buffer_;
};

namespace {

awaitable<Result<std::unique_ptr<HttpConnection>>> connect(NodeContext& ctx, v1::Peer peer, unsigned short port, RealTime deadline) {
  auto stream = co_await dial(ctx, peer, port, deadline);
  if (!stream) co_return stream.error();
  co_return std::make_unique<HttpConnection>(std::move(*stream));
}

}  // namespace

HttpPool::HttpPool(NodeContext& ctx, v1::Peer peer, unsigned short port, std::size_t max_connections) : ctx_(ctx), peer_(std::move(peer)) {
  auto make = [this, port](RealTime deadline) { return connect(ctx_, peer_, port, deadline); };
  pool_ = std::make_unique<Pool<HttpConnection>>(max_connections, std::move(make));
}

HttpPool::~HttpPool() = default;

awaitable<Result<HttpResponse>> HttpPool::fetch(HttpRequest request, RealTime deadline) {
  HttpTrace trace;
  co_return co_await fetch_traced(request, deadline, trace);
}

awaitable<Result<HttpResponse>> HttpPool::fetch_traced(const HttpRequest& request, RealTime deadline, HttpTrace& trace) {
  Reuse reuse = Reuse::fine;
  auto first = co_await exchange(request, deadline, reuse, trace);
  const bool again = reuse == Reuse::not_sent || (reuse == Reuse::maybe_sent && idempotent(request.method));
  if (first || !again || trace.given_up) co_return first;
  pool_->close_idle();     // the rest of them died with it
  trace = {};
  co_return co_await exchange(request, deadline, reuse, trace);
}

awaitable<Result<HttpResponse>> HttpPool::exchange(const HttpRequest& request, RealTime deadline, Reuse& reuse, HttpTrace& trace) {
  const RealTime begin = RealClock::now();
  auto lease = co_await pool_->acquire(deadline);
  if (!lease) {
    trace.connect = RealClock::now() - begin;
    co_return lease.error();
  }
  trace.reused = !lease->fresh();
  if (trace.reused && !(*lease)->alive()) {    // closed while it lay idle: nothing was sent on it
    lease->discard();
    reuse = Reuse::not_sent;
    co_return Errc::closed;
  }
  trace.connected = true;
  if (lease->fresh()) trace.connect = RealClock::now() - begin;
  auto outcome = co_await (*lease)->exchange(request, deadline, trace);
  const bool stale = outcome.error && !lease->fresh() && !outcome.answered && outcome.error != Errc::timeout;
  reuse = stale ? Reuse::maybe_sent : Reuse::fine;
  if (outcome.error || !outcome.keep) lease->discard();
  if (outcome.error) co_return outcome.error;
  co_return std::move(outcome.response);
}

void HttpPool::close_idle() { pool_->close_idle(); }
std::size_t HttpPool::idle() const { return pool_->idle(); }
std::size_t HttpPool::in_use() const { return pool_->in_use(); }
std::uint64_t HttpPool::waits() const { return pool_->waits(); }

}  // namespace chaos
