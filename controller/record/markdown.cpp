// The report as Markdown, to go on writing in.
#include "record/postmortem.hpp"
#include "record/report.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <iterator>

namespace chaos {
namespace record {
namespace {

class Text {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string esc(std::string_view text) { return escape_markdown(text); }

std::string verdict(const Report& report) {
  if (!report.over) return "The run is still going on.";
  if (!report.met) return "No verdict.";
  return *report.met ? "**Contract kept.**" : "**Contract missed.**";
}

void add_facts(Text& out, const char* title, const std::vector<Fact>& facts) {
  out.add("## {}\n\n| | | |\n|---|---|---|\n", title);
  for (const auto& fact : facts) out.add("| {} | {} | {} |\n", esc(fact.name), esc(fact.value), esc(fact.note));
  out.add("\n");
}

void add_contract(Text& out, const Report& report) {
  out.add("## Contract\n\n| objective | value | limit | verdict |\n|---|--:|--:|---|\n");
  for (const auto& row : report.contract) {
    const char* word = !row.kept ? "not measured" : (*row.kept ? "kept" : "**missed**");
    out.add("| {} | {} | {} | {} |\n", esc(row.name), esc(row.value), esc(row.limit), word);
  }
  out.add("\n");
}

void add_windows(Text& out, const Report& report) {
  if (report.windows.empty()) return;
  out.add("### Out of contract\n\n| lab time | length | what was out | requests |\n|---|---|---|---|\n");
  for (const auto& row : report.windows) out.add("| {} | {} | {} | {} |\n", esc(row.span), esc(row.length), esc(row.out), esc(row.requests));
  out.add("\n");
}

void add_line(Text& out, const char* name, const std::string& value) {
  if (!value.empty()) out.add("- {}: {}\n", name, esc(value));
}

void add_faults(Text& out, const Report& report) {
  out.add("## Cause\n\n");
  if (report.faults.empty()) out.add("{}\n\n", report.over ? "No fault was scheduled or injected in this run." : "Shown after the run's end.");
  for (const auto& fault : report.faults) {
    out.add("**{}**{}{}\n\n", esc(fault.name), fault.target.empty() ? "" : " on " + esc(fault.target), fault.strength.empty() ? "" : " (" + esc(fault.strength) + ")");
    add_line(out, "Began", fault.began);
    add_line(out, "What it does", fault.summary);
    add_line(out, "Where it lived", fault.where);
    add_line(out, "Seen from outside", fault.looks_like);
    add_line(out, "In production", fault.cause);
    add_line(out, "What cures it", fault.cure);
    out.add("\n");
  }
}

void add_timeline(Text& out, const Report& report) {
  out.add("## Timeline\n\n| # | lab time | what happened | where | by |\n|--:|---|---|---|---|\n");
  for (const auto& entry : report.timeline) {
    const std::string count = entry.count > 1 ? fmt::format(" (×{}, until {})", whole(entry.count), clock_text(entry.last_lab_s)) : "";
    out.add("| {} | {} | {}{} | {} | {} |\n", entry.number, clock_text(entry.lab_s), esc(entry.text), count, esc(entry.node), esc(entry.actor));
  }
  if (report.left_out > 0) out.add("\n{} under “Every event” of postmortem-{}.html.\n", left_out_text(report.left_out), esc(report.run));
  out.add("\n");
}

void add_section(Text& out, const char* title, const std::vector<std::string>& prompts, const char* bullet) {
  out.add("## {}\n\n", title);
  for (const auto& prompt : prompts) out.add("{} {}\n", bullet, esc(prompt));
  out.add("{} {}\n\n", bullet, kFillIn);
}

}  // namespace
}  // namespace record

std::string postmortem_markdown(const RunData& data) {
  using namespace record;
  const Report report = report_of(data);
  Text out;
  out.add("# Post-mortem {}: {}\n\n{}\n\n", esc(report.run), esc(report.title), verdict(report));
  for (const auto& fact : report.facts) out.add("- {}: {}{}\n", esc(fact.name), esc(fact.value), fact.note.empty() ? "" : " (" + esc(fact.note) + ")");
  out.add("- Charts: postmortem-{}.html\n\n## Summary\n\n", esc(report.run));
  for (const auto& line : report.summary) out.add("{}\n", esc(line));
  out.add("\n");
  add_contract(out, report);
  add_facts(out, "Times", report.times);
  add_facts(out, "Impact", report.impact);
  add_windows(out, report);
  add_faults(out, report);
  add_timeline(out, report);
  out.add("## Ledger\n\n");
  for (const auto& line : report.ledger) out.add("{}\n", esc(line));
  out.add("\n");
  add_section(out, "What went well", report.went_well, "-");
  add_section(out, "What went wrong", report.went_wrong, "-");
  add_section(out, "Action items", report.action_items, "- [ ]");
  return out.take();
}

}  // namespace chaos
