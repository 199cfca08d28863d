#include "cdn/origins.hpp"

#include "cdn/forward.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr std::size_t kMaxConnections = 256;    // to one peer

}  // namespace

void Origins::reconfigure() {
  std::vector<v1::Peer> wanted = ctx_.peers(role_);
  const bool any_active = std::any_of(wanted.begin(), wanted.end(), [](const auto& peer) { return peer.duty() == v1::DUTY_ACTIVE; });
  if (any_active) std::erase_if(wanted, [](const auto& peer) { return peer.duty() != v1::DUTY_ACTIVE; });
  std::vector<PoolPtr> pools;
  for (const v1::Peer& peer : wanted) {
    const auto old = std::find_if(pools_.begin(), pools_.end(), [&](const PoolPtr& pool) { return same_place(pool->peer(), peer); });
    pools.push_back(old != pools_.end() ? *old : std::make_shared<HttpPool>(ctx_, peer, port_, kMaxConnections));
  }
  pools_ = std::move(pools);
}

Origins::PoolPtr Origins::next() { return pools_.empty() ? nullptr : pools_[turn_++ % pools_.size()]; }

awaitable<Result<HttpResponse>> Origins::fetch(HttpRequest request, RealTime deadline) {
  const RealTime begin = RealClock::now();
  auto result = co_await attempt(request, deadline);
  if (!result && may_retry(result.error(), request.method)) result = co_await attempt(std::move(request), deadline);
  metrics_.seconds.Observe(to_s(RealClock::now() - begin));
  if (!result || result->status >= 500) metrics_.errors.Increment();
  co_return result;
}

awaitable<Result<HttpResponse>> Origins::attempt(HttpRequest request, RealTime deadline) {
  const PoolPtr pool = next();
  if (!pool) co_return Errc::no_backend;
  co_return co_await pool->fetch(std::move(request), deadline);
}

}  // namespace chaos
