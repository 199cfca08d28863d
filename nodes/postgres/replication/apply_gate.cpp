#include "postgres/replication/apply_gate.hpp"

#include <algorithm>

namespace chaos::pg {

void ApplyGate::receive(ReceivedChange change, LabTime now, LabDuration hold) {
  bytes_ += change.payload.size();
  changes_.push_back({std::move(change), now, now + hold});
}

std::vector<ReceivedChange> ApplyGate::take(LabTime now, std::size_t max_bytes, std::uint64_t up_to) {
  std::vector<ReceivedChange> taken;
  std::size_t size = 0;
  while (!changes_.empty() && changes_.front().due <= now && changes_.front().change.lsn <= up_to && size < max_bytes) {
    size += changes_.front().change.payload.size() + 1;
    bytes_ -= changes_.front().change.payload.size();
    taken.push_back(std::move(changes_.front().change));
    changes_.pop_front();
  }
  return taken;
}

std::vector<const ReceivedChange*> ApplyGate::beyond(std::uint64_t lsn, std::size_t max_bytes) const {
  std::vector<const ReceivedChange*> found;
  const auto starts_after = [](std::uint64_t position, const Waiting& waiting) { return position < waiting.change.lsn; };
  std::size_t size = 0;
  for (auto at = std::upper_bound(changes_.begin(), changes_.end(), lsn, starts_after); at != changes_.end() && size < max_bytes; ++at) {
    size += at->change.payload.size() + 1;
    found.push_back(&at->change);
  }
  return found;
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

}  // namespace chaos::pg
