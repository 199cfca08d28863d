#include "postgres/replication/apply_gate.hpp"

#include <algorithm>

namespace chaos::pg {

void ApplyGate::receive(ReceivedChange change, LabTime now, LabDuration hold) {
  bytes_ += change.payload.size();
  const LabTime due = in_transaction() ? changes_.back().due : now + hold;
  changes_.push_back({std::move(change), now, due});
}

// How many of the front are one transaction; 0: it is not here to its end.
std::size_t ApplyGate::whole() const {
  const auto last = std::find_if(changes_.begin(), changes_.end(), [](const Waiting& waiting) { return !waiting.change.more; });
  return last == changes_.end() ? 0 : static_cast<std::size_t>(last - changes_.begin()) + 1;
}

std::vector<ReceivedChange> ApplyGate::take(LabTime now, std::size_t max_bytes, std::uint64_t up_to) {
  std::vector<ReceivedChange> taken;
  std::size_t size = 0;
  while (size < max_bytes) {
    std::size_t parts = whole();
    if (parts == 0 || changes_.front().due > now || changes_[parts - 1].change.lsn > up_to) break;
    for (; parts > 0; --parts) {
      size += changes_.front().change.payload.size() + 1;
      bytes_ -= changes_.front().change.payload.size();
      taken.push_back(std::move(changes_.front().change));
      changes_.pop_front();
    }
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

void ApplyGate::on_disk(std::uint64_t lsn) {
  const auto starts_after = [](std::uint64_t position, const Waiting& waiting) { return position < waiting.change.lsn; };
  auto at = std::upper_bound(changes_.begin(), changes_.end(), on_disk_, starts_after);
  for (; at != changes_.end() && at->change.lsn <= lsn; ++at) {
    if (!at->change.more) continue;
    bytes_ -= at->change.payload.size();
    std::string().swap(at->change.payload);
  }
  on_disk_ = lsn;
}

void ApplyGate::drop_unfinished() {
  for (; in_transaction(); changes_.pop_back()) bytes_ -= changes_.back().change.payload.size();
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
  on_disk_ = 0;
}

}  // namespace chaos::pg
