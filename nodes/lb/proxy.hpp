// A request through the load balancer: from its frontend to a backend and back.
#pragma once

#include "lb/farm.hpp"
#include "runtime/station.hpp"

namespace chaos {

/// Figures of the frontend, for the statistics.
struct Frontend {
  std::size_t sessions = 0;
  std::size_t max_sessions = 0;
  std::uint64_t total = 0;
  RateMeter rate;
  TimeMeter response_time;
  RealTime last_session{};
};

/// Data thread only.
class Proxy {
 public:
  Proxy(NodeContext& ctx, Farm& farm, BackendMetrics& metrics);

  /// The answer of a backend, with X-Backend; or 503 with the reason when none serves, 504 at the time-out, 502 when
  /// a backend broke the connection.
  awaitable<HttpResponse> forward(HttpRequest request);
  void follow();
  Frontend& frontend() { return frontend_; }

 private:
  awaitable<HttpResponse> serve(HttpRequest request);
  awaitable<HttpResponse> dispatch(HttpRequest request, RealTime deadline);
  awaitable<Result<HttpResponse>> exchange(std::shared_ptr<Backend> backend, HttpRequest request, RealTime deadline);
  bool try_another(const Backend& failed, std::string_view method, ErrorCode error, int retries);
  HttpResponse none_usable();

  NodeContext& ctx_;
  Farm& farm_;
  BackendMetrics& metrics_;
  Station station_;
  Frontend frontend_;
};

}  // namespace chaos
