// Runs a coroutine to its end, bounded in time.
#pragma once

#include "runtime/asio.hpp"

#include <gtest/gtest.h>

namespace chaos::test {

/// Runs `task` and everything that it spawned on `io` until it completes; rethrows what it throws. Fails the test after 20 s.
template <class T>
T run(asio::io_context& io, awaitable<T> task) {
  std::optional<T> result;
  std::exception_ptr error;
  auto done = [&](std::exception_ptr e, T value) {
    error = e;
    if (!e) result = std::move(value);
    io.stop();
  };
  io.restart();
  asio::co_spawn(io, std::move(task), done);
  io.run_for(std::chrono::seconds(20));
  if (error) std::rethrow_exception(error);
  if (!result) throw std::runtime_error("the coroutine did not complete in 20 s");
  return std::move(*result);
}

inline void run(asio::io_context& io, awaitable<void> task) {
  auto wrapped = [](awaitable<void> inner) -> awaitable<int> {
    co_await std::move(inner);
    co_return 0;
  }(std::move(task));
  run<int>(io, std::move(wrapped));
}

}  // namespace chaos::test
