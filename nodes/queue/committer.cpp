#include "queue/committer.hpp"

#include "runtime/sleep.hpp"

namespace chaos::broker {

namespace {
constexpr std::chrono::milliseconds kPause{1};
constexpr std::chrono::milliseconds kRetry{200};
}  // namespace

Committer::Committer(Store& store, Log& log) : store_(store), log_(log) {
  store_.on_change([this] { work_.notify_one(); });
}

void Committer::confirm(std::weak_ptr<Publisher> publisher, std::uint64_t number, RequestStats::Scope scope) {
  waiting_.push_back({std::move(publisher), number, std::move(scope)});
  work_.notify_one();
}

awaitable<void> Committer::run() {
  auto executor = co_await asio::this_coro::executor;
  while (true) {
    while (!store_.dirty() && waiting_.empty()) co_await work_.wait(RealTime::max());
    co_await asio::post(executor, asio::use_awaitable);   // what is ready now comes along
    const bool done = flush();
    co_await sleep_real(done ? kPause : kRetry);
  }
}

bool Committer::flush() {
  try {
    store_.commit();
  } catch (const std::exception& e) {
    log_.error("commit_failed", {{"error", std::string(e.what())}});
    return false;
  }
  tell();
  return true;
}

// Consecutive publishes of one publisher become one confirm.
void Committer::tell() {
  auto waiting = std::move(waiting_);
  waiting_.clear();
  for (std::size_t at = 0; at < waiting.size();) {
    const auto publisher = waiting[at].publisher.lock();
    std::uint64_t count = 0;
    std::uint64_t last = 0;
    for (; at < waiting.size() && waiting[at].publisher.lock() == publisher; ++at, ++count) {
      waiting[at].scope.finish(true);
      last = waiting[at].number;
    }
    if (publisher) publisher->confirmed(last, count);
  }
}

}  // namespace chaos::broker
