#include "postgres/replication/wal_sender.hpp"

namespace chaos::pg {

void ReplicaProgress::log_ends(Lsn lsn, std::int64_t now_us) {
  for (LagTracker* tracker : {&write_, &flush_, &replay_}) tracker->ended(lsn, now_us);
}

void ReplicaProgress::sent(std::int64_t seq, Lsn lsn) {
  sent_lsn = lsn;
  // Of a replica that is very far behind every second record is remembered, and so on.
  if (open_.size() >= kMost) {
    std::deque<Sent> thinned;
    for (std::size_t i = 1; i < open_.size(); i += 2) thinned.push_back(open_[i]);
    open_.swap(thinned);
  }
  open_.push_back({seq, lsn});
}

void ReplicaProgress::confirmed(const StandbyStatus& heard, std::int64_t now_us) {
  status = heard;
  reply_us = now_us;
  while (!open_.empty() && open_.front().lsn <= heard.applied) {
    applied_seq = open_.front().seq;
    open_.pop_front();
  }
  const auto write = write_.heard(heard.written, now_us), flush = flush_.heard(heard.flushed, now_us), replay = replay_.heard(heard.applied, now_us);
  // A second answer in a row that all is applied comes from the standby's interval: it has been idle, and old lags say nothing.
  const bool applied_all = heard.applied == sent_lsn, idle = applied_all && had_applied_all_;
  had_applied_all_ = applied_all;
  if (write || idle) write_lag_us = write;
  if (flush || idle) flush_lag_us = flush;
  if (replay || idle) replay_lag_us = replay;
}

}  // namespace chaos::pg
