#include "postgres/replication/wal_sender.hpp"

#include <algorithm>

namespace chaos::pg {

void ReplicaProgress::sent(std::int64_t seq, Lsn lsn, std::int64_t at_us) {
  sent_lsn = lsn;
  // A replica that is very far behind is measured by every second record, and so on: ages stay right to one record.
  if (open_.size() >= kMost) {
    std::deque<Sent> thinned;
    for (std::size_t i = 1; i < open_.size(); i += 2) thinned.push_back(open_[i]);
    open_.swap(thinned);
  }
  open_.push_back({seq, lsn, at_us});
}

void ReplicaProgress::confirmed(const StandbyStatus& heard, std::int64_t now_us) {
  status = heard;
  reply_us = now_us;
  while (!open_.empty() && open_.front().lsn <= heard.applied) {
    applied_seq = open_.front().seq;
    open_.pop_front();
  }
}

std::optional<std::int64_t> ReplicaProgress::lag_us(Lsn upto, std::int64_t now_us) const {
  const auto oldest = std::upper_bound(open_.begin(), open_.end(), upto, [](Lsn lsn, const Sent& sent) { return lsn < sent.lsn; });
  if (oldest == open_.end()) return std::nullopt;
  return std::max<std::int64_t>(0, now_us - oldest->at_us);
}

}  // namespace chaos::pg
