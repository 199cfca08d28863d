#include "lab/cost.hpp"

#include <algorithm>

namespace chaos {

CostMeter::CostMeter(const google::protobuf::RepeatedPtrField<v1::RolePlan>& topology, double lab_s)
    : start_(lab_s), last_(lab_s) {
  for (const v1::RolePlan& plan : topology) lines_[plan.role()].usd_month = plan.usd_month();
}

void CostMeter::set(double lab_s, const std::string& role, int active) {
  const auto line = lines_.find(role);
  if (line == lines_.end() || closed_) return;
  const double now = std::max(lab_s, last_);
  sum_ += rate_ * (now - last_);
  last_ = now;
  line->second.active = active;
  rate_ = 0;
  for (const auto& [name, each] : lines_) rate_ += each.usd_month * each.active;
}

void CostMeter::restore(double lab_s, double usd_month) {
  last_ = std::max(lab_s, start_);
  sum_ = usd_month * (last_ - start_);
}

void CostMeter::close(double lab_s) {
  if (closed_) return;
  const double now = std::max(lab_s, last_);
  sum_ += rate_ * (now - last_);
  last_ = now;
  closed_ = true;
}

double CostMeter::usd_month(double lab_s) const {
  const double now = closed_ ? last_ : std::max(lab_s, last_);
  if (now <= start_) return rate_;
  return (sum_ + rate_ * (now - last_)) / (now - start_);
}

}  // namespace chaos
