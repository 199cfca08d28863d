// A NodeContext on an io_context of its own, with presets, for tests of shells without a process.
#pragma once

#include "runtime/node.hpp"
#include "support/loop.hpp"

namespace chaos::test {

/// Seams that tests set by hand.
class HandSeams final : public Seams {
 public:
  EdgeVerdict edge(const EdgeId&, Direction, std::size_t) override { return edge_verdict; }
  CallVerdict call(std::string_view) override { return call_verdict; }
  EdgeVerdict edge_verdict;
  CallVerdict call_verdict;
};

class TestNode {
 public:
  explicit TestNode(const std::string& role);
  ~TestNode();

  /// An address of 127/8 that no other test of this machine uses at the same time.
  static std::string fresh_address();
  v1::Peer peer(const std::string& role) const;   // at this node's address

  asio::io_context io{1};
  NodeClock clock;
  HandSeams seams;
  prometheus::Registry registry;
  v1::DesiredState desired;
  std::filesystem::path data;

 private:
  Log log_;
  Deadlines deadlines_;
  RequestStats stats_;
  TaskGroup services_;

 public:
  TaskGroup tasks;
  std::map<std::string, std::any> states;
  double slowdown = 1;
  bool draining = false;
  std::vector<std::string> failures;   // of tasks
  NodeContext ctx;

  /// Runs to the end, then cancels the node's tasks.
  template <class T>
  auto run(awaitable<T> task) { return test::run(io, std::move(task)); }
  void stop();
};

}  // namespace chaos::test
