// A request through the load balancer: from its frontend to a backend and back.
#pragma once

#include "lb/farm.hpp"
#include "lb/frontend.hpp"
#include "lb/session_log.hpp"
#include "lb/stream.hpp"
#include "runtime/station.hpp"

namespace chaos {

/// Data thread only.
class Proxy {
 public:
  Proxy(NodeContext& ctx, Farm& farm, BackendMetrics& metrics, Frontend& frontend);

  /// The answer of a backend, with X-Backend; or 503 with the reason when none serves or none has room in time, 504 at the
  /// time-out, 502 when a backend broke the connection or the session was killed.
  awaitable<HttpResponse> forward(HttpRequest request);
  void follow();
  void clear_counters(bool all);

  Streams& streams() { return streams_; }
  const SessionLog& log() const { return log_; }
  std::size_t sessions() const { return sessions_; }           // requests in the backend, those in queues too
  std::size_t max_sessions() const { return max_sessions_; }
  std::size_t queued() const;
  RateMeter& rate() { return rate_; }
  const TimeMeters& times() const { return times_; }
  RealTime last_session() const { return last_session_; }

 private:
  struct Failure {
    unsigned status;
    std::string text;
    Termination end;
  };
  std::shared_ptr<Stream> begin(const HttpRequest& request);
  awaitable<HttpResponse> serve(Stream& stream, HttpRequest request);
  awaitable<HttpResponse> dispatch(Stream& stream, const HttpRequest& request, std::string_view pinned);
  awaitable<Result<Seat>> seat(Stream& stream, const Tried& tried, std::string_view pinned);
  awaitable<Result<HttpResponse>> exchange(Stream& stream, const Seat& seat, const HttpRequest& request);
  void failed(Stream& stream, const Seat& seat, ErrorCode error);
  bool try_again(Stream& stream, Backend& backend, std::string_view method, ErrorCode error, Tried& tried);
  HttpResponse answer_failure(Stream& stream, Failure failure);
  HttpResponse no_seat(Stream& stream, ErrorCode error);
  HttpResponse server_failed(Stream& stream, ErrorCode error);
  void ended(const HttpResponse& response, ErrorCode error, std::size_t bytes_in, std::size_t bytes_out);

  NodeContext& ctx_;
  Farm& farm_;
  BackendMetrics& metrics_;
  Frontend& frontend_;
  Station station_;
  Streams streams_;
  SessionLog log_;
  std::size_t sessions_ = 0;
  std::size_t max_sessions_ = 0;
  RateMeter rate_;
  TimeMeters times_;
  RealTime last_session_{};
};

}  // namespace chaos
