// HTTP/1.1 client: a pool of kept connections to one peer.
#pragma once

#include "runtime/dialer.hpp"
#include "runtime/http.hpp"
#include "runtime/pool.hpp"

namespace chaos {

class HttpConnection;   // http_client.cpp

/// Data thread only.
class HttpPool {
 public:
  HttpPool(NodeContext& ctx, v1::Peer peer, unsigned short port, std::size_t max_connections);
  ~HttpPool();

  /// One exchange. Errors: timeout, refused, reset, closed, protocol, too_large. A kept connection that turns out
  /// to be closed before a byte of the answer is tried once more on a fresh one (RFC 9110 section 9.2.2: only
  /// when the request is idempotent or was not sent).
  awaitable<Result<HttpResponse>> fetch(HttpRequest request, RealTime deadline);
  void close_idle();
  const v1::Peer& peer() const { return peer_; }
  std::size_t in_use() const;
  std::uint64_t waits() const;

 private:
  /// How a kept connection turned out.
  enum class Reuse { fine, not_sent, maybe_sent };
  awaitable<Result<HttpResponse>> exchange(const HttpRequest& request, RealTime deadline, Reuse& reuse);

  NodeContext& ctx_;
  v1::Peer peer_;
  std::unique_ptr<Pool<HttpConnection>> pool_;
};

}  // namespace chaos
