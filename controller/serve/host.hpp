// The controller's own io_context with what the runtime's clients and servers need: a NodeContext without a node.
#pragma once

#include "runtime/node.hpp"

namespace chaos {

/// No fault ever bends the controller.
class NoSeams final : public Seams {
 public:
  EdgeVerdict edge(const EdgeId&, Direction, std::size_t) override { return {}; }
  CallVerdict call(std::string_view) override { return {}; }
};

/// One thread, which runs `io`; it must be the one that starts nodes (launch/process.hpp).
class ControllerHost {
 public:
  explicit ControllerHost(std::filesystem::path data_dir);

  asio::io_context io{1};
  NodeClock clock;
  Log log;
  TaskGroup tasks;                 // joined before the host ends
  prometheus::Registry registry;

 private:
  NoSeams seams_;
  Deadlines deadlines_;
  RequestStats stats_;
  std::map<std::string, std::any> states_;
  v1::DesiredState desired_;

 public:
  NodeContext ctx;

  /// Spawns the sweep of the deadlines.
  void start();
};

/// Microseconds since 1970.
std::int64_t unix_us_now();
/// "17:42" of lab time.
std::string lab_clock_text(double lab_s);

}  // namespace chaos
