#include "runtime/dialer.hpp"

#include "runtime/sleep.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

namespace chaos {

namespace {

// Closes the socket at the deadline, so that a connect that hangs ends.
class ConnectDeadline final : private DeadlineEntry {
 public:
  ConnectDeadline(Deadlines& deadlines, RealTime at, asio::ip::tcp::socket& socket) : socket_(socket) {
    deadline = at;
    deadlines.add(*this);
  }
  bool passed() const { return passed_; }

 private:
  void expired() override {
    passed_ = true;
    ErrorCode ignored;
    socket_.close(ignored);
  }
  asio::ip::tcp::socket& socket_;
  bool passed_ = false;
};

awaitable<Result<asio::ip::tcp::endpoint>> resolve(NodeContext& ctx, std::string host, unsigned short port) {
  ErrorCode ec;
  const auto literal = asio::ip::make_address(host, ec);
  if (!ec) co_return asio::ip::tcp::endpoint(literal, port);
  asio::ip::tcp::resolver resolver(ctx.io);
  auto [failed, found] = co_await resolver.async_resolve(host, std::to_string(port), as_result);
  if (failed || found.empty()) co_return Errc::refused;
  co_return found.begin()->endpoint();
}

// An edge under a blackhole does not connect either: its packets vanish.
awaitable<Result<void>> wait_for_edge(NodeContext& ctx, EdgeId edge, RealTime deadline) {
  EdgeVerdict verdict = ctx.seams.edge(edge, Direction::write, 0);
  if (verdict.delay > RealDuration::zero()) co_await sleep_real(verdict.delay);
  while (verdict.hold) {
    if (RealClock::now() >= deadline) co_return Errc::timeout;
    co_await sleep_real(std::chrono::milliseconds(10));
    verdict = ctx.seams.edge(edge, Direction::write, 0);
  }
  co_return boost::system::in_place_value;
}

// A node on a loopback address calls from it, so that the other end sees who calls. The port is chosen with the connect:
// one port serves connections to several destinations (ip(7), IP_BIND_ADDRESS_NO_PORT). Where that does not work the kernel
// chooses the address.
void call_from(const std::string& own, const asio::ip::address& to, asio::ip::tcp::socket& socket) {
  ErrorCode ec;
  const auto from = asio::ip::make_address(own, ec);
  if (ec || !from.is_v4() || !from.is_loopback() || !to.is_v4() || !to.is_loopback()) return;
  const int on = 1;
  if (setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0) return;
  socket.set_option(asio::socket_base::reuse_address(true), ec);
  socket.bind({from, 0}, ec);
}

}  // namespace

awaitable<Result<std::unique_ptr<EdgeStream>>> dial(NodeContext& ctx, const v1::Peer& peer, unsigned short port,
                                                    RealTime deadline) {
  const EdgeId edge{peer.role(), peer.name(), true};
  auto endpoint = co_await resolve(ctx, peer.address(), port);
  if (!endpoint) co_return endpoint.error();
  auto open = co_await wait_for_edge(ctx, edge, deadline);
  if (!open) co_return open.error();

  asio::ip::tcp::socket socket(ctx.io);
  ErrorCode ec;
  socket.open(endpoint->protocol(), ec);
  if (ec) co_return to_chaos(ec);
  call_from(ctx.address, endpoint->address(), socket);
  {
    ConnectDeadline guard(ctx.deadlines, deadline, socket);
    auto [failed] = co_await socket.async_connect(*endpoint, as_result);
    if (guard.passed()) co_return Errc::timeout;
    if (failed) co_return to_chaos(failed, Errc::closed);
  }
  socket.set_option(asio::ip::tcp::no_delay(true), ec);
  co_return std::make_unique<EdgeStream>(std::move(socket), edge, ctx.seams, ctx.deadlines);
}

}  // namespace chaos
