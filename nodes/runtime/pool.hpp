// A bounded pool of connections to one peer.
#pragma once

#include "runtime/error.hpp"
#include "runtime/wait_list.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace chaos {

/// Data thread only. Conn is any connection class; the pool knows only how to make one. A borrowed
/// connection goes back when its Lease is destroyed, unless discard() was called (after any error on it). One that was
/// idle for longer than max_idle is closed when the next comes back: before the other side closes it (http_server.hpp: 60 s).
template <class Conn>
class Pool {
 public:
  using Make = std::function<awaitable<Result<std::unique_ptr<Conn>>>(RealTime deadline)>;

  Pool(std::size_t limit, Make make) : limit_(limit), make_(std::move(make)) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  class Lease {
   public:
    Lease(Pool* pool, std::unique_ptr<Conn> conn, bool fresh) : pool_(pool), conn_(std::move(conn)), fresh_(fresh) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), conn_(std::move(other.conn_)), fresh_(other.fresh_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() { if (pool_) pool_->give_back(std::move(conn_)); }

    Conn* operator->() const { return conn_.get(); }
    Conn& operator*() const { return *conn_; }
    /// The connection is broken or in an unknown state: it is closed instead of kept.
    void discard() { conn_.reset(); }
    /// True when it was opened for this lease (false: kept alive from before, so it may be stale).
    bool fresh() const { return fresh_; }

   private:
    friend class Pool;
    Pool* pool_;
    std::unique_ptr<Conn> conn_;
    bool fresh_;
  };

  /// Errors: timeout (all in use until the deadline), or what `make` says.
  awaitable<Result<Lease>> acquire(RealTime deadline) {
    while (idle_.empty() && in_use_ >= limit_) {
      ++waits_;
      if (!co_await waiters_.wait(deadline)) co_return Errc::timeout;
    }
    ++in_use_;
    if (!idle_.empty()) {
      auto conn = std::move(idle_.back().conn);
      idle_.pop_back();
      co_return Lease(this, std::move(conn), false);
    }
    Lease lease(this, nullptr, true);   // counts as in use while it is being made
    auto made = co_await make_(deadline);
    if (!made) co_return made.error();
    lease.conn_ = std::move(*made);
    co_return std::move(lease);
  }

  void close_idle() { idle_.clear(); }
  void set_max_idle(RealDuration bound) { max_idle_ = bound; }
  void set_limit(std::size_t limit) { limit_ = limit; waiters_.notify_all(); }
  std::size_t in_use() const { return in_use_; }
  std::size_t idle() const { return idle_.size(); }
  std::size_t waiting() const { return waiters_.size(); }
  /// Acquisitions that found no free connection, since the start.
  std::uint64_t waits() const { return waits_; }

 private:
  void give_back(std::unique_ptr<Conn> conn) {
    --in_use_;
    const RealTime now = RealClock::now();
    while (!idle_.empty() && now - idle_.front().since > max_idle_) idle_.pop_front();
    if (conn && in_use_ + idle_.size() < limit_) idle_.push_back({std::move(conn), now});
    waiters_.notify_one();
  }

  struct Idle {
    std::unique_ptr<Conn> conn;
    RealTime since;
  };

  std::size_t limit_;
  Make make_;
  RealDuration max_idle_ = std::chrono::seconds(30);
  std::deque<Idle> idle_;         // the last one used is used next, so the first is the one idle for longest
  std::size_t in_use_ = 0;
  std::uint64_t waits_ = 0;
  WaitList waiters_;
};

}  // namespace chaos
