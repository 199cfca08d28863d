// Requests that wait for a place on a server, and the place itself.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/units.hpp"

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace chaos {

struct Backend;
class Farm;

/// A request's place on a server, counted from choice to end. Whoever holds none is false.
class Seat {
 public:
  Seat() = default;
  Seat(Farm& farm, std::shared_ptr<Backend> backend);
  Seat(Seat&& other) noexcept : farm_(other.farm_), backend_(std::move(other.backend_)) {}
  Seat& operator=(Seat&& other) noexcept;
  ~Seat() { leave(); }
  explicit operator bool() const { return backend_ != nullptr; }
  Backend& backend() const { return *backend_; }
  const std::shared_ptr<Backend>& shared() const { return backend_; }

 private:
  void leave();
  Farm* farm_ = nullptr;
  std::shared_ptr<Backend> backend_;
};

using Tried = std::vector<std::shared_ptr<Backend>>;

/// Oldest first. Data thread only.
class RequestQueue {
 public:
  /// Until a seat is given, which is taken, or `deadline`, or wake_all: then none. interrupt: points to the timer while
  /// it waits; cancelling that ends the wait, too. No server of `tried` is given.
  awaitable<Seat> wait(const Tried& tried, RealTime deadline, asio::steady_timer*& interrupt);
  /// Gives the oldest that may have it a seat on the server; false when there is none.
  bool give(Farm& farm, Backend& backend);
  /// They look for a server anew.
  void wake_all();
  std::size_t size() const { return waiters_.size(); }
  std::size_t most() const { return most_; }
  void clear_most() { most_ = size(); }

 private:
  struct Waiter : boost::intrusive::list_base_hook<> {
    Waiter(asio::any_io_executor executor, const Tried& not_these) : timer(std::move(executor)), tried(not_these) {}
    asio::steady_timer timer;
    const Tried& tried;
    Seat seat;
  };
  struct Link;
  boost::intrusive::list<Waiter> waiters_;
  std::size_t most_ = 0;
};

}  // namespace chaos
