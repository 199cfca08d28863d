// The last sessions that did not end well, a line each in HAProxy's HTTP log format (configuration manual, section 8.2.3);
// `show events buf0` reads them. As with `option dontlog-normal`, sessions that ended well leave no line.
#pragma once

#include "lb/stream.hpp"

#include <deque>
#include <string>

namespace chaos {

/// What a line says beside the request itself.
struct SessionEnd {
  unsigned status = 0;
  std::uint64_t bytes = 0;            // sent to the client
  RealDuration total{};
  std::size_t connections = 0;        // of the frontend, and so on: at its end
  std::size_t frontend_requests = 0;
  std::size_t backend_requests = 0;
  std::size_t server_requests = 0;
  std::string server;                 // "<NOSRV>" when it came to none
};

/// "127.0.0.1:1234 [26/Nov/2026:22:26:13.693] fe be/server-2 0/0/0/-1/312 502 209 - - KH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"".
std::string log_line(const Stream& stream, const SessionEnd& end);
/// "26/Nov/2026:22:26:13.693", in UTC.
std::string log_time(std::chrono::system_clock::time_point at);

/// Data thread only. Keeps the last 512 lines.
class SessionLog {
 public:
  void add(std::string line);
  const std::deque<std::string>& lines() const { return lines_; }

 private:
  std::deque<std::string> lines_;
};

}  // namespace chaos
