// The post-mortem as values, before it is a page: every sentence and figure computed from the record. Pure; the
// texts are plain (the writers escape them).
#pragma once

#include "record/fault_facts.hpp"
#include "record/incident.hpp"
#include "record/node_story.hpp"
#include "record/timeline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::record {

struct Fact { std::string name; std::string value; std::string note; };

struct ContractRow {
  std::string name;             // "Uptime"
  std::string value;
  std::string limit;            // "at least 95 %"
  std::optional<bool> kept;     // none: not measured
};

struct WindowRow {
  std::string span;             // "18:05 – 19:10"
  std::string length;
  std::string out;              // "success rate, P95"
  std::string requests;         // "1,204 of 9,310 failed (12.9 %)"
};

struct Report {
  std::string title;            // of the drill
  std::string run;
  bool over = true;             // false: written while the run went on
  std::optional<bool> met;      // the contract as a whole; none without a verdict, or without a request
  std::vector<Fact> facts;      // run, drill, responder, seed, lab time, real time
  std::vector<std::string> summary;
  std::vector<ContractRow> contract;
  std::vector<Fact> times;      // detected, mitigated, recovered
  std::vector<Fact> impact;
  std::vector<WindowRow> windows;
  std::vector<FaultFacts> faults;
  std::vector<TimelineEntry> timeline;
  std::size_t left_out = 0;     // events for which the timeline has no room
  std::vector<std::string> ledger;
  std::vector<std::string> went_well;      // questions and remarks for the person who fills it in
  std::vector<std::string> went_wrong;
  std::vector<std::string> action_items;
};

Report report_of(const RunData& data);

/// What the parts of a report are computed from.
struct Findings {
  const RunData& data;
  std::vector<IncidentWindow> windows;
  IncidentTimes times;
  Impact impact;
  std::vector<NodeDeath> deaths;
  std::optional<Readiness> servers;      // since the fault, else since the start
  double story_from = 0;                 // the fault's start, else the run's
  std::string never_held;                // never_held() of a fault of the drill where none began; else empty
};

Findings findings_of(const RunData& data);

std::vector<ContractRow> contract_rows(const RunData& data);
std::vector<std::string> summary_of(const Findings& findings);
std::vector<Fact> times_of(const Findings& findings);
std::vector<Fact> impact_facts(const Findings& findings);
std::vector<WindowRow> window_rows(const Findings& findings);
std::vector<std::string> ledger_of(const RunData& data);
/// Fills went_well, went_wrong and action_items.
void add_prompts(const Findings& findings, Report* report);

// Of what failovers lost. Empty where none did.
std::string failover_sentence(const RunData& data);
std::vector<Fact> failover_facts(const RunData& data);
std::vector<std::string> failover_ledger(const RunData& data);
void failover_remarks(const Findings& findings, Report* report);

std::string ids_text(const std::vector<std::int64_t>& ids);   // the first 20
std::string span_of(double from, double to);   // "18:05 – 19:10"
std::string left_out_text(std::size_t events); // "12 more events"; "1 more event"

/// The last line of a list that a person goes on with.
inline constexpr std::string_view kFillIn = "(fill in)";

}  // namespace chaos::record
