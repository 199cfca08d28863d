// The node's end of NodeControl.Attach (proto/chaoslab/v1/node.proto). gRPC's threads only post to the data thread.
#pragma once

#include "chaoslab/v1/node.pb.h"
#include "runtime/asio.hpp"
#include "runtime/block_gate.hpp"

#include <functional>
#include <memory>

namespace chaos {

/// Attaches, re-attaches with a back-off (50 ms to 1 s) for as long as it lives. The service never waits for it.
class ControlLink {
 public:
  struct Handlers {
    std::function<void(v1::DesiredState)> on_state;   // data thread
    std::function<void(bool up)> on_link;             // data thread
    std::function<void(const std::string& why)> on_refused;   // data thread; the controller does not take this node
    std::function<void()> on_deadman;                 // data thread; once for each absence longer than deadman
  };

  /// target: "host:port". The gate is told of each state before it is posted, and released by the dead-man timer.
  ControlLink(asio::io_context& io, std::string target, v1::Hello hello, BlockGate& gate, Handlers handlers);
  ~ControlLink();

  void start();
  /// Any thread. What is sent while it is false goes nowhere.
  bool attached() const;
  /// Any thread. Dropped when not attached; at most 256 wait for a slow controller, then the oldest goes.
  void send(v1::Report report);
  void set_deadman(std::chrono::milliseconds after);
  /// Ends the stream and waits until gRPC has let go of it. At most a second.
  void stop();

  struct State;   // shared with gRPC's callbacks

 private:
  std::shared_ptr<State> state_;
};

}  // namespace chaos
