#include "record/run_charts.hpp"

#include "record/bounds.hpp"
#include "record/node_story.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace chaos::record {
namespace {

constexpr int kColours = 8;

Series sli_series(const RunData& data, const char* name, int colour, double SliSample::*field) {
  Series series{.name = name, .colour = colour};
  for (const auto& sample : data.slis) series.points.push_back({sample.lab_s, sample.*field});
  return series;
}

bool has_values(const Chart& chart) {
  return std::any_of(chart.series.begin(), chart.series.end(), [](const Series& s) {
    return std::any_of(s.points.begin(), s.points.end(), [](const Point& p) { return std::isfinite(p.y); });
  });
}

/// Requests a real second for each user: what the two axes of the first chart have in common.
double rate_per_user(const RunData& data) {
  const double think = data.info.plan.traffic().think_s();
  if (think > 0) return 1 / think;
  double users = 0;
  double rate = 0;
  for (const auto& s : data.slis) {
    users = std::max(users, s.users);
    rate = std::max(rate, s.rate);
  }
  return users > 0 && rate > 0 ? rate / users : 0;
}

Chart traffic_chart(const RunData& data) {
  Chart chart{.title = "Users and requests", .unit = "users"};
  chart.series.push_back(sli_series(data, "planned users", 7, &SliSample::planned_users));
  chart.series.push_back(sli_series(data, "users", 0, &SliSample::users));
  const double scale = rate_per_user(data);
  if (scale <= 0) return chart;
  chart.right_per_left = scale;
  chart.right_unit = "req/s";
  chart.note = "The right axis is the left one divided by the think time: where users are served at their pace, the lines lie on each other.";
  Series rate{.name = "requests/s (right axis)", .colour = 1, .thin = true};
  for (const auto& s : data.slis) rate.points.push_back({s.lab_s, s.rate / scale});
  rate.per_unit = scale;
  chart.series.push_back(std::move(rate));
  return chart;
}

Chart latency_chart(const RunData& data) {
  Chart chart{.title = "Latency of answered requests, from the intended send time", .unit = "ms", .axis = Axis::log};
  chart.note = "Logarithmic scale. Each point is the percentile of one interval; the contract counts the whole run.";
  chart.series.push_back(sli_series(data, "P99", 3, &SliSample::p99_ms));
  chart.series.push_back(sli_series(data, "P95", 1, &SliSample::p95_ms));
  chart.series.push_back(sli_series(data, "P50", 0, &SliSample::p50_ms));
  chart.series.front().thin = true;
  const double most = data.info.plan.contract().p95_ms_max();
  if (most > 0) chart.limits.push_back({"contract: P95 at most " + bound_text(most) + " ms", most});
  return chart;
}

Series success_series(const char* name, const std::vector<MinuteSli>& minutes, int colour, bool thin) {
  Series series{.name = name, .colour = colour, .thin = thin};
  for (const auto& minute : minutes) series.points.push_back({minute.lab_s, minute.success});
  return series;
}

Chart success_chart(const RunData& data) {
  Chart chart{.title = "Success rate", .axis = Axis::ratio};
  chart.note = "Good = answered in time and without a 5xx.";
  chart.series.push_back(success_series("each lab minute", success_by_minute(data.minutes), 1, true));
  chart.series.push_back(success_series("over 10 lab minutes", success_over_minutes(data), 0, false));
  const double least = data.info.plan.contract().uptime_min();
  double low = least > 0 ? least : 1;
  for (const auto& series : chart.series) {
    for (const auto& point : series.points) low = std::min(low, point.y);
  }
  chart.y_from = std::clamp(std::floor(low * 10 - 0.2) / 10, 0.0, 0.9);
  chart.y_to = 1;
  if (least > 0) chart.limits.push_back({"contract: at least " + bound_text(least * 100) + " %", least, true});
  return chart;
}

Chart memory_chart(const RunData& data) {
  constexpr double kMb = 1e6;
  Chart chart{.title = "Resident memory of the servers", .unit = "MB"};
  const auto names = nodes_of(data, "server");
  for (std::size_t i = 0; i < names.size(); ++i) {
    chart.series.push_back({.name = names[i], .colour = static_cast<int>(i) % kColours});
  }
  std::uint64_t limit = 0;
  for (const auto& sample : data.nodes) {
    const auto at = std::find(names.begin(), names.end(), sample.node);
    if (at == names.end() || sample.role != "server") continue;
    limit = std::max(limit, sample.memory_limit_bytes);
    const double mb = sample.resident_bytes > 0 ? static_cast<double>(sample.resident_bytes) / kMb : kNotMeasured;
    chart.series[static_cast<std::size_t>(at - names.begin())].points.push_back({sample.lab_s, mb});
  }
  if (limit > 0) chart.limits.push_back({"limit: " + number(static_cast<double>(limit) / kMb) + " MB", static_cast<double>(limit) / kMb});
  return chart;
}

Chart ready_chart(const RunData& data) {
  Chart chart{.title = "Servers ready", .unit = "nodes"};
  chart.small = true;
  chart.series.push_back({.name = "ready", .points = ready_nodes(data, "server"), .colour = 2, .step = true});
  return chart;
}

std::vector<Shade> shades_of(const std::vector<IncidentWindow>& windows) {
  std::vector<Shade> shades;
  for (const auto& window : windows) {
    shades.push_back({window.from, window.to, "out of contract " + clock_text(window.from) + " – " + clock_text(window.to)});
  }
  return shades;
}

}  // namespace

LabSpan whole_run(const RunData& data) {
  return {data.info.start_lab_s, std::max(data.info.last_lab_s, data.info.start_lab_s + 60)};
}

std::optional<LabSpan> incident_span(const RunData& data, const ChartStory& story) {
  constexpr double kMargin = 1800;
  constexpr double kMost = 0.55;   // of the run
  auto times = incident_times(data);
  if (data.info.state == RunState::running) times = {};   // a blind drill stays blind until its end
  if (story.windows.empty() && !times.fault) return std::nullopt;
  const double first = times.fault ? *times.fault : story.windows.front().from;
  double last = times.recovered.value_or(first);
  if (!story.windows.empty()) last = std::max(last, story.windows.back().to);
  for (const auto& entry : story.timeline) {
    if (entry.mark != MarkKind::none) last = std::max(last, entry.last_lab_s);
  }
  const LabSpan all = whole_run(data);
  const LabSpan span{std::max(all.from, first - kMargin), std::min(all.to, last + kMargin)};
  const bool fills = span.to - span.from > kMost * (all.to - all.from);
  return fills ? std::nullopt : std::optional(span);
}

std::vector<Chart> charts_of(const RunData& data, const ChartStory& story, LabSpan span) {
  std::vector<Chart> charts;
  for (auto& chart : {traffic_chart(data), latency_chart(data), success_chart(data), memory_chart(data), ready_chart(data)}) {
    if (!has_values(chart)) continue;
    charts.push_back(chart);
    auto& added = charts.back();
    added.x_from = span.from;
    added.x_to = span.to;
    added.shades = shades_of(story.windows);
    added.entries = story.timeline;
  }
  return charts;
}

}  // namespace chaos::record
