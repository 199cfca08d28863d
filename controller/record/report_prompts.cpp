// Remarks and questions that start the person's own sections, each prompted by what the record shows.
#include "record/drill_faults.hpp"
#include "record/report.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace chaos::record {
namespace {

struct Actions {
  std::size_t restarts = 0;
  std::size_t all = 0;
};

/// Since the fault.
Actions actions_of(const Findings& f) {
  Actions actions;
  for (const auto& event : f.data.events) {
    if (!is_action(event) || event.lab_s() < f.story_from) continue;
    ++actions.all;
    actions.restarts += event.what().starts_with("restart");
  }
  return actions;
}

std::vector<NodeDeath> memory_deaths(const Findings& f) {
  std::vector<NodeDeath> deaths;
  std::copy_if(f.deaths.begin(), f.deaths.end(), std::back_inserter(deaths), [](const auto& d) { return d.at_memory_limit; });
  return deaths;
}

std::string tally(const std::vector<NodeDeath>& deaths) {
  std::map<std::string, std::size_t> by_node;
  for (const auto& death : deaths) ++by_node[death.node];
  std::string text;
  for (const auto& [node, n] : by_node) text += (text.empty() ? "" : ", ") + node + (n > 1 ? fmt::format(" ×{}", n) : "");
  return text;
}

std::optional<double> first_window_after(const Findings& f) {
  for (const auto& window : f.windows) {
    if (window.to > f.story_from) return window.from;
  }
  return std::nullopt;
}

void contract_remarks(const Findings& f, Report* report) {
  for (const auto& row : contract_rows(f.data)) {
    if (!row.kept) continue;
    const std::string text = fmt::format("{} was {}: {} ({}).", row.name, *row.kept ? "kept" : "missed", row.value, row.limit);
    (*row.kept ? report->went_well : report->went_wrong).push_back(text);
  }
}

void detection_remarks(const Findings& f, Report* report) {
  const auto& t = f.times;
  if (!t.fault) return;
  const auto out = first_window_after(f);
  if (!t.detected) {
    report->went_wrong.push_back("Nothing noticed the fault: no alert fired and nobody acted.");
    report->action_items.push_back("Which signal shows this fault first, and what alert on it would have been quiet before?");
    return;
  }
  const std::string by = t.detected_by == "alert" ? "The first alert came " : "The first action came ";
  const std::string after = span_text(*t.detected - *t.fault) + " after the fault began";
  if (!out) report->went_well.push_back(by + after + ", and the users never felt it beyond the contract.");
  else if (*t.detected <= *out) report->went_well.push_back(by + after + ", " + span_text(*out - *t.detected) + " before the SLIs left the contract.");
  else {
    report->went_wrong.push_back(by + after + ", " + span_text(*t.detected - *out) + " after the SLIs had left the contract: the users knew first.");
    report->action_items.push_back("What would have told before the users did? The charts show what moved between the fault's start and " + clock_text(*out) + ".");
  }
}

void memory_remarks(const Findings& f, Report* report) {
  const auto deaths = memory_deaths(f);
  if (deaths.empty()) return;
  report->went_wrong.push_back(fmt::format("{} killed at the memory limit ({}); requests in flight died with them.",
                                           deaths.size() == 1 ? "1 node was" : whole(deaths.size()) + " times a node was", tally(deaths)));
  const auto warned = std::find_if(deaths.begin(), deaths.end(), [](const auto& d) { return d.warned_s.has_value(); });
  std::string question = "Would an alert at 80 % of the memory limit have come in time?";
  if (warned != deaths.end()) {
    question = fmt::format("{} stood above 80 % of its memory limit for {} before it was killed at {}. ", warned->node,
                           span_text(*warned->warned_s), clock_text(warned->lab_s)) + question;
    if (f.times.detected && *f.times.detected < warned->lab_s) {      // there was one
      question = fmt::format("{} was killed at its memory limit at {}, {} after the first sign of the fault: what kept it from being mended in that time?",
                             warned->node, clock_text(warned->lab_s), span_text(warned->lab_s - *f.times.detected));
    }
  }
  report->action_items.push_back(question);
}

void readiness_remarks(const Findings& f, Report* report) {
  if (!f.servers || f.servers->most < 2) return;
  const auto& s = *f.servers;
  const std::string when = " at " + clock_text(s.least_at);
  if (s.none_s > 0) {
    report->went_wrong.push_back(fmt::format("No server was ready for {} of lab time, first{}.", span_text(s.none_s), when));
    report->action_items.push_back("How is it made impossible that every server is down at once (batches, a drain, a floor of ready nodes)?");
  } else if (s.least == s.most) {
    report->went_well.push_back(fmt::format("All {} servers were ready at every sample.", s.most));
  } else if (s.least * 2 >= s.most) {
    report->went_well.push_back(fmt::format("At least {} of {} servers were ready at every moment; fewest{}.", s.least, s.most, when));
  } else {
    report->went_wrong.push_back(fmt::format("Only {} of {} servers {} ready{}.", s.least, s.most, s.least == 1 ? "was" : "were", when));
  }
}

void version_remarks(const FaultCourse& course, const Actions& actions, Report* report) {
  const std::string& version = course.fault->in_version();
  if (course.rolled_back) report->went_well.push_back("The rollback took the cause away, not only its symptoms.");
  if (!course.gone && actions.restarts > 0) {
    report->action_items.push_back(fmt::format("{} bought time and left the cause in place: what would have led to the rollback of {} sooner?",
                                               plural(actions.restarts, "restart"), version));
  }
  report->action_items.push_back("Version " + version + " brought the fault: what would have stopped it before the release (a soak test, a canary, a bound on memory)?");
}

void cause_remarks(const Findings& f, Report* report) {
  if (!f.never_held.empty()) report->went_well.push_back("The fault " + f.never_held + ".");
  if (!f.times.fault) return;
  const Actions actions = actions_of(f);
  if (!f.times.cause_gone) report->went_wrong.push_back("The cause was still in force when the run ended.");
  const auto courses = courses_of(f.data);
  const auto in_version = [](const FaultCourse& course) { return course.began && !course.fault->in_version().empty(); };
  const auto first = std::find_if(courses.begin(), courses.end(), in_version);
  if (first != courses.end()) version_remarks(*first, actions, report);
  if (actions.all == 0 && f.times.had_effect) report->went_wrong.push_back("Nobody acted: the run shows the system left to itself.");
}

void ledger_remarks(const Findings& f, Report* report) {
  if (!f.data.ledger) return;
  const auto& ledger = *f.data.ledger;
  if (ledger.lost.empty() && ledger.without_receipt.empty()) {
    if (!ledger.lost_in_failover.empty()) return;
    report->went_well.push_back(fmt::format("No order was lost: {} acknowledged, all accounted for.", plural(ledger.acknowledged, "order")));
    return;
  }
  report->went_wrong.push_back(fmt::format("{} lost and {} without a receipt.", plural(ledger.lost.size(), "order"), plural(ledger.without_receipt.size(), "order")));
  report->action_items.push_back("Where did the orders go? Follow one id from the ledger through the server, Postgres, the queue and the worker.");
}

void mitigation_remarks(const Findings& f, Report* report) {
  if (f.times.out_at_end) report->went_wrong.push_back("The SLIs were still out of contract when the run ended.");
  const auto longest = std::max_element(f.windows.begin(), f.windows.end(), [](const auto& a, const auto& b) { return a.duration() < b.duration(); });
  if (longest == f.windows.end()) {
    if (f.impact.requests > 0) report->went_well.push_back("The SLIs stayed within the contract in every lab minute.");
    return;
  }
  report->went_wrong.push_back(fmt::format("Out of contract for {} at a stretch ({}): what was known at its start, and what was waited for?",
                                           span_text(longest->duration()), span_of(longest->from, longest->to)));
}

}  // namespace

void add_prompts(const Findings& f, Report* report) {
  if (!report->over) return;
  contract_remarks(f, report);
  detection_remarks(f, report);
  mitigation_remarks(f, report);
  readiness_remarks(f, report);
  memory_remarks(f, report);
  cause_remarks(f, report);
  failover_remarks(f, report);
  ledger_remarks(f, report);
  for (const auto& row : contract_rows(f.data)) {
    const bool missed_budget = row.name == "Budget" && row.kept.has_value() && !*row.kept;
    if (missed_budget) report->action_items.push_back("Which active nodes were not needed, and when? The budget is billed by lab time.");
  }
}

}  // namespace chaos::record
