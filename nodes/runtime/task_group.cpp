#include "runtime/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>


namespace chaos {

struct TaskGroup::State {
  struct Task {
    std::string name;
    asio::cancellation_signal signal;
  };

  asio::any_io_executor executor;
  OnFailure on_failure;
  std::list<Task> tasks;
  WaitList empty;

  void ended(std::list<Task>::iterator task, std::exception_ptr error) {
    const std::string name = task->name;
    tasks.erase(task);
    if (tasks.empty()) empty.notify_all();
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
      if (e.code() != asio::error::operation_aborted) on_failure(name, e.what());
    } catch (const std::exception& e) {
      on_failure(name, e.what());
    }
  }
};

TaskGroup::TaskGroup(asio::any_io_executor executor, OnFailure on_failure) : state_(std::make_shared<State>()) {
  state_->executor = std::move(executor);
  state_->on_failure = std::move(on_failure);
}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(std::string name, awaitable<void> task) {
  auto& entry = state_->tasks.emplace_back();
  entry.name = std::move(name);
  auto at = std::prev(state_->tasks.end());
  auto ended = [state = state_, at](std::exception_ptr error) { state->ended(at, error); };
  asio::co_spawn(state_->executor, std::move(task), asio::bind_cancellation_slot(entry.signal.slot(), std::move(ended)));
}

// Emitting cancels the task's current operation; what follows from that is posted, so no other task ends in here.
void TaskGroup::cancel() {
  for (auto at = state_->tasks.begin(); at != state_->tasks.end();) {
    auto& task = *at++;
    task.signal.emit(asio::cancellation_type::terminal);
  }
}

awaitable<bool> TaskGroup::join(RealTime deadline) {
  auto state = state_;
  while (!state->tasks.empty()) {
    if (!co_await state->empty.wait(deadline)) co_return state->tasks.empty();
  }
  co_return true;
}

awaitable<bool> TaskGroup::stop(RealTime deadline) {
  cancel();
  co_return co_await join(deadline);
}

std::size_t TaskGroup::size() const { return state_->tasks.size(); }

}  // namespace chaos
