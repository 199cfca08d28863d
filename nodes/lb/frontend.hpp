// Clients' connections and requests at one of the load balancer's listeners, as HAProxy counts a frontend.
#pragma once

#include "lb/meters.hpp"
#include "lb/metrics.hpp"
#include "runtime/http_server.hpp"

#include <deque>

namespace chaos {

/// Data thread only. A session is a connection, a request is one of those on it (HAProxy management guide, section 9.1).
class Frontend final : public HttpObserver {
 public:
  Frontend(std::string its_name, int its_id, const Clock& clock, CodeTallies codes)
      : name(std::move(its_name)), id(its_id), responses(std::move(codes)), clock_(clock) {}

  void opened(EdgeStream& stream) override;
  void closed(EdgeStream& stream) override;
  void malformed(EdgeStream& stream, unsigned status, std::string_view received) override;
  void answered(EdgeStream& stream, std::string_view method, const HttpResponse& response, ErrorCode error, std::size_t bytes) override;
  /// Called for each answer, after the frontend counted it.
  std::function<void(EdgeStream&, const HttpResponse&, ErrorCode, std::size_t bytes_in, std::size_t bytes_out)> on_answer;

  void clear_counters(bool all);
  /// One that was no HTTP, or came too late or too large.
  struct BadRequest {
    std::chrono::system_clock::time_point wall;
    std::string source;
    unsigned status = 0;
    std::string bytes;               // the first KB of what was not understood
  };
  const std::deque<BadRequest>& bad_requests() const { return bad_; }    // the last 8

  const std::string name;
  const int id;                      // iid
  std::size_t limit = 0;             // connections at once
  bool paused = false;
  std::size_t sessions = 0;
  std::size_t max_sessions = 0;
  Tally total;                       // connections
  Tally requests;
  Tally request_errors;              // malformed, or too late
  Tally bytes_in;
  Tally bytes_out;
  CodeTallies responses;
  RateMeter rate;
  RateMeter request_rate;

 private:
  const Clock& clock_;
  std::deque<BadRequest> bad_;
};

}  // namespace chaos
