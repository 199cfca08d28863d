#include "record/report.hpp"

#include "record/bounds.hpp"
#include "record/drill_faults.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace chaos::record {
namespace {

std::string real_span(const RunInfo& info, const RunData& data) {
  std::int64_t end = info.end_unix_us;
  if (end == 0 && !data.slis.empty()) end = data.slis.back().unix_us;
  if (info.start_unix_us <= 0 || end <= info.start_unix_us) return std::string(kNotMeasuredText);
  return span_text(static_cast<double>(end - info.start_unix_us) / 1e6);
}

std::string speed_text(const RunData& data) {
  const auto is_change = [](const v1::Event& event) { return event.kind() == "action" && event.what() == "speed"; };
  const bool changed = std::any_of(data.events.begin(), data.events.end(), is_change);
  return " at speed " + number(data.info.speed) + (changed ? " at first, then changed" : "");
}

std::string state_text(const RunInfo& info) {
  switch (info.state) {
    case RunState::running: return "still running; figures so far";
    case RunState::interrupted: return "interrupted at " + clock_text(info.last_lab_s);
    case RunState::cut_off: return "cut off at " + clock_text(info.last_lab_s);
    case RunState::ended: return "ended";
  }
  return "unknown";
}

std::vector<Fact> facts_of(const RunData& data) {
  const auto& info = data.info;
  return {{"Run", info.id, state_text(info)},
          {"Drill", info.drill, ""},
          {"Responder", info.responder.empty() ? "a person" : info.responder, ""},
          {"Seed", std::to_string(info.seed), ""},
          {"Lab time", span_of(info.start_lab_s, info.last_lab_s), span_text(info.last_lab_s - info.start_lab_s)},
          {"Real time", real_date(info.start_unix_us), real_span(info, data) + speed_text(data)}};
}

struct Measured { double uptime = kNotMeasured, p95_ms = kNotMeasured, budget = kNotMeasured; };

/// A run without a request, or without an answer, has an uptime of 1 and a P95 of 0 in its verdict.
Measured measured(const v1::ContractStatus& verdict) {
  Measured m{.budget = verdict.budget_usd_month()};
  if (verdict.requests() > 0) m.uptime = verdict.uptime();
  if (verdict.p95_ms() > 0) m.p95_ms = verdict.p95_ms();
  return m;
}

Measured measured(const RunData& data) {
  if (data.verdict) return measured(*data.verdict);
  Measured m;
  std::uint64_t total = 0;
  std::uint64_t good = 0;
  for (const auto& minute : data.minutes) {
    total += minute.total;
    good += minute.good;
  }
  if (total > 0) m.uptime = static_cast<double>(good) / static_cast<double>(total);
  if (data.latency.count() > 0) m.p95_ms = data.latency.quantile_ms(0.95);
  for (const auto& sample : data.slis) {
    if (std::isfinite(sample.budget_usd_month)) m.budget = sample.budget_usd_month;
  }
  return m;
}

std::optional<bool> kept(double value, bool within) {
  if (!std::isfinite(value)) return std::nullopt;
  return within;
}

}  // namespace

std::string span_of(double from, double to) { return clock_text(from) + " – " + clock_text(to); }

std::string left_out_text(std::size_t events) { return fmt::format("{} more event{}", whole(events), events == 1 ? "" : "s"); }

std::vector<ContractRow> contract_rows(const RunData& data) {
  const auto& contract = data.info.plan.contract();
  const Measured m = measured(data);
  const auto row = [](const char* name, double value, double most, const std::string& unit) {
    const std::string text = number_at_most(value, most) + (std::isfinite(value) ? unit : "");
    return ContractRow{name, text, "at most " + bound_text(most) + unit, kept(value, value <= most)};
  };
  const double least = contract.uptime_min();
  return {{"Uptime", percent_at_least(m.uptime, least, 2), "at least " + bound_text(least * 100) + " %", kept(m.uptime, m.uptime >= least)},
          row("P95 latency", m.p95_ms, contract.p95_ms_max(), " ms"),
          row("Budget", m.budget, contract.budget_usd_month_max(), " $/month")};
}

