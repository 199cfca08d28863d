// How many users there are: a curve over lab time, linear between its points.
#pragma once

#include "runtime/units.hpp"

#include <vector>

namespace chaos::v1 { class Traffic; }

namespace chaos {

/// Constant before the first point and after the last; no points: no users. Pure.
class UserCurve {
 public:
  struct Point {
    LabTime at;
    double users;
  };

  UserCurve() = default;
  /// points: sorted by time; two at one instant make a step, the later one holds from there on.
  explicit UserCurve(std::vector<Point> points) : points_(std::move(points)) {}
  explicit UserCurve(const v1::Traffic& traffic);

  double at(LabTime t) const;
  /// The most users at any instant of [from, to].
  double max_between(LabTime from, LabTime to) const;

 private:
  std::vector<Point> points_;
};

}  // namespace chaos
