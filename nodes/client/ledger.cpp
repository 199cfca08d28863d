#include "client/ledger.hpp"

#include "chaoslab/v1/node.pb.h"

#include <algorithm>

namespace chaos {

namespace {
constexpr std::size_t kOrdersATime = 10'000;   // a report stays small even after a restart late in a long run
}  // namespace

Result<void> Ledger::begin(std::string run) {
  run_ = std::move(run);
  minutes_.clear();
  latency_.clear();
  lateness_.clear();
  untold_.clear();
  retries_ = 0;
  auto known = acks_.open(dir_, run_);
  if (!known) return known.error();
  untold_ = std::move(*known);
  return boost::system::in_place_value;
}

void Ledger::finished(LabTime intended, Outcome outcome, RealDuration took) {
  minutes_.count(intended, outcome == Outcome::good);
  if (answered(outcome)) latency_.add(took);
}

Result<void> Ledger::acknowledged(std::int64_t order) {
  untold_.push_back(order);
  return acks_.append(order);
}

void Ledger::tell(v1::Report& out) {
  for (const auto& [minute, tally] : minutes_.take()) {
    auto* told = out.add_minutes();
    told->set_lab_minute(minute);
    told->set_total(tally.total);
    told->set_good(tally.good);
  }
  latency_.write(out.mutable_user_latency());
  latency_.clear();
  const auto told = untold_.begin() + static_cast<std::ptrdiff_t>(std::min(untold_.size(), kOrdersATime));
  out.mutable_acked_orders()->Add(untold_.begin(), told);
  untold_.erase(untold_.begin(), told);
  out.set_retries_total(retries_);
  out.set_lateness_p99_ms(lateness_.quantile_ms(0.99));
  lateness_.clear();
  out.set_run(run_);
}

}  // namespace chaos
