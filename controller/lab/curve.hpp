// A day's users from a drill's traffic plan (docs/model.md), and what the operator lays over it. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"

#include <optional>
#include <span>
#include <vector>

namespace chaos {

/// Users by the plan alone at lab time `lab_s`; the day repeats. Between base_users and peak_users, both reached.
double planned_users(const v1::TrafficPlan& plan, double lab_s);

/// One day of the plan, every 5 lab minutes from 00:00 to 24:00, both ends included (289 points).
std::vector<v1::CurvePoint> day_curve(const v1::TrafficPlan& plan);

/// Users added between two lab times, `from` included and `to` not.
struct Spike {
  double from_lab_s = 0;
  double to_lab_s = 0;
  double users = 0;
};

/// What the operator set by hand over the plan.
struct TrafficOverlay {
  std::optional<double> fixed_users;   // in place of the plan
  std::vector<Spike> spikes;           // added to either
};

double users_at(const v1::TrafficPlan& plan, const TrafficOverlay& overlay, double lab_s);

struct LabSpan {
  double from_lab_s = 0;
  double to_lab_s = 0;
};

/// Points for linear interpolation over `span`: both ends, every 5 lab minutes, and the edges of spikes.
std::vector<v1::CurvePoint> curve(const v1::TrafficPlan& plan, const TrafficOverlay& overlay, LabSpan span);

/// One client's share of a curve among `clients` equal ones (at least 1).
std::vector<v1::CurvePoint> share(std::span<const v1::CurvePoint> points, int clients);

/// The mix that was named, or the usual one (50, 35, 10, 5) when every weight is zero.
v1::RequestMix mix_or_default(const v1::RequestMix& mix);

/// Everything that one client node is told, open for new requests.
v1::Traffic client_traffic(const v1::TrafficPlan& plan, const TrafficOverlay& overlay, LabSpan span, int clients);

}  // namespace chaos
