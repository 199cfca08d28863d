#include "client/user_curve.hpp"

#include "chaoslab/v1/node.pb.h"

#include <algorithm>

namespace chaos {

namespace {
bool later(LabTime t, const UserCurve::Point& point) { return t < point.at; }
}  // namespace

UserCurve::UserCurve(const v1::Traffic& traffic) {
  points_.reserve(static_cast<std::size_t>(traffic.users_size()));
  for (const auto& point : traffic.users()) {
    points_.push_back({LabTime::from_seconds(point.lab_s()), std::max(0.0, point.users())});
  }
}

double UserCurve::at(LabTime t) const {
  if (points_.empty()) return 0;
  const auto next = std::upper_bound(points_.begin(), points_.end(), t, later);
  if (next == points_.begin()) return next->users;
  const auto last = std::prev(next);
  if (next == points_.end()) return last->users;
  const double way = (t - last->at).seconds() / (next->at - last->at).seconds();
  return last->users + way * (next->users - last->users);
}

double UserCurve::max_between(LabTime from, LabTime to) const {
  double most = std::max(at(from), at(to));
  auto knot = std::upper_bound(points_.begin(), points_.end(), from, later);
  for (; knot != points_.end() && knot->at <= to; ++knot) most = std::max(most, knot->users);
  return most;
}

}  // namespace chaos