std::vector<WindowRow> window_rows(const Findings& findings) {
  std::vector<WindowRow> rows;
  constexpr std::size_t kMostRows = 30;
  for (const auto& window : findings.windows) {
    if (rows.size() == kMostRows) {
      rows.push_back({fmt::format("and {} more", findings.windows.size() - kMostRows), "", "", ""});
      break;
    }
    std::string out = window.by_success ? "success rate" : "";
    if (window.by_latency) out += out.empty() ? "P95" : ", P95";
    std::string requests{kNotMeasuredText};
    if (window.requests > 0) {
      const double share = static_cast<double>(window.failed) / static_cast<double>(window.requests);
      requests = fmt::format("{} of {} failed ({})", whole(window.failed), whole(window.requests), percent(share, 1));
    }
    rows.push_back({span_of(window.from, window.to), span_text(window.duration()), out, requests});
  }
  return rows;
}

std::string ids_text(const std::vector<std::int64_t>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < 20; ++i) text += (i ? ", " : "") + std::to_string(ids[i]);
  return ids.size() > 20 ? text + fmt::format(" and {} more", ids.size() - 20) : text;
}

std::vector<std::string> ledger_of(const RunData& data) {
  const std::vector<std::string> failovers = failover_ledger(data);
  std::vector<std::string> lines;
  const auto add = [&lines](const std::vector<std::string>& more) { lines.insert(lines.end(), more.begin(), more.end()); };
  if (!data.ledger) {
    const std::string acknowledged = plural(data.orders, "order") + " acknowledged";
    const char* each = "whether each is in Postgres and has its receipt is not measured.";
    if (failovers.empty()) return {fmt::format("{}; the ledger check was not made: {}", acknowledged, each)};
    lines.push_back(acknowledged + ".");
    add(failovers);
    lines.push_back(fmt::format("The ledger check was not made: of the others, {}", each));
    return lines;
  }
  const auto& ledger = *data.ledger;
  if (ledger.lost.empty() && ledger.without_receipt.empty() && failovers.empty()) {
    return {fmt::format("{} acknowledged, each in Postgres and with its receipt in the object store.",
                        plural(ledger.acknowledged, "order"))};
  }
  lines.push_back(plural(ledger.acknowledged, "order") + " acknowledged.");
  if (!ledger.lost.empty()) lines.push_back(plural(ledger.lost.size(), "order") + " lost (not in Postgres): " + ids_text(ledger.lost) + ".");
  add(failovers);
  if (!ledger.without_receipt.empty()) {
    lines.push_back(plural(ledger.without_receipt.size(), "order") + " without a receipt: " + ids_text(ledger.without_receipt) + ".");
  }
  return lines;
}

Findings findings_of(const RunData& data) {
  Findings f{.data = data, .windows = incident_windows(data)};
  f.times = incident_times(data);
  f.impact = impact_of(data, f.windows);
  f.deaths = deaths_of(data);
  f.story_from = f.times.fault.value_or(data.info.start_lab_s);
  f.servers = readiness(data, "server", f.story_from);
  if (f.times.fault) return f;
  for (const auto& course : courses_of(data)) {
    if (f.never_held.empty()) f.never_held = never_held(course);
  }
  return f;
}

Report report_of(const RunData& data) {
  const bool over = data.info.state != RunState::running;
  Findings findings = findings_of(data);
  if (!over) {   // a blind drill stays blind until its end
    findings.times.fault.reset();
    findings.never_held.clear();
  }
  Report report;
  report.title = data.info.plan.title().empty() ? data.info.drill : data.info.plan.title();
  report.run = data.info.id;
  report.over = over;
  if (data.verdict && data.verdict->requests() > 0) report.met = data.verdict->met();
  report.facts = facts_of(data);
  report.contract = contract_rows(data);
  report.summary = summary_of(findings);
  report.times = times_of(findings);
  report.impact = impact_facts(findings);
  report.windows = window_rows(findings);
  report.faults = faults_of(data);
  Timeline timeline = timeline_of(data.events, {.reveal = over, .story_from = findings.times.fault});
  report.timeline = std::move(timeline.entries);
  report.left_out = timeline.left_out;
  report.ledger = ledger_of(data);
  add_prompts(findings, &report);
  return report;
}

}  // namespace chaos::record
