#include "runtime/block_gate.hpp"

namespace chaos {

void BlockGate::block(const std::string& id, RealTime until) {
  std::unique_lock lock(mutex_);
  const auto free = [&] { return !wanted_.contains(id); };
  if (until == RealTime::max()) {
    changed_.wait(lock, free);
  } else {
    changed_.wait_until(lock, until, free);
  }
}

void BlockGate::wanted(std::set<std::string> ids) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::move(ids);
  }
  changed_.notify_all();
}

}  // namespace chaos
