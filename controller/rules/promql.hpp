// From lab time to Prometheus' time, and from a drill's signals to PromQL. Pure.
#pragma once

#include "chaoslab/v1/drill.pb.h"

#include <optional>
#include <string>

namespace chaos::rules {

/// How fast the lab's time runs, and how often Prometheus looks.
struct TimeScale {
  double speed = 60;        // lab seconds a real second
  double scrape_s = 1;
};

/// Real seconds of a range in a query: never less than four scrapes, so that a rate has its samples whatever comes late.
double real_range_s(double lab_s, const TimeScale& scale);
/// A duration as Prometheus writes it: "15s", "250ms".
std::string prometheus_duration(double s);
/// `expr` with each [lab:SECONDS] or [lab:SECONDS:STEP] as a range in real time.
std::string in_real_time(const std::string& expr, const TimeScale& scale);

/// The drill's signal as a condition that holds beyond its bound (lab/alerts.hpp has what the controller itself makes of
/// it); none for a signal without a bound.
std::optional<std::string> condition(const v1::Signal& signal);

}  // namespace chaos::rules
