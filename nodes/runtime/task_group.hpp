// Owns coroutines. There is no detached in this project: a task is spawned here and joined here.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/wait_list.hpp"

#include <functional>
#include <list>
#include <memory>
#include <string>

namespace chaos {

/// Data thread only. An exception that leaves a task goes to `on_failure` with the task's name (cancellation is
/// no failure). The group must be joined, or have no live task, before it is destroyed.
class TaskGroup {
 public:
  using OnFailure = std::function<void(const std::string& name, const std::string& what)>;
  TaskGroup(asio::any_io_executor executor, OnFailure on_failure);
  ~TaskGroup();

  void spawn(std::string name, awaitable<void> task);
  /// Cancels every task (each sees operation_aborted at its current await) without waiting. Call it from within the
  /// executor's thread while it runs.
  void cancel();
  /// Waits until no task is left, at most until `deadline`; true when none is.
  awaitable<bool> join(RealTime deadline);
  /// cancel, then join.
  awaitable<bool> stop(RealTime deadline);
  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chaos
