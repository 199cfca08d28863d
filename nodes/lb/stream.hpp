// One request on its way through the load balancer, as `show sess` lists it and the session log tells it.
#pragma once

#include "lb/request_queue.hpp"
#include "runtime/http_client.hpp"

#include <array>
#include <optional>

namespace chaos {

/// Why and when it ended, in HAProxy's letters (configuration manual, section 8.5): who ended it, and what it was doing.
struct Termination {
  char cause = '-';    // C client, S server, P proxy, R its limits, c client's time-out, s server's time-out, K killed
  char state = '-';    // R request, Q queue, C connection, H headers of the answer, D data
  std::string text() const { return std::string{cause, state}; }
  bool normal() const { return cause == '-'; }
};

/// Counts how many there are while it lives.
struct Counted {
  Counted(std::size_t& count, std::size_t& most) : of(count) { most = std::max(most, ++of); }
  Counted(const Counted&) = delete;
  ~Counted() { --of; }
  std::size_t& of;
};

/// Data thread only.
struct Stream : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  Stream(std::size_t& count, std::size_t& most) : counted(count, most) {}

  /// Ends it: no answer is waited for any more.
  void kill() {
    killed = true;
    trace.given_up = true;
    if (trace.stream) trace.stream->close();
    if (interrupt) interrupt->cancel();
  }

  Counted counted;
  std::string remote;
  std::string method;
  std::string target;
  RealTime begin{};
  std::chrono::system_clock::time_point wall;
  std::shared_ptr<Backend> server;          // the last one that it was on
  std::optional<RealDuration> queued;       // until it had a seat
  std::optional<RealDuration> connect;
  std::optional<RealDuration> answer;       // from then to the first byte of the answer
  int retries = 0;
  bool moved = false;                       // to another server
  bool killed = false;
  Termination end;
  HttpTrace trace;                          // of the exchange under way, or the last one
  asio::steady_timer* interrupt = nullptr;  // while it waits in a queue
};

using Streams = boost::intrusive::list<Stream, boost::intrusive::constant_time_size<false>>;

}  // namespace chaos
