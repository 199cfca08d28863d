#include "replica/apply_gate.hpp"

#include <algorithm>

namespace chaos {

void ApplyGate::receive(ReceivedChange change, LabTime now, LabDuration hold) {
  bytes_ += change.payload.size();
  changes_.push_back({std::move(change), now, now + hold});
}

std::vector<ReceivedChange> ApplyGate::take(LabTime now, std::size_t max_bytes) {
  std::vector<ReceivedChange> taken;
  std::size_t size = 0;
  while (!changes_.empty() && changes_.front().due <= now && size < max_bytes) {
    size += changes_.front().change.payload.size() + 1;
    bytes_ -= changes_.front().change.payload.size();
    taken.push_back(std::move(changes_.front().change));
    changes_.pop_front();
  }
  return taken;
}

void ApplyGate::shorten(LabDuration longest) {
  for (Waiting& waiting : changes_) waiting.due = std::min(waiting.due, waiting.received + longest);
}

std::optional<LabTime> ApplyGate::next_due() const {
  if (changes_.empty()) return std::nullopt;
  return changes_.front().due;
}

void ApplyGate::clear() {
  changes_.clear();
  bytes_ = 0;
}

}  // namespace chaos
