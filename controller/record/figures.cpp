#include "record/figures.hpp"

#include "record/fault_facts.hpp"
#include "record/incident.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {
namespace {

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double budget_of(const RunData& data) {
  if (data.verdict) return data.verdict->budget_usd_month();
  for (auto s = data.slis.rbegin(); s != data.slis.rend(); ++s) {
    if (std::isfinite(s->budget_usd_month)) return s->budget_usd_month;
  }
  return 0;
}

}  // namespace

double run_end(const RunData& data) {
  const auto close = std::find_if(data.events.begin(), data.events.end(), record::is_run_close);
  const double end = close == data.events.end() ? data.info.last_lab_s : close->lab_s();
  return data.info.end_lab_s > 0 ? std::min(end, data.info.end_lab_s) : end;
}

std::vector<LatencySample> p95_over_minutes(const std::vector<SliSample>& slis) {
  constexpr double kWindow = kSliMinutes * 60.0;
  std::vector<LatencySample> out;
  std::vector<double> in_window;
  std::size_t first = 0;
  for (std::size_t i = 0; i < slis.size(); ++i) {
    while (slis[first].lab_s <= slis[i].lab_s - kWindow) ++first;
    in_window.clear();
    for (std::size_t k = first; k <= i; ++k) {
      if (std::isfinite(slis[k].p95_ms)) in_window.push_back(slis[k].p95_ms);
    }
    out.push_back({slis[i].lab_s, in_window.empty() ? 0 : median(in_window)});
  }
  return out;
}

RunFigures run_figures(const RunData& data) {
  RunFigures figures;
  figures.name = data.info.responder.empty() ? "you" : data.info.responder;
  figures.contract = data.info.plan.contract();
  figures.minutes = data.minutes;
  figures.end_lab_s = run_end(data);
  figures.judged = data.verdict.has_value();
  figures.p95_ms = data.verdict ? data.verdict->p95_ms() : data.latency.quantile_ms(0.95);
  figures.budget_usd_month = budget_of(data);
  if (const auto fault = record::incident_fault(data)) figures.fault_lab_s = fault->lab_s;
  figures.latency = p95_over_minutes(data.slis);
  // The last sample's interval may be next to nothing: that nobody was answered in it does not mean silence.
  if (!figures.latency.empty() && figures.latency.back().p95_ms == 0) figures.latency.pop_back();
  figures.orders_acknowledged = data.ledger ? data.ledger->acknowledged : data.orders;
  figures.orders_lost = data.lost_in_failover.size();
  if (data.ledger) figures.orders_lost = data.ledger->lost.size() + data.ledger->lost_in_failover.size() + data.ledger->without_receipt.size();
  return figures;
}

}  // namespace chaos
