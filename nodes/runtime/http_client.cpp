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
  };

  awaitable<Outcome> exchange(const HttpRequest& request, RealTime deadline) {
    Outcome outcome;
    stream_->expires_at(deadline);
    const std::string bytes = wire::write(request, stream_->remote());
    auto sent = co_await stream_->write(asio::buffer(bytes));
    if (!sent) {
      outcome.error = sent.error();
      co_return outcome;
    }
    wire::ResponseParser parser;
    parser.header_limit(kMaxHeader);
    parser.body_limit(kMaxBody);
    if (request.method == "HEAD") parser.skip(true);
    outcome.error = co_await receive(parser, outcome.answered);
    if (outcome.error) co_return outcome;
    outcome.keep = parser.keep_alive() && buffer_.size() == 0;    // bytes that nobody asked for answer no later request
    outcome.response = wire::take(parser);
    stream_->expires_never();
    co_return outcome;
  }

  bool alive() { return stream_->idle_alive(); }

 private:
  awaitable<ErrorCode> receive(wire::ResponseParser& parser, bool& answered) {
    while (true) {
      boost::system::error_code ec;
      if (wire::feed(parser, buffer_, ec)) co_return ErrorCode{};
      if (ec) co_return wire::map_parse_error(ec);
      auto got = co_await stream_->read_some(buffer_.prepare(kChunk));
      if (!got && got.error() == Errc::closed && answered && parser.is_header_done()) {
        parser.put_eof(ec);     // a body that ends with the connection
        co_return ec ? ErrorCode(Errc::closed) : ErrorCode{};
      }
      if (!got) co_return got.error();
      answered = true;
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
  Reuse reuse = Reuse::fine;
  auto first = co_await exchange(request, deadline, reuse);
  const bool again = reuse == Reuse::not_sent || (reuse == Reuse::maybe_sent && idempotent(request.method));
  if (first || !again) co_return first;
  pool_->close_idle();     // the rest of them died with it
  co_return co_await exchange(request, deadline, reuse);
}

awaitable<Result<HttpResponse>> HttpPool::exchange(const HttpRequest& request, RealTime deadline, Reuse& reuse) {
  auto lease = co_await pool_->acquire(deadline);
  if (!lease) co_return lease.error();
  if (!lease->fresh() && !(*lease)->alive()) {    // closed while it lay idle: nothing was sent on it
    lease->discard();
    reuse = Reuse::not_sent;
    co_return Errc::closed;
  }
  auto outcome = co_await (*lease)->exchange(request, deadline);
  const bool stale = outcome.error && !lease->fresh() && !outcome.answered && outcome.error != Errc::timeout;
  reuse = stale ? Reuse::maybe_sent : Reuse::fine;
  if (outcome.error || !outcome.keep) lease->discard();
  if (outcome.error) co_return outcome.error;
  co_return std::move(outcome.response);
}

void HttpPool::close_idle() { pool_->close_idle(); }
std::size_t HttpPool::in_use() const { return pool_->in_use(); }
std::uint64_t HttpPool::waits() const { return pool_->waits(); }

}  // namespace chaos
