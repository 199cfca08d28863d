#include "serve/failover_snapshot.hpp"

#include <chrono>

namespace chaos {

namespace {

v1::LogMark saved_mark(const WalMark& mark) {
  v1::LogMark out;
  out.set_lsn(mark.lsn);
  out.set_transactions(mark.transactions);
  return out;
}

}  // namespace

v1::FailoverSnapshot take_failover(const LabModel& model) {
  const FailoverLoss& loss = *model.failover->loss;
  v1::FailoverSnapshot out;
  out.set_from(loss.from);
  out.set_to(loss.to);
  out.set_rejoin(model.failover->rejoin);
  out.set_actor(model.failover->actor);
  out.set_promoting(model.promoting == loss.to);
  if (loss.before) *out.mutable_before() = saved_mark(*loss.before);
  if (loss.after) *out.mutable_after() = saved_mark(*loss.after);
  out.set_silent_s(to_s(loss.silent));
  out.set_counted(loss.counted);
  out.set_acknowledged(loss.acknowledged);
  out.mutable_lost()->Add(loss.orders.begin(), loss.orders.end());
  return out;
}

void restore_failover(LabModel& model, const v1::FailoverSnapshot& saved) {
  const auto loss = std::make_shared<FailoverLoss>();
  loss->from = saved.from();
  loss->to = saved.to();
  if (saved.has_before()) loss->before = WalMark{saved.before().lsn(), saved.before().transactions(), {}};
  if (saved.has_after()) loss->after = WalMark{saved.after().lsn(), saved.after().transactions(), {}};
  loss->silent = std::chrono::duration_cast<RealDuration>(std::chrono::duration<double>(saved.silent_s()));
  loss->counted = loss->over = saved.counted();
  loss->acknowledged = saved.acknowledged();
  loss->orders.assign(saved.lost().begin(), saved.lost().end());
  model.promoting = saved.promoting() ? saved.to() : "";
  model.failover = OpenFailover{saved.rejoin(), saved.actor(), loss};
}

}  // namespace chaos
