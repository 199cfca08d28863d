#include "record/chart_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace chaos::record {
namespace {

double nice_step(double range, int count) {
  const double raw = range / std::max(1, count);
  const double unit = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (unit * factor >= raw * (1 - 1e-9)) return unit * factor;
  }
  return unit * 10;
}

struct Bucket {
  Point low, high;
  bool gap = false;
  bool any = false;
};

void take(Bucket* bucket, const Point& point) {
  if (!std::isfinite(point.y)) {
    bucket->gap = true;
    return;
  }
  if (!bucket->any || point.y < bucket->low.y) bucket->low = point;
  if (!bucket->any || point.y > bucket->high.y) bucket->high = point;
  bucket->any = true;
}

void emit(const Bucket& bucket, double x, std::vector<Point>* out) {
  if (bucket.any) {
    const bool low_first = bucket.low.x <= bucket.high.x;
    const Point& first = low_first ? bucket.low : bucket.high;
    const Point& second = low_first ? bucket.high : bucket.low;
    out->push_back(first);
    if (second.x != first.x) out->push_back(second);
  }
  const bool open = !out->empty() && std::isfinite(out->back().y);
  if (bucket.gap && !bucket.any && open) out->push_back({x, std::numeric_limits<double>::quiet_NaN()});
}

}  // namespace

double Scale::operator()(double value) const {
  double share = 0;
  if (log) {
    share = std::log(std::max(value, from) / from) / std::log(to / from);
  } else if (to != from) {
    share = (value - from) / (to - from);
  }
  return px_from + share * (px_to - px_from);
}

std::vector<double> nice_ticks(double lo, double hi, int count) {
  const double step = nice_step(hi - lo, count);
  std::vector<double> ticks;
  const auto last = static_cast<long>(std::floor(hi / step * (1 + 1e-9)));
  for (auto i = static_cast<long>(std::ceil(lo / step - 1e-9)); i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

double nice_top(double hi, int count) {
  if (!(hi > 0)) return 1;
  const double step = nice_step(hi, count);
  return std::ceil(hi / step - 1e-9) * step;
}

std::vector<double> log_ticks(double lo, double hi) {
  const bool thin = hi / lo > 1000;
  std::vector<double> ticks;
  for (double unit = std::pow(10.0, std::floor(std::log10(lo))); unit <= hi * (1 + 1e-9); unit *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = unit * factor;
      const bool inside = tick >= lo * (1 - 1e-9) && tick <= hi * (1 + 1e-9);
      if (inside && (factor == 1.0 || !thin)) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::vector<double> time_ticks(double from, double to, int count) {
  static constexpr std::array<double, 13> kSteps{60,    120,   300,   600,   900,    1800,   3600,
                                                 7200, 10800, 14400, 21600, 43200, 86400};
  double step = kSteps.back();
  for (const double candidate : kSteps) {
    if ((to - from) / candidate > count) continue;
    step = candidate;
    break;
  }
  while ((to - from) / step > count) step *= 2;
  std::vector<double> ticks;
  for (double t = std::ceil(from / step) * step; t <= to; t += step) ticks.push_back(t);
  return ticks;
}

std::vector<Point> decimate(const std::vector<Point>& points, double from, double to, std::size_t buckets) {
  if (points.size() <= 2 * buckets || !(to > from)) return points;
  const double width = (to - from) / static_cast<double>(buckets);
  std::vector<Point> out;
  Bucket bucket;
  double at = -1;
  double x = 0;
  for (const auto& point : points) {
    const double index = std::floor((point.x - from) / width);
    if (index != at) {
      emit(bucket, x, &out);
      bucket = {};
      at = index;
    }
    x = point.x;
    take(&bucket, point);
  }
  emit(bucket, x, &out);
  return out;
}

double value_at(const std::vector<Point>& points, double x, double reach) {
  const auto after = std::upper_bound(points.begin(), points.end(), x, [](double v, const Point& p) { return v < p.x; });
  if (after == points.begin()) return std::numeric_limits<double>::quiet_NaN();
  const Point& point = *std::prev(after);
  return x - point.x <= reach ? point.y : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace chaos::record
