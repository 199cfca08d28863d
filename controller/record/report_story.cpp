// Summary, times and impact in words.
#include "record/report.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>

namespace chaos::record {
namespace {

/// "Uptime 97.3 % (at least 95 %), ..." of the rows that were kept, missed, or (none) not measured.
std::string rows_text(const std::vector<ContractRow>& rows, std::initializer_list<std::optional<bool>> which) {
  std::string list;
  for (const auto& row : rows) {
    if (std::find(which.begin(), which.end(), row.kept) == which.end()) continue;
    list += (list.empty() ? "" : ", ") + row.name + " " + row.value + " (" + row.limit + ")";
  }
  return list;
}

std::string after(const char* head, const std::string& list) { return list.empty() ? "" : head + list; }

std::string contract_sentence(const Findings& f) {
  const auto rows = contract_rows(f.data);
  const std::string all = rows_text(rows, {true, false, std::nullopt});
  if (f.data.info.state == RunState::running) return "The run is still going on: " + all + " so far.";
  if (!f.data.verdict) return "The run ended without a verdict; as far as measured: " + all + ".";
  const std::string missed = rows_text(rows, {false});
  const std::string open = rows_text(rows, {std::nullopt});
  const std::string kept = after("; kept: ", rows_text(rows, {true}));
  if (!missed.empty()) return "The contract was missed: " + missed + kept + after("; ", open) + ".";
  if (!open.empty()) return "Whether the contract was kept is not measured: " + open + kept + ".";
  return "The contract was kept: " + all + ".";
}

std::string fault_sentence(const Findings& f) {
  if (!f.never_held.empty()) return "The fault " + f.never_held + ".";
  if (!f.times.fault) return {};
  const auto fault = incident_fault(f.data);
  if (!fault || fault->name.empty()) return "At " + clock_text(*f.times.fault) + " a fault began.";
  const std::string strength = fault->strength.empty() ? "" : " (" + fault->strength + ")";
  const std::string target = fault->target.empty() ? "the lab" : fault->target;
  return fmt::format("At {} the fault {} began on {}{}.", clock_text(*f.times.fault), fault->name, target, strength);
}

/// "After it began the responder acted 8 times: restart ×8."
std::string action_sentence(const Findings& f) {
  if (!f.times.fault) return {};
  std::map<std::string, std::size_t> by_word;
  std::size_t all = 0;
  for (const auto& event : f.data.events) {
    if (!is_action(event) || event.lab_s() < *f.times.fault) continue;
    ++by_word[event.what()];
    ++all;
  }
  if (all == 0) return "Nobody acted after it.";
  std::string list;
  for (const auto& [word, n] : by_word) list += (list.empty() ? "" : ", ") + word + (n > 1 ? fmt::format(" ×{}", n) : "");
  const std::string who = f.data.info.responder.empty() ? "the person on call" : "the responder " + f.data.info.responder;
  return fmt::format("After it began {} acted {}: {}.", who, all == 1 ? "once" : whole(all) + " times", list);
}

double time_out(const Findings& f) {
  double sum = 0;
  for (const auto& window : f.windows) sum += window.duration();
  return sum;
}

std::string impact_sentence(const Findings& f) {
  if (f.impact.requests == 0) return "No request is in the record.";
  if (f.windows.empty()) {
    return fmt::format("The SLIs stayed within the contract at all times; {} of {} failed.", whole(f.impact.failed),
                       plural(f.impact.requests, "request"));
  }
  const std::string where = f.windows.size() == 1 ? "from " + clock_text(f.windows[0].from) + " to " + clock_text(f.windows[0].to)
                                                  : fmt::format("in {} windows", f.windows.size());
  std::string text = fmt::format("The SLIs were out of contract for {} of lab time, {}: {} of {} failed in it", span_text(time_out(f)), where,
                                 whole(f.impact.window_failed), plural(f.impact.window_requests, "request"));
  if (f.impact.users) text += fmt::format(", and about {} met at least one failure in the worst window", plural(*f.impact.users, "user"));
  return text + ".";
}

std::string worst_sentence(const Findings& f) {
  const auto worst = worst_minute(f.data.minutes);
  if (!worst || worst->good == worst->total) return {};
  return fmt::format("The worst lab minute was {}: {} of {} were good ({}).", clock_text(static_cast<double>(worst->lab_minute) * 60),
                     whole(worst->good), plural(worst->total, "request"), percent(worst->success(), 0));
}

std::string death_sentence(const Findings& f) {
  if (f.deaths.empty()) return {};
  const auto at_limit = static_cast<std::size_t>(std::count_if(f.deaths.begin(), f.deaths.end(), [](const auto& d) { return d.at_memory_limit; }));
  if (at_limit == 0) return fmt::format("{} died and had to be started again.", f.deaths.size() == 1 ? "One process" : whole(f.deaths.size()) + " processes");
  if (at_limit == 1) return "One process was killed at its memory limit.";
  return fmt::format("{} processes were killed at their memory limit.", whole(at_limit));
}

Fact time_fact(const Findings& f, const char* name, const std::optional<double>& at, const std::string& note) {
  if (!f.never_held.empty()) return {name, "not applicable", "the fault " + f.never_held};
  if (!f.times.fault) return {name, std::string(kNotMeasuredText), "no fault in the record"};
  if (!at) return {name, "not by the end", note};
  return {name, span_text(*at - *f.times.fault), "at " + clock_text(*at) + (note.empty() ? "" : "; " + note)};
}

Fact users_fact(const Findings& f) {
  if (!f.impact.users) return {"Users affected", std::string(kNotMeasuredText), "no sample of users"};
  if (f.windows.empty()) return {"Users affected", "none", "beyond the contract"};
  return {"Users affected", "about " + whole(*f.impact.users), "met at least one failure in the worst window"};
}

}  // namespace

std::vector<std::string> summary_of(const Findings& f) {
  std::vector<std::string> lines;
  for (const auto& line : {fault_sentence(f), impact_sentence(f), worst_sentence(f), death_sentence(f), failover_sentence(f.data), action_sentence(f), contract_sentence(f)}) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<Fact> times_of(const Findings& f) {
  std::vector<Fact> facts;
  const auto& t = f.times;
  if (t.fault) facts.push_back({"Fault began", clock_text(*t.fault), "lab time"});
  facts.push_back(time_fact(f, "To detect", t.detected,
                            t.detected ? (t.detected_by == "alert" ? "by an alert" : "by the first action") : "no alert, no action"));
  if (t.fault && !t.had_effect) facts.push_back({"To mitigate", "nothing to mitigate", "the SLIs never left the contract"});
  else facts.push_back(time_fact(f, "To mitigate", t.mitigated, t.out_at_end ? "still out of contract" : "SLIs within the contract for good"));
  const std::string open = t.cause_gone ? "still out of contract" : "the cause was still in force";
  facts.push_back(time_fact(f, "To recover", t.recovered, t.recovered ? "SLIs within the contract and the cause gone" : open));
  return facts;
}

std::vector<Fact> impact_facts(const Findings& f) {
  std::vector<Fact> facts;
  const auto& i = f.impact;
  const double share = i.requests ? static_cast<double>(i.failed) / static_cast<double>(i.requests) : 0;
  if (i.requests == 0) facts.push_back({"Failed requests", std::string(kNotMeasuredText), "no request in the record"});
  else facts.push_back({"Failed requests", whole(i.failed), fmt::format("of {} ({}) in the whole run", whole(i.requests), percent(share, 2))});
  if (!f.windows.empty()) facts.push_back({"Failed while out of contract", whole(i.window_failed), "of " + plural(i.window_requests, "request")});
  facts.push_back(users_fact(f));
  if (!f.windows.empty()) facts.push_back({"Out of contract", span_text(time_out(f)), plural(f.windows.size(), "window")});
  else facts.push_back({"Out of contract", i.requests == 0 ? std::string(kNotMeasuredText) : "never", ""});
  if (const auto worst = worst_minute(f.data.minutes)) {
    facts.push_back({"Worst lab minute", percent(worst->success(), 0) + " good",
                     fmt::format("at {}, {} of {}", clock_text(static_cast<double>(worst->lab_minute) * 60), whole(worst->good),
                                 plural(worst->total, "request"))});
  }
  for (auto& fact : failover_facts(f.data)) facts.push_back(std::move(fact));
  return facts;
}

}  // namespace chaos::record
