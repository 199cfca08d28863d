// A connection between two nodes, or of a local client on a socket of the file system, with a deadline and the edge faults
// on both directions.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/deadline.hpp"
#include "runtime/error.hpp"
#include "runtime/seams.hpp"

#include <boost/asio/generic/stream_protocol.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace chaos {

/// Data thread only; one reader and one writer at a time. An operation that is under way when the stream's
/// deadline passes ends with Errc::timeout; every later one too, until expires_after is called again.
/// End of stream is Errc::closed, a broken connection Errc::reset.
class EdgeStream final : private DeadlineEntry {
 public:
  using Socket = asio::generic::stream_protocol::socket;

  EdgeStream(Socket socket, EdgeId edge, Seams& seams, Deadlines& deadlines);
  ~EdgeStream() override;

  /// At least one byte, or an error.
  awaitable<Result<std::size_t>> read_some(asio::mutable_buffer buffer);
  /// Exactly the whole buffer, or an error.
  awaitable<Result<void>> read_exact(asio::mutable_buffer buffer);
  /// All bytes, or an error.
  awaitable<Result<void>> write(asio::const_buffer buffer);
  /// What the socket takes at once, in bytes; 0 also when a fault may bend the stream or the connection is broken: write()
  /// then waits, or tells the error. Not while a write() is under way.
  std::size_t write_now(asio::const_buffer buffer);

  void expires_after(RealDuration d) { expires_at(RealClock::now() + d); }
  void expires_at(RealTime at);
  void expires_never() { expires_at(RealTime::max()); }

  /// Closes at once; an operation under way ends with Errc::closed. May be called twice.
  void close();
  bool is_open() const { return socket_.is_open(); }
  /// False when an idle stream's other side has closed it, or sent what nobody asked for. One system call.
  bool idle_alive();
  /// "127.42.40.1:51234"; "unix" for a local client; empty when unknown.
  const std::string& remote() const { return remote_; }
  /// This end, written the same way.
  std::string local() const;
  /// Bytes received since the last call.
  std::uint64_t take_received() { return std::exchange(received_, 0); }
  const EdgeId& edge() const { return edge_; }
  Socket& socket() { return socket_; }

 private:
  void expired() override;
  awaitable<ErrorCode> pass(Direction direction, std::size_t bytes);
  ErrorCode map(ErrorCode code) const;

  Socket socket_;
  std::string remote_;
  std::uint64_t received_ = 0;
  EdgeId edge_;
  Seams& seams_;
  asio::steady_timer hold_;
  bool timed_out_ = false;
  bool tainted_ = false;    // bytes were swallowed: the stream must not go on
};

}  // namespace chaos
