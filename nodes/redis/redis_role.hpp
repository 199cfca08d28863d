// The Redis node: sockets around the engine.
#pragma once

#include "redis/metrics.hpp"
#include "runtime/listener.hpp"
#include "wire/resp_request.hpp"

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
  struct Session;

  awaitable<void> session(std::shared_ptr<EdgeStream> stream);
  awaitable<void> converse(Session& session);
  awaitable<void> serve_all(Session& session);
  awaitable<bool> prepare(CallVerdict verdict, resp::Writer& out);
  awaitable<Result<void>> flush(Session& session);
  awaitable<void> tick();
  void apply(const v1::RedisConfig& config);

  NodeContext& ctx_;
  Engine engine_;
  Metrics metrics_;
  Station station_;
  v1::RedisConfig applied_;
  bool emulates_work_ = false;   // the station's service time is not zero
  bool draining_ = false;
  Listener listener_;
};

}  // namespace chaos::redis
