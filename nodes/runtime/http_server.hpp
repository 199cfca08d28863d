// HTTP/1.1 server (RFC 9112) for roles and for /metrics.
#pragma once

#include "runtime/http.hpp"
#include "runtime/listener.hpp"

namespace chaos {

struct HttpLimits {
  std::size_t max_header = 16 * 1024;
  std::size_t max_body = 1024 * 1024;
  RealDuration idle = std::chrono::seconds(60);        // between requests of a kept connection
  RealDuration request = std::chrono::seconds(10);     // to receive a whole request, and to send an answer
  std::size_t max_sessions = 4096;
  bool faults = true;    // call faults apply (not for /metrics)
};

/// Data thread only. The handler is called once a request; what it throws becomes a 500. Malformed input gets 400,
/// 413 or 431 and closes that connection only. Call faults are applied before the handler.
class HttpServer {
 public:
  using Handler = std::function<awaitable<HttpResponse>(HttpRequest request)>;

  HttpServer(NodeContext& ctx, std::string what, HttpLimits limits, Handler handler);
  Result<void> listen(const std::string& address, unsigned short port);
  /// Stops accepting, answers what was received with Connection: close, closes idle connections, waits for the rest.
  awaitable<void> drain(RealTime deadline);
  void close_all() { listener_.close_all(); }
  std::size_t in_flight() const { return in_flight_; }

 private:
  awaitable<void> session(std::shared_ptr<EdgeStream> stream);
  awaitable<HttpResponse> answer(HttpRequest request);

  NodeContext& ctx_;
  HttpLimits limits_;
  Handler handler_;
  Listener listener_;
  std::set<EdgeStream*> idle_;     // between two requests
  std::size_t in_flight_ = 0;
  bool draining_ = false;
  WaitList quiet_;
};

}  // namespace chaos
