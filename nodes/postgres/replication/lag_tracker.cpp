#include "postgres/replication/lag_tracker.hpp"

namespace chaos::pg {

void LagTracker::ended(Lsn lsn, std::int64_t now_us) {
  if (lsn == last_) return;
  last_ = lsn;
  if (waiting_.size() >= kMost) waiting_.pop_back();
  waiting_.push_back({lsn, now_us});
}

// When the log here was where the standby is now.
std::optional<std::int64_t> LagTracker::between(Lsn lsn) const {
  if (waiting_.empty()) return std::nullopt;
  const Sample& next = waiting_.front();
  if (!reached_) return next.at_us;
  if (lsn < reached_->lsn || reached_->at_us > next.at_us) return std::nullopt;     // another timeline, a clock that was set
  const double part = static_cast<double>(lsn - reached_->lsn) / static_cast<double>(next.lsn - reached_->lsn);
  return reached_->at_us + static_cast<std::int64_t>(static_cast<double>(next.at_us - reached_->at_us) * part);
}

std::optional<std::int64_t> LagTracker::heard(Lsn lsn, std::int64_t now_us) {
  std::optional<std::int64_t> at;
  for (; !waiting_.empty() && waiting_.front().lsn <= lsn; waiting_.pop_front()) {
    reached_ = waiting_.front();
    at = reached_->at_us;
  }
  if (waiting_.empty()) reached_.reset();     // the next burst is not measured from the end of this one
  if (!at) at = between(lsn);
  if (!at || *at > now_us) return std::nullopt;
  return now_us - *at;
}

}  // namespace chaos::pg
