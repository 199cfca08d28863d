// HTTP/1.1 client: a pool of kept connections to one peer.
#pragma once

#include "runtime/dialer.hpp"
#include "runtime/http.hpp"
#include "runtime/pool.hpp"

namespace chaos {

class HttpConnection;   // http_client.cpp

/// How an exchange went, also one that failed.
struct HttpTrace {
  bool connected = false;       // a connection was there
  bool reused = false;          // kept from an earlier request
  RealDuration connect{};       // waiting for the connection
  RealDuration answer{};        // from then to the first byte of the answer
  std::uint64_t sent = 0;       // bytes
  std::uint64_t received = 0;
  EdgeStream* stream = nullptr; // while the exchange is under way: closing it ends the exchange
  bool given_up = false;        // set before closing the stream: the request is not sent again
};

/// Data thread only.
class HttpPool {
 public:
  HttpPool(NodeContext& ctx, v1::Peer peer, unsigned short port, std::size_t max_connections);
  ~HttpPool();

  /// One exchange. Errors: timeout, refused, reset, closed, protocol, too_large. A kept connection that turns out
  /// to be closed before a byte of the answer is tried once more on a fresh one (RFC 9110 section 9.2.2: only
  /// when the request is idempotent or was not sent).
  awaitable<Result<HttpResponse>> fetch(HttpRequest request, RealTime deadline);
  /// The same, and tells how it went. Both arguments outlive the call.
  awaitable<Result<HttpResponse>> fetch_traced(const HttpRequest& request, RealTime deadline, HttpTrace& trace);
  void close_idle();
  std::size_t idle() const;
  const v1::Peer& peer() const { return peer_; }
  std::size_t in_use() const;
  std::uint64_t waits() const;

 private:
  /// How a kept connection turned out.
  enum class Reuse { fine, not_sent, maybe_sent };
  awaitable<Result<HttpResponse>> exchange(const HttpRequest& request, RealTime deadline, Reuse& reuse, HttpTrace& trace);

  NodeContext& ctx_;
  v1::Peer peer_;
  std::unique_ptr<Pool<HttpConnection>> pool_;
};

}  // namespace chaos
