#include "lab/curve.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;
constexpr double kStep = 300;

// The daytime shoulder: none until 05:00, whole from 09:00 to 21:00, none again at 24:00.
constexpr double kMorningFrom = 5 * kHour;
constexpr double kMorningTo = 9 * kHour;
constexpr double kEveningFrom = 21 * kHour;
constexpr double kEveningTo = 24 * kHour;
// The users rise to the peak in the hour before the busy window and fall in the hour after it.
constexpr double kBusyRamp = kHour;

double smoothstep(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

double daytime(double t) { return smoothstep(kMorningFrom, kMorningTo, t) - smoothstep(kEveningFrom, kEveningTo, t); }

double busy(const v1::TrafficPlan& plan, double t) {
  const double to = plan.busy_to() > plan.busy_from() ? plan.busy_to() : plan.busy_to() + kDay;
  return smoothstep(plan.busy_from() - kBusyRamp, plan.busy_from(), t) - smoothstep(to, to + kBusyRamp, t);
}

// A window near midnight has its ramps in the neighbouring days.
double busy_any_day(const v1::TrafficPlan& plan, double t) {
  return std::max({busy(plan, t), busy(plan, t - kDay), busy(plan, t + kDay)});
}

bool covers(const Spike& spike, double lab_s) { return lab_s >= spike.from_lab_s && lab_s < spike.to_lab_s; }

v1::CurvePoint point(double lab_s, double users) {
  v1::CurvePoint p;
  p.set_lab_s(lab_s);
  p.set_users(users);
  return p;
}

// Where the line between two grid points would cut a corner.
void add_edges(const TrafficOverlay& overlay, LabSpan span, std::vector<double>& times) {
  for (const Spike& spike : overlay.spikes) {
    for (const double edge : {spike.from_lab_s - 1, spike.from_lab_s, spike.to_lab_s - 1, spike.to_lab_s}) {
      if (edge > span.from_lab_s && edge < span.to_lab_s) times.push_back(edge);
    }
  }
}

}  // namespace

double planned_users(const v1::TrafficPlan& plan, double lab_s) {
  const double t = lab_s - kDay * std::floor(lab_s / kDay);
  const double window = busy_any_day(plan, t);
  const double way = window + (1 - window) * plan.shoulder() * daytime(t);
  return plan.base_users() + (plan.peak_users() - plan.base_users()) * way;
}

std::vector<v1::CurvePoint> day_curve(const v1::TrafficPlan& plan) { return curve(plan, {}, {0, kDay}); }

double users_at(const v1::TrafficPlan& plan, const TrafficOverlay& overlay, double lab_s) {
  double users = overlay.fixed_users ? *overlay.fixed_users : planned_users(plan, lab_s);
  for (const Spike& spike : overlay.spikes) {
    if (covers(spike, lab_s)) users += spike.users;
  }
  return std::max(users, 0.0);
}

std::vector<v1::CurvePoint> curve(const v1::TrafficPlan& plan, const TrafficOverlay& overlay, LabSpan span) {
  std::vector<double> times{span.from_lab_s};
  for (double t = kStep * (std::floor(span.from_lab_s / kStep) + 1); t < span.to_lab_s; t += kStep) times.push_back(t);
  if (span.to_lab_s > span.from_lab_s) times.push_back(span.to_lab_s);
  add_edges(overlay, span, times);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());

  std::vector<v1::CurvePoint> points;
  points.reserve(times.size());
  for (const double t : times) points.push_back(point(t, users_at(plan, overlay, t)));
  return points;
}

std::vector<v1::CurvePoint> share(std::span<const v1::CurvePoint> points, int clients) {
  std::vector<v1::CurvePoint> out(points.begin(), points.end());
  for (v1::CurvePoint& p : out) p.set_users(p.users() / std::max(clients, 1));
  return out;
}

v1::RequestMix mix_or_default(const v1::RequestMix& mix) {
  if (mix.static_() + mix.item() + mix.order() + mix.order_status() > 0) return mix;
  v1::RequestMix usual;
  usual.set_static_(50);
  usual.set_item(35);
  usual.set_order(10);
  usual.set_order_status(5);
  return usual;
}

v1::Traffic client_traffic(const v1::TrafficPlan& plan, const TrafficOverlay& overlay, LabSpan span, int clients) {
  v1::Traffic traffic;
  for (v1::CurvePoint& p : share(curve(plan, overlay, span), clients)) *traffic.add_users() = std::move(p);
  traffic.set_think_s(plan.think_s());
  *traffic.mutable_mix() = mix_or_default(plan.mix());
  traffic.set_zipf(plan.zipf());
  traffic.set_items(plan.items());
  traffic.set_statics(plan.statics());
  traffic.set_open(true);
  return traffic;
}

}  // namespace chaos
