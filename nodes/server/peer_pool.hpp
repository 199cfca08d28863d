// A pool of connections to one upstream node, and the pools to all nodes of a role.
#pragma once

#include "runtime/node.hpp"
#include "runtime/pool.hpp"
#include "server/metrics.hpp"
#include "server/read_order.hpp"

#include <algorithm>

namespace chaos {

template <class Conn>
struct PeerPool {
  PeerPool(v1::Peer p, std::size_t limit, typename Pool<Conn>::Make make) : peer(std::move(p)), pool(limit, std::move(make)) {}
  const v1::Peer peer;
  Pool<Conn> pool;
  std::uint64_t told_waits = 0;   // of pool.waits(), in the metrics already
};

/// Follows the peers of a role: pools of peers that stay are kept, those of peers that left live on until their last
/// call is over. Data thread only.
template <class Conn>
class RolePools {
 public:
  using PoolPtr = std::shared_ptr<PeerPool<Conn>>;
  using Open = std::function<awaitable<Result<std::unique_ptr<Conn>>>(v1::Peer peer, RealTime deadline)>;

  RolePools(UpstreamMetrics& metrics, Open open) : metrics_(metrics), open_(std::move(open)) {}

  void follow(const std::vector<v1::Peer>& peers, std::size_t limit) {
    std::vector<PoolPtr> pools;
    for (const auto& peer : peers) {
      auto pool = kept(peer);
      if (pool) pool->pool.set_limit(limit);
      else pool = std::make_shared<PeerPool<Conn>>(peer, limit, [this, peer](RealTime deadline) { return open_(peer, deadline); });
      pools.push_back(std::move(pool));
    }
    pools_ = std::move(pools);
  }

  const std::vector<PoolPtr>& pools() const { return pools_; }
  PoolPtr first() const { return pools_.empty() ? nullptr : pools_.front(); }
  UpstreamMetrics& metrics() const { return metrics_; }

  /// Carries the pools' figures over to the metrics.
  void measure() {
    std::size_t in_use = 0;
    for (const auto& pool : pools_) {
      in_use += pool->pool.in_use();
      metrics_.waited(pool->pool.waits() - pool->told_waits);
      pool->told_waits = pool->pool.waits();
    }
    metrics_.set_in_use(in_use);
  }

 private:
  PoolPtr kept(const v1::Peer& peer) const {
    const auto same = [&](const PoolPtr& pool) { return same_place(pool->peer, peer); };
    const auto found = std::find_if(pools_.begin(), pools_.end(), same);
    return found == pools_.end() ? nullptr : *found;
  }

  UpstreamMetrics& metrics_;
  Open open_;
  std::vector<PoolPtr> pools_;
};

/// What becomes of a call whose kept connection turns out to have been closed while it was idle.
enum class Stale { retry, fail };

/// One call on a connection of the pool. Stale::retry makes it once more on a fresh connection: only for calls that do
/// no harm when they are carried out twice. Two functions for each Conn say more: survives(connection, error) that the
/// connection is as good as before, so that it is kept; not_taken(connection, error) that the peer surely did not carry
/// the call out, so that it is made once more whatever `stale` says.
template <class T, class Conn, class Call>
awaitable<Result<T>> call_upstream(std::shared_ptr<PeerPool<Conn>> peer, Call call, Stale stale, RealTime deadline) {
  while (true) {
    auto lease = co_await peer->pool.acquire(deadline);
    if (!lease) co_return lease.error();
    Result<T> result = co_await call(**lease);
    if (result || survives(**lease, result.error())) co_return result;
    const bool again = not_taken(**lease, result.error());
    lease->discard();
    if (lease->fresh() || !(again || looks_stale(result.error()))) co_return result;
    peer->pool.close_idle();   // they are as old
    if (!again && stale == Stale::fail) co_return result;
  }
}

}  // namespace chaos
