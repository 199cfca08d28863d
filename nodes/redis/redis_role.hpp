// The Redis node: sockets around the engine.
#pragma once

#include "redis/metrics.hpp"
#include "redis/session.hpp"
#include "runtime/listener.hpp"

namespace chaos::redis {

/// Puts its keyspace into ctx.states["redis.keyspace"] (a Keyspace*), for the flush fault.
class RedisRole final : public Role {
 public:
  explicit RedisRole(NodeContext& ctx);
  ~RedisRole() override;

  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override;
  void before_scrape() override;
  void report(v1::Report& out) override;

 private:
  /// Why serving stopped: nothing more has come; no protocol; the next command has to wait for its turn first; the one
  /// before has no answer yet; answers are to be sent first.
  enum class Stop { idle, malformed, turn, waits, full };

  awaitable<void> accept(std::shared_ptr<EdgeStream> stream);
  awaitable<void> converse(Session& session);
  awaitable<void> serve(Session& session, Stop stop);
  Stop serve_ready(Session& session);
  Outcome carry_out(Session& session, Moment at);
  awaitable<void> take_turn(Session& session);
  awaitable<RealDuration> work(Session& session, bool& fine);
  awaitable<void> wait_answer(Session& session);
  awaitable<bool> flush(Session& session);
  bool send_now(Session& session);
  void wake(Session& session);
  awaitable<void> pump(std::shared_ptr<Session> session);
  awaitable<void> tick();
  void apply(const v1::RedisConfig& config);

  NodeContext& ctx_;
  Engine engine_;
  Metrics metrics_;
  Station station_;
  v1::RedisConfig applied_;
  std::vector<RequestStats::Operation*> operations_;   // by a row's index; null until it is first called
  WaitList gate_;                // commands wait here while the command thread is busy or clients are paused
  bool configured_ = false;
  bool emulates_work_ = false;   // the station's service time is not zero
  bool draining_ = false;
  Listener listener_;
};

}  // namespace chaos::redis
