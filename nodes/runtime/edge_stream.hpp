// A TCP connection between two nodes, with a deadline and the edge faults on both directions.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/deadline.hpp"
#include "runtime/error.hpp"
#include "runtime/seams.hpp"

#include <memory>

namespace chaos {

/// Data thread only; one reader and one writer at a time. An operation that is under way when the stream's
/// deadline passes ends with Errc::timeout; every later one too, until expires_after is called again.
/// End of stream is Errc::closed, a broken connection Errc::reset.
class EdgeStream final : private DeadlineEntry {
 public:
  EdgeStream(asio::ip::tcp::socket socket, EdgeId edge, Seams& seams, Deadlines& deadlines);
  ~EdgeStream() override;

  /// At least one byte, or an error.
  awaitable<Result<std::size_t>> read_some(asio::mutable_buffer buffer);
  /// Exactly the whole buffer, or an error.
  awaitable<Result<void>> read_exact(asio::mutable_buffer buffer);
  /// All bytes, or an error.
  awaitable<Result<void>> write(asio::const_buffer buffer);

  void expires_after(RealDuration d) { expires_at(RealClock::now() + d); }
  void expires_at(RealTime at);
  void expires_never() { expires_at(RealTime::max()); }

  /// Closes at once; an operation under way ends with Errc::closed. May be called twice.
  void close();
  bool is_open() const { return socket_.is_open(); }
  /// False when an idle stream's other side has closed it, or sent what nobody asked for. One system call.
  bool idle_alive();
  /// "127.42.40.1:51234"; empty when unknown.
  std::string remote() const;
  const EdgeId& edge() const { return edge_; }
  asio::ip::tcp::socket& socket() { return socket_; }

 private:
  void expired() override;
  awaitable<ErrorCode> pass(Direction direction, std::size_t bytes);
  ErrorCode map(ErrorCode code) const;

  asio::ip::tcp::socket socket_;
  EdgeId edge_;
  Seams& seams_;
  asio::steady_timer hold_;
  bool timed_out_ = false;
  bool tainted_ = false;    // bytes were swallowed: the stream must not go on
};

}  // namespace chaos
