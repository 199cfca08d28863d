#include "client/targets.hpp"

#include "runtime/ports.hpp"

#include <algorithm>

namespace chaos {

void Targets::follow(std::size_t max_connections) {
  auto peers = ctx_.peers("cdn");
  const auto draining = [](const v1::Peer& peer) { return peer.duty() == v1::DUTY_DRAINING; };
  if (!std::all_of(peers.begin(), peers.end(), draining)) std::erase_if(peers, draining);

  auto before = std::exchange(pools_, {});
  if (std::exchange(max_connections_, max_connections) != max_connections) before.clear();
  for (auto& peer : peers) {
    const auto kept = std::find_if(before.begin(), before.end(), [&peer](const auto& pool) {
      return same_place(pool->peer(), peer);
    });
    pools_.push_back(kept != before.end() ? *kept : std::make_shared<HttpPool>(ctx_, peer, ports::kHttp, max_connections));
  }
}

std::shared_ptr<HttpPool> Targets::next() {
  if (pools_.empty()) return nullptr;
  return pools_[turn_++ % pools_.size()];
}

}  // namespace chaos
