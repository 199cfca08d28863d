#include "serve/recorder.hpp"

#include "serve/host.hpp"

namespace chaos {

std::uint64_t Recorder::append(const v1::Event& event) {
  stale_ = true;
  last_seq_ = writer_ ? writer_->append(event) : last_seq_ + 1;
  return last_seq_;
}

void Recorder::add(const v1::Report& report) {
  if (!writer_ || report.run() != model_.run) return;
  for (const v1::MinuteTally& minute : report.minutes()) {
    writer_->add_minutes(minute);
    interval_requests_ += minute.total();
    interval_good_ += minute.good();
  }
  if (report.user_latency().bucket_size() > 0) {
    writer_->add_latency(report.user_latency());
    interval_.merge(report.user_latency());
  }
  if (report.acked_orders_size() > 0) writer_->add_orders({report.acked_orders().data(), static_cast<std::size_t>(report.acked_orders_size())});
}

void Recorder::keep(const v1::Snapshot& snapshot) {
  if (writer_ && !sealed_) writer_->set_snapshot(snapshot.SerializeAsString());
}

void Recorder::seal(const v1::Snapshot& last) {
  keep(last);
  sealed_ = true;
  flush();
}

SliSample Recorder::sli() {
  const RealTime now = RealClock::now();
  model_.tally.slide(now);
  SliSample sample;
  sample.lab_s = model_.run_lab_s();
  sample.unix_us = unix_us_now();
  sample.users = model_.traffic_open ? users_at(model_.drill().traffic(), model_.overlay, sample.lab_s) : 0;
  sample.planned_users = planned_users(model_.drill().traffic(), sample.lab_s);
  sample.rate = model_.tally.rate_now(now);
  if (interval_.count() > 0) {
    sample.p50_ms = interval_.quantile_ms(0.5);
    sample.p95_ms = interval_.quantile_ms(0.95);
    sample.p99_ms = interval_.quantile_ms(0.99);
  }
  if (interval_requests_ > 0) sample.success = static_cast<double>(interval_good_) / static_cast<double>(interval_requests_);
  if (model_.tally.requests() > 0) {
    sample.uptime = model_.tally.uptime();
    sample.p95_run_ms = model_.tally.p95_ms();
  }
  sample.budget_usd_month = model_.cost.usd_month(sample.lab_s);
  return sample;
}

void Recorder::sample() {
  if (!writer_) return;
  const SliSample sample = sli();
  const RealTime now = RealClock::now();
  for (const NodeEntry& node : model_.registry.nodes()) writer_->add_node(sample.lab_s, sample.unix_us, model_.registry.status(node, now));
  writer_->add_sli(sample);
  interval_.clear();
  interval_requests_ = interval_good_ = 0;
  flush();
}

void Recorder::add_failover_losses(const std::vector<std::int64_t>& ids) {
  if (writer_) writer_->add_failover_losses(ids);
}

void Recorder::set_ledger(Ledger ledger) {
  if (writer_) writer_->set_ledger(std::move(ledger));
}

void Recorder::interrupt() {
  if (writer_) writer_->interrupt();
}

void Recorder::finish() {
  if (!writer_) return;
  const double lab_s = model_.run_lab_s();
  const auto done = writer_->finish(model_.tally.status(model_.cost.usd_month(lab_s)), lab_s, unix_us_now());
  if (!done) log_.error("record_failed", {{"why", done.error().text}});
  writer_.reset();
}

void Recorder::flush() {
  stale_ = false;
  if (!writer_) return;
  if (const auto done = writer_->flush(); !done) log_.error("record_failed", {{"why", done.error().text}});
}

}  // namespace chaos
