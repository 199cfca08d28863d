// HTTP/1.1 server (RFC 9112) for roles and for /metrics.
#pragma once

#include "runtime/http.hpp"
#include "runtime/listener.hpp"
#include "wire/http_date.hpp"

#include <boost/intrusive/list.hpp>

namespace chaos {

struct HttpLimits {
  std::size_t max_header = 16 * 1024;
  std::size_t max_body = 1024 * 1024;
  RealDuration idle = std::chrono::seconds(60);        // between requests of a kept connection
  RealDuration request = std::chrono::seconds(10);     // to receive a whole request, and to send an answer
  std::size_t max_sessions = 4096;
  bool faults = true;    // call faults apply (not for /metrics)
  bool probes = false;   // /healthz and /readyz ask after the node: faults bend them, but no figure counts them as requests
};

/// Told of a server's connections and answers. Data thread only; lives longer than the server.
class HttpObserver {
 public:
  virtual ~HttpObserver() = default;
  virtual void opened(EdgeStream& /*stream*/) {}
  virtual void closed(EdgeStream& /*stream*/) {}
  /// Before a malformed request is refused with `status`. received: its last bytes, to where it was not understood and on.
  virtual void malformed(EdgeStream& /*stream*/, unsigned /*status*/, std::string_view /*received*/) {}
  /// bytes: what was sent. error: it could not be sent. A malformed request has an empty method.
  virtual void answered(EdgeStream& /*stream*/, std::string_view /*method*/, const HttpResponse& /*response*/, ErrorCode /*error*/, std::size_t /*bytes*/) {}
};

/// Data thread only. The handler is called once a request; what it throws becomes a 500. Malformed input gets 400,
/// 413 or 431 and closes that connection only. Call faults are applied before the handler.
class HttpServer {
 public:
  using Handler = std::function<awaitable<HttpResponse>(HttpRequest request)>;

  HttpServer(NodeContext& ctx, std::string what, HttpLimits limits, Handler handler);
  Result<void> listen(const std::string& address, unsigned short port);
  void observe(HttpObserver& observer) { observer_ = &observer; }
  /// No new connections until listen() is called again.
  void pause() { listener_.stop_accepting(); }
  /// As Listener::hold_at.
  void hold_at(std::size_t most) { listener_.hold_at(most); }
  /// Stops accepting, answers what was received with Connection: close, closes idle connections, waits for the rest.
  awaitable<void> drain(RealTime deadline);
  void close_all() { listener_.close_all(); }
  std::size_t in_flight() const { return in_flight_; }

 private:
  awaitable<void> session(std::shared_ptr<EdgeStream> stream);
  awaitable<void> exchanges(EdgeStream& stream);
  awaitable<void> refuse(EdgeStream& stream, HttpResponse response);
  awaitable<HttpResponse> answer(HttpRequest request);

  NodeContext& ctx_;
  HttpLimits limits_;
  Handler handler_;
  Listener listener_;
  // A connection among the idle ones for as long as this lives, however it ends.
  struct Idle : boost::intrusive::list_base_hook<> {
    Idle(HttpServer& of, EdgeStream& one) : server(of), stream(one) { server.idle_.push_back(*this); }
    Idle(const Idle&) = delete;
    ~Idle() { server.idle_.erase(server.idle_.iterator_to(*this)); }
    HttpServer& server;
    EdgeStream& stream;
  };
  boost::intrusive::list<Idle> idle_;    // connections between two requests
  std::size_t in_flight_ = 0;
  bool draining_ = false;
  http::DateField date_;
  HttpObserver* observer_ = nullptr;
  WaitList quiet_;
};

}  // namespace chaos
