#include "lab/contract.hpp"

#include <algorithm>

namespace chaos {

namespace {

double ratio(std::uint64_t good, std::uint64_t total) {
  return total ? static_cast<double>(good) / static_cast<double>(total) : 1;
}

void add_to(std::map<std::int64_t, MinuteCount>& minutes, const MinuteCount& more) {
  MinuteCount& minute = minutes[more.lab_minute];
  minute.lab_minute = more.lab_minute;
  minute.total += more.total;
  minute.good += more.good;
}

}  // namespace

std::optional<MinuteCount> worst_minute(const std::vector<MinuteCount>& minutes) {
  std::optional<MinuteCount> worst;
  std::optional<MinuteCount> worst_of_all;
  const auto take = [](std::optional<MinuteCount>& so_far, const MinuteCount& minute) {
    if (!so_far || minute.success() < so_far->success()) so_far = minute;
  };
  for (const MinuteCount& minute : minutes) {
    if (minute.good < minute.total) take(worst_of_all, minute);
    if (minute.total >= kWorstMinuteRequests) take(worst, minute);
  }
  const bool saw_failure = worst && worst->good < worst->total;
  return saw_failure || !worst_of_all ? worst : worst_of_all;
}

ContractTally::ContractTally(v1::Contract contract, RealDuration window)
    : contract_(std::move(contract)), window_(window) {}

void ContractTally::add(const v1::Report& report, RealTime now) {
  if (report.minutes().empty() && report.user_latency().bucket().empty()) return;
  if (slices_.empty()) first_ = now;
  Slice slice{now, 0, 0, {}};
  for (const v1::MinuteTally& tally : report.minutes()) {
    add_to(minutes_, {tally.lab_minute(), tally.total(), tally.good()});
    slice.total += tally.total();
    slice.good += tally.good();
  }
  slice.latency.merge(report.user_latency());
  latency_.merge(report.user_latency());
  total_ += slice.total;
  good_ += slice.good;
  slices_.push_back(std::move(slice));
  slide(now);
}

void ContractTally::restore(const std::vector<MinuteCount>& minutes, const Histogram& latency) {
  for (const MinuteCount& minute : minutes) {
    add_to(minutes_, minute);
    total_ += minute.total;
    good_ += minute.good;
  }
  latency_.merge(latency);
}

double ContractTally::uptime() const { return ratio(good_, total_); }

double ContractTally::error_budget_left() const {
  const auto bad = static_cast<double>(total_ - good_);
  if (bad == 0) return 1;
  const double allowed = (1 - contract_.uptime_min()) * static_cast<double>(total_);
  return allowed > 0 ? 1 - bad / allowed : -1;
}

std::vector<MinuteCount> ContractTally::minutes() const {
  std::vector<MinuteCount> out;
  out.reserve(minutes_.size());
  for (const auto& [key, minute] : minutes_) out.push_back(minute);
  return out;
}

std::optional<double> ContractTally::success(std::int64_t from, std::int64_t to) const {
  std::uint64_t total = 0;
  std::uint64_t good = 0;
  for (auto it = minutes_.lower_bound(from); it != minutes_.end() && it->first <= to; ++it) {
    total += it->second.total;
    good += it->second.good;
  }
  if (total == 0) return std::nullopt;
  return ratio(good, total);
}

void ContractTally::slide(RealTime now) {
  while (!slices_.empty() && now - slices_.front().at >= window_) slices_.pop_front();
}

double ContractTally::uptime_now() const {
  std::uint64_t total = 0;
  std::uint64_t good = 0;
  for (const Slice& slice : slices_) {
    total += slice.total;
    good += slice.good;
  }
  return ratio(good, total);
}

double ContractTally::p95_ms_now() const {
  Histogram all;
  for (const Slice& slice : slices_) all.merge(slice.latency);
  return all.quantile_ms(0.95);
}

double ContractTally::rate_now(RealTime now) const {
  std::uint64_t total = 0;
  for (const Slice& slice : slices_) total += slice.total;
  const double covered = std::clamp(to_s(now - first_), 0.25, to_s(window_));
  return static_cast<double>(total) / covered;
}

v1::ContractStatus ContractTally::status(double budget_usd_month) const {
  v1::ContractStatus out;
  out.set_uptime(uptime());
  out.set_uptime_min(contract_.uptime_min());
  out.set_p95_ms(p95_ms());
  out.set_p95_ms_max(contract_.p95_ms_max());
  out.set_budget_usd_month(budget_usd_month);
  out.set_budget_usd_month_max(contract_.budget_usd_month_max());
  out.set_met(out.uptime() >= out.uptime_min() && out.p95_ms() <= out.p95_ms_max() &&
              budget_usd_month <= out.budget_usd_month_max());
  out.set_requests(total_);
  out.set_good(good_);
  out.set_uptime_now(uptime_now());
  out.set_p95_ms_now(p95_ms_now());
  out.set_error_budget_left(error_budget_left());
  return out;
}

}  // namespace chaos
