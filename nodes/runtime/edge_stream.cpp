#include "runtime/edge_stream.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace chaos {

namespace {

std::string text_of(const asio::generic::stream_protocol::endpoint& endpoint) {
  const int family = endpoint.protocol().family();
  if (family == AF_UNIX) return "unix";
  asio::ip::tcp::endpoint host;
  if ((family != AF_INET && family != AF_INET6) || endpoint.size() > host.capacity()) return {};
  std::memcpy(host.data(), endpoint.data(), endpoint.size());
  host.resize(endpoint.size());
  return host.address().to_string() + ":" + std::to_string(host.port());
}

constexpr std::chrono::milliseconds kHoldLook{10};   // how often a held stream asks whether the fault still stands
}

EdgeStream::EdgeStream(Socket socket, EdgeId edge, Seams& seams, Deadlines& deadlines)
    : socket_(std::move(socket)), edge_(std::move(edge)), seams_(seams), hold_(socket_.get_executor()) {
  ErrorCode ec;
  const auto endpoint = socket_.remote_endpoint(ec);
  if (!ec) remote_ = text_of(endpoint);
  deadlines.add(*this);
}

EdgeStream::~EdgeStream() = default;

void EdgeStream::expires_at(RealTime at) {
  deadline = at;
  timed_out_ = false;
}

void EdgeStream::expired() {
  timed_out_ = true;
  ErrorCode ignored;
  socket_.cancel(ignored);
  hold_.cancel();
}

void EdgeStream::close() {
  ErrorCode ignored;
  socket_.close(ignored);
  hold_.cancel();
}

bool EdgeStream::idle_alive() {
  char byte = 0;
  const auto n = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::string EdgeStream::local() const {
  ErrorCode ec;
  const auto endpoint = socket_.local_endpoint(ec);
  return ec ? std::string() : text_of(endpoint);
}

ErrorCode EdgeStream::map(ErrorCode code) const {
  if (timed_out_) return Errc::timeout;
  if (!socket_.is_open()) return Errc::closed;
  return to_chaos(code);
}

// Waits as the edge faults say. While a hold stands bytes vanish: afterwards the stream cannot go on.
awaitable<ErrorCode> EdgeStream::pass(Direction direction, std::size_t bytes) {
  EdgeVerdict verdict = seams_.edge(edge_, direction, bytes);
  RealDuration wait = verdict.delay;
  while (verdict.hold || wait > RealDuration::zero()) {
    if (verdict.hold) {
      tainted_ = true;
      wait = kHoldLook;
    }
    hold_.expires_after(wait);
    co_await hold_.async_wait(as_result);
    if (timed_out_ || !socket_.is_open()) co_return map(asio::error::operation_aborted);
    wait = RealDuration::zero();
    if (verdict.hold) verdict = seams_.edge(edge_, direction, bytes);
  }
  if (tainted_) co_return Errc::reset;
  co_return ErrorCode{};
}

awaitable<Result<std::size_t>> EdgeStream::read_some(asio::mutable_buffer buffer) {
  if (timed_out_) co_return Errc::timeout;
  auto [ec, n] = co_await socket_.async_read_some(buffer, as_result);
  if (ec) co_return map(ec);
  received_ += n;
  if (!tainted_ && !seams_.bends()) co_return n;
  const ErrorCode held = co_await pass(Direction::read, n);
  if (held) co_return held;
  co_return n;
}

awaitable<Result<void>> EdgeStream::read_exact(asio::mutable_buffer buffer) {
  while (buffer.size() > 0) {
    auto got = co_await read_some(buffer);
    if (!got) co_return got.error();
    buffer += *got;
  }
  co_return boost::system::in_place_value;
}

std::size_t EdgeStream::write_now(asio::const_buffer buffer) {
  if (timed_out_ || tainted_ || seams_.bends() || !socket_.is_open()) return 0;
  const auto n = send(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

awaitable<Result<void>> EdgeStream::write(asio::const_buffer buffer) {
  if (timed_out_) co_return Errc::timeout;
  const ErrorCode held = co_await pass(Direction::write, buffer.size());
  if (held) co_return held;
  auto [ec, n] = co_await asio::async_write(socket_, buffer, as_result);
  if (ec) co_return map(ec);
  co_return boost::system::in_place_value;
}

}  // namespace chaos
