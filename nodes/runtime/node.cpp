#include "runtime/node.hpp"

namespace chaos {

std::vector<v1::Peer> NodeContext::peers(std::string_view wanted) const {
  std::vector<v1::Peer> found;
  for (const v1::Peer& peer : desired().peers()) {
    if (peer.role() == wanted) found.push_back(peer);
  }
  return found;
}

const v1::Peer* NodeContext::first_peer(std::string_view wanted) const {
  const v1::Peer* fallback = nullptr;
  for (const v1::Peer& peer : desired().peers()) {
    if (peer.role() != wanted) continue;
    if (peer.duty() == v1::DUTY_ACTIVE) return &peer;
    fallback = &peer;
  }
  return fallback;
}

bool same_place(const v1::Peer& a, const v1::Peer& b) { return a.name() == b.name() && a.address() == b.address(); }

StationSettings station_settings(const v1::StationConfig& config) {
  return {{config.slots(), config.queue()}, config.service_ms(), config.service_cv()};
}

}  // namespace chaos
