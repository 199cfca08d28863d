// Geometry of the charts: scales, ticks, decimation. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chaos::record {

struct Point {
  double x = 0;   // lab seconds
  double y = 0;   // NaN: not measured, the line breaks
};

/// Maps [from, to] to [px_from, px_to]; logarithmic when asked for (from > 0 then; lower values count as `from`).
struct Scale {
  double from = 0;
  double to = 1;
  double px_from = 0;
  double px_to = 1;
  bool log = false;
  double operator()(double value) const;
};

/// 1, 2, 2.5, 5 x 10^n steps inside of [lo, hi], about `count` of them; lo < hi.
std::vector<double> nice_ticks(double lo, double hi, int count);
/// The smallest such step's multiple that is at least `hi` (with lo = 0): where an axis from zero ends.
double nice_top(double hi, int count);
/// 1, 2, 5 x 10^n inside of [lo, hi]; lo > 0. Thinned to 1 x 10^n over more than three decades.
std::vector<double> log_ticks(double lo, double hi);
/// Round lab times (minutes, hours, days) in [from, to], at most `count`.
std::vector<double> time_ticks(double from, double to, int count);

/// At most about 2 x buckets points that draw as the same line: of each bucket of x the lowest and the highest
/// value, in their order. A gap (NaN) stays a gap.
std::vector<Point> decimate(const std::vector<Point>& points, double from, double to, std::size_t buckets);

/// The value in force at x: of the last point at or before it; NaN when there is none within `reach` before it.
double value_at(const std::vector<Point>& points, double x, double reach);

}  // namespace chaos::record
