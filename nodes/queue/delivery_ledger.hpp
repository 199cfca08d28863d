// The unacknowledged deliveries of one channel by delivery tag (specification section 3.1.8: tags are per channel,
// from 1).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace chaos::broker {

template <class Entry>
class DeliveryLedger {
 public:
  /// The next tag; nothing is kept for a delivery that needs no acknowledgement.
  std::uint64_t issue() { return ++last_; }
  /// What issue() will give.
  std::uint64_t next() const { return last_ + 1; }
  /// Back under its tag, after take().
  void restore(std::uint64_t tag, Entry entry) { unacked_.emplace(tag, std::move(entry)); }
  std::uint64_t issue(Entry entry) {
    unacked_.emplace(++last_, std::move(entry));
    return last_;
  }

  /// Takes out `tag`, or with `multiple` everything up to it; tag 0 with multiple means everything. Oldest first.
  /// nullopt: an unknown tag (reply precondition_failed).
  std::optional<std::vector<Entry>> take(std::uint64_t tag, bool multiple) {
    auto begin = unacked_.begin();
    auto end = unacked_.end();
    if (tag != 0 || !multiple) {
      const auto at = unacked_.find(tag);
      if (at == end) return std::nullopt;
      if (!multiple) begin = at;
      end = std::next(at);
    }
    std::vector<Entry> taken;
    for (auto it = begin; it != end; ++it) taken.push_back(std::move(it->second));
    unacked_.erase(begin, end);
    return taken;
  }
  std::vector<Entry> take_all() { return *take(0, true); }
  std::size_t size() const { return unacked_.size(); }

 private:
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Entry> unacked_;
};

}  // namespace chaos::broker
