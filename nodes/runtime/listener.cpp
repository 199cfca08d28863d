#include "runtime/listener.hpp"

#include "runtime/sleep.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <sys/un.h>

namespace chaos {

namespace {
constexpr std::chrono::milliseconds kBackOff{20};
constexpr std::chrono::seconds kTellEvery{1};     // of accepts that fail one after the other
}

Listener::Listener(NodeContext& ctx, std::string what, std::size_t max_sessions, Session session)
    : ctx_(ctx), what_(std::move(what)), max_sessions_(max_sessions), session_(std::move(session)), acceptor_(ctx.io) {}

Result<void> Listener::listen(const std::string& address, unsigned short port) {
  ErrorCode ec;
  const auto host = asio::ip::make_address(address, ec);
  if (ec) return ec;
  ec = bind(asio::ip::tcp::endpoint(host, port));
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    ctx_.log.error("listen_failed", {{"what", what_}, {"address", address}, {"port", std::int64_t{port}}, {"error", ec.message()}});
    return ec;
  }
  ctx_.tasks.spawn(what_ + ".accept", accept_loop());
  return boost::system::in_place_value;
}

Result<void> Listener::listen_local(const std::filesystem::path& path) {
  constexpr auto kOwner = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  ErrorCode ec;
  std::error_code of_files;
  std::filesystem::remove(path, of_files);
  if (path.native().size() >= sizeof(sockaddr_un::sun_path)) ec = asio::error::name_too_long;
  if (!ec) ec = bind(asio::local::stream_protocol::endpoint(path.string()));
  if (!ec) std::filesystem::permissions(path, kOwner, of_files);    // before anybody can connect
  if (!ec && of_files) ec = ErrorCode(of_files.value(), boost::system::system_category());
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    ctx_.log.error("listen_failed", {{"what", what_}, {"path", path.string()}, {"error", ec.message()}});
    return ec;
  }
  ctx_.tasks.spawn(what_ + ".accept", accept_loop());
  return boost::system::in_place_value;
}

ErrorCode Listener::bind(const Endpoint& endpoint) {
  ErrorCode ec;
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (ec) stop_accepting();
  return ec;
}

void Listener::hold_at(std::size_t most) {
  hold_at_ = most;
  room_.notify_all();
}

awaitable<void> Listener::room() {
  while (acceptor_.is_open() && streams_.size() >= hold_at_) co_await room_.wait(RealTime::max());
}

awaitable<void> Listener::accept_loop() {
  RealTime told{};
  while (acceptor_.is_open()) {
    co_await room();
    if (!acceptor_.is_open()) co_return;
    auto [ec, socket] = co_await acceptor_.async_accept(as_result);
    if (!acceptor_.is_open() || ec == asio::error::operation_aborted) co_return;
    if (ec) {   // EMFILE and its like: what is open goes on, new connections wait in the backlog
      const RealTime now = RealClock::now();
      if (now - told >= kTellEvery) {
        ctx_.log.warn("accept_failed", {{"what", what_}, {"error", ec.message()}});
        told = now;
      }
      co_await sleep_real(kBackOff);
      continue;
    }
    if (max_sessions_ != 0 && streams_.size() >= max_sessions_) continue;   // the socket closes itself
    ErrorCode ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto stream = std::make_shared<EdgeStream>(std::move(socket), EdgeId{}, ctx_.seams, ctx_.deadlines);
    streams_.insert(stream);
    ctx_.tasks.spawn(what_ + ".session", run_session(stream));
  }
}

awaitable<void> Listener::run_session(std::shared_ptr<EdgeStream> stream) {
  struct Leave {
    Listener& listener;
    std::shared_ptr<EdgeStream> stream;
    ~Leave() {
      stream->close();
      listener.streams_.erase(stream);
      listener.room_.notify_one();
      if (listener.streams_.empty()) listener.empty_.notify_all();
    }
  } leave{*this, stream};
  co_await session_(stream);
}

void Listener::stop_accepting() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  room_.notify_all();
}

void Listener::close_all() {
  stop_accepting();
  for (const auto& stream : std::vector(streams_.begin(), streams_.end())) stream->close();
}

awaitable<void> Listener::wait_empty(RealTime deadline) {
  while (!streams_.empty()) {
    if (!co_await empty_.wait(deadline)) co_return;
  }
}

}  // namespace chaos
