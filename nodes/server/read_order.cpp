#include "server/read_order.hpp"

#include <algorithm>

namespace chaos {

std::vector<v1::Peer> reading_replicas(std::vector<v1::Peer> replicas) {
  const auto active = [](const v1::Peer& peer) { return peer.duty() == v1::DUTY_ACTIVE; };
  if (std::any_of(replicas.begin(), replicas.end(), active)) {
    std::erase_if(replicas, [&](const v1::Peer& peer) { return !active(peer); });
  }
  return replicas;
}

std::optional<std::size_t> replica_for(std::uint64_t turn, std::size_t replicas) {
  if (replicas == 0) return std::nullopt;
  return static_cast<std::size_t>(turn % replicas);
}

bool falls_back(ErrorCode error) {
  return error == Errc::refused || error == Errc::reset || error == Errc::closed || error == Errc::rejected;
}

bool looks_stale(ErrorCode error) { return error == Errc::closed || error == Errc::reset; }

}  // namespace chaos
