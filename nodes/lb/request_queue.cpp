#include "lb/request_queue.hpp"

#include "lb/farm.hpp"

namespace chaos {

Seat::Seat(Farm& farm, std::shared_ptr<Backend> backend) : farm_(&farm), backend_(std::move(backend)) {
  Backend& to = *backend_;
  ++to.sessions;
  to.max_sessions = std::max(to.max_sessions, to.sessions);
  to.metrics.sessions.add();
  to.metrics.current_sessions->Increment();
}

Seat& Seat::operator=(Seat&& other) noexcept {
  if (this == &other) return *this;
  leave();
  farm_ = other.farm_;
  backend_ = std::move(other.backend_);
  return *this;
}

void Seat::leave() {
  if (!backend_) return;
  const auto left = std::move(backend_);
  --left->sessions;
  left->metrics.current_sessions->Decrement();
  farm_->freed(*left);
}

// Takes the waiter out of the list however the wait ends.
struct RequestQueue::Link {
  RequestQueue& queue;
  Waiter& waiter;
  asio::steady_timer*& interrupt;

  ~Link() {
    interrupt = nullptr;
    if (waiter.is_linked()) queue.waiters_.erase(queue.waiters_.iterator_to(waiter));
  }
};

awaitable<Seat> RequestQueue::wait(const Tried& tried, RealTime deadline, asio::steady_timer*& interrupt) {
  auto executor = co_await asio::this_coro::executor;
  Waiter waiter(executor, tried);
  waiter.timer.expires_at(deadline);
  waiters_.push_back(waiter);
  most_ = std::max(most_, size());
  interrupt = &waiter.timer;
  const Link link{*this, waiter, interrupt};
  co_await waiter.timer.async_wait(as_result);
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) throw boost::system::system_error(asio::error::operation_aborted);
  co_return std::move(waiter.seat);
}

bool RequestQueue::give(Farm& farm, Backend& backend) {
  for (Waiter& waiter : waiters_) {
    const auto same = [&backend](const auto& tried) { return tried.get() == &backend; };
    if (std::any_of(waiter.tried.begin(), waiter.tried.end(), same)) continue;
    waiters_.erase(waiters_.iterator_to(waiter));
    waiter.seat = Seat(farm, backend.shared_from_this());
    waiter.timer.cancel();
    return true;
  }
  return false;
}

void RequestQueue::wake_all() {
  while (!waiters_.empty()) {
    Waiter& waiter = waiters_.front();
    waiters_.pop_front();
    waiter.timer.cancel();
  }
}

}  // namespace chaos
