// The report as one page: no script, nothing from elsewhere.
#include "record/html_style.hpp"
#include "record/postmortem.hpp"
#include "record/report.hpp"
#include "record/run_charts.hpp"
#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace chaos {
namespace record {
namespace {

constexpr ChartSize kWide{1080, 270};
constexpr ChartSize kNarrow{640, 270};
constexpr int kSmallHeight = 140;
constexpr std::size_t kMostEvents = 2000;

class Page {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }
  void raw(std::string_view html) { text_ += html; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string esc(std::string_view text) { return escape_html(text); }

const char* mark_class(MarkKind kind) {
  switch (kind) {
    case MarkKind::fault: return "mark-fault";
    case MarkKind::alert: return "mark-alert";
    case MarkKind::action: return "mark-action";
    case MarkKind::deploy: return "mark-deploy";
    case MarkKind::node: return "mark-node";
    case MarkKind::none: return "plain";
  }
  return "plain";
}

std::string verdict_badge(const Report& report) {
  if (!report.over) return "<span class=\"badge open\">still running</span>";
  if (!report.met) return "<span class=\"badge open\">no verdict</span>";
  return *report.met ? "<span class=\"badge kept\">contract kept</span>" : "<span class=\"badge missed\">contract missed</span>";
}

void add_head(Page& page, const Report& report) {
  page.add("<h1>Post-mortem: {}</h1>\n{}\n<dl class=\"run\">", esc(report.title), verdict_badge(report));
  for (const auto& fact : report.facts) {
    page.add("<div><dt>{}</dt><dd>{}{}</dd></div>\n", esc(fact.name), esc(fact.value),
             fact.note.empty() ? "" : " <span class=\"soft\">(" + esc(fact.note) + ")</span>");
  }
  page.raw("</dl>\n<div class=\"summary\">");
  for (const auto& line : report.summary) page.add("<p>{}</p>\n", esc(line));
  page.raw("</div>\n");
}

std::string kept_badge(const std::optional<bool>& kept) {
  if (!kept) return "<span class=\"badge open\">not measured</span>";
  return *kept ? "<span class=\"badge kept\">✓ kept</span>" : "<span class=\"badge missed\">✗ missed</span>";
}

void add_contract(Page& page, const Report& report) {
  page.raw("<h2>Contract</h2>\n<div class=\"wide\"><table class=\"contract\"><tr><th>Objective</th><th class=\"num\">Value</th><th>Limit</th><th>Verdict</th></tr>\n");
  for (const auto& row : report.contract) {
    page.add("<tr><td>{}</td><td class=\"num\">{}</td><td>{}</td><td>{}</td></tr>\n", esc(row.name), esc(row.value), esc(row.limit), kept_badge(row.kept));
  }
  page.raw("</table></div>\n");
}

void add_cards(Page& page, const char* title, const std::vector<Fact>& facts) {
  page.add("<h2>{}</h2>\n<div class=\"cards\">", title);
  for (const auto& fact : facts) {
    page.add("<div class=\"card\"><span>{}</span><b>{}</b><span>{}</span></div>\n", esc(fact.name), esc(fact.value), esc(fact.note));
  }
  page.raw("</div>\n");
}

void add_windows(Page& page, const Report& report) {
  if (report.windows.empty()) return;
  page.raw("<h3>Out of contract</h3>\n<div class=\"wide\"><table><tr><th>Lab time</th><th>Length</th><th>What was out</th><th>Requests</th></tr>\n");
  for (const auto& row : report.windows) {
    page.add("<tr><td class=\"time\">{}</td><td class=\"time\">{}</td><td>{}</td><td>{}</td></tr>\n", esc(row.span), esc(row.length), esc(row.out), esc(row.requests));
  }
  page.raw("</table></div>\n");
}

void add_fault_line(Page& page, const char* name, const std::string& value) {
  if (!value.empty()) page.add("<dt>{}</dt><dd>{}</dd>\n", name, esc(value));
}

void add_faults(Page& page, const Report& report) {
  page.raw("<h2>Cause</h2>\n");
  if (report.faults.empty()) page.add("<p>{}</p>\n", report.over ? "No fault was scheduled or injected in this run." : "Shown after the run's end.");
  for (const auto& fault : report.faults) {
    page.add("<div class=\"fault\"><b>{}</b>{}{}\n<dl>", esc(fault.name), fault.target.empty() ? "" : " on " + esc(fault.target), fault.strength.empty() ? "" : " <span class=\"soft\">(" + esc(fault.strength) + ")</span>");
    add_fault_line(page, "Began", fault.began);
    add_fault_line(page, "What it does", fault.summary);
    add_fault_line(page, "Where it lived", fault.where);
    add_fault_line(page, "Seen from outside", fault.looks_like);
    add_fault_line(page, "In production", fault.cause);
    add_fault_line(page, "What cures it", fault.cure);
    page.raw("</dl></div>\n");
  }
}

void add_legend(Page& page, const Chart& chart) {
  page.raw("<div class=\"legend\">");
  for (const auto& series : chart.series) {
    page.add("<span><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"line k{}{}\" d=\"M1 5H25\"/></svg>{}</span>\n", series.colour, series.thin ? " thin" : "", esc(series.name));
  }
  page.raw("</div>\n");
}

std::string with_class(std::string svg, std::string_view name) {
  const std::string_view head = "<svg class=\"chart";
  svg.insert(head.size(), " " + std::string(name));
  return svg;
}

void add_charts(Page& page, const std::vector<Chart>& charts) {
  for (const auto& chart : charts) {
    page.add("<figure><figcaption><h3>{}</h3>", esc(chart.title));
    if (!chart.note.empty()) page.add("<p class=\"note\">{}</p>", esc(chart.note));
    add_legend(page, chart);
    page.raw("</figcaption>\n");
    const int height = chart.small ? kSmallHeight : kWide.height;
    page.raw(with_class(to_svg(chart, {kWide.width, height}), "wide-svg"));
    page.raw(with_class(to_svg(chart, {kNarrow.width, height}), "narrow"));
    page.raw("</figure>\n");
  }
}

void add_all_charts(Page& page, const RunData& data, const Report& report) {
  const ChartStory story{incident_windows(data), report.timeline};
  const auto charts = charts_of(data, story, whole_run(data));
  page.raw("<h2>Charts</h2>\n");
  if (charts.empty()) page.add("<p>No samples in the record: {}.</p>\n", kNotMeasuredText);
  else page.raw("<p class=\"note\">Lab time. Shaded: out of contract. Numbered flags are lines of the timeline below; flags that lie close together are one. Point at a chart for its values.</p>\n"
                "<div class=\"legend key\"><span><i class=\"no mark-fault\">n</i>fault</span><span><i class=\"no mark-node\">n</i>process died</span><span><i class=\"no mark-deploy\">n</i>deployment</span>"
                "<span><i class=\"no mark-action\">n</i>action</span><span><i class=\"no mark-alert\">n</i>alert</span></div>\n");
  add_charts(page, charts);
  const auto span = incident_span(data, story);
  if (!span || charts.empty()) return;
  page.add("<h2>The incident, closer: {}</h2>\n", span_of(span->from, span->to));
  auto closer = charts_of(data, story, *span);
  std::erase_if(closer, [](const Chart& chart) { return chart.right_per_left > 0; });   // the load says nothing more here
  add_charts(page, closer);
}

void add_timeline(Page& page, const Report& report) {
  page.raw("<h2>Timeline</h2>\n");
  if (report.timeline.empty()) page.add("<p>No events in the record.</p>\n");
  page.raw("<div class=\"wide\"><table><tr><th></th><th>Lab time</th><th>What happened</th><th>Where</th><th>By</th></tr>\n");
  for (const auto& entry : report.timeline) {
    const std::string count = entry.count > 1 ? fmt::format(" <span class=\"count\">(×{}, until {})</span>", whole(entry.count), clock_text(entry.last_lab_s)) : "";
    page.add("<tr><td><span class=\"no {}\">{}</span></td><td class=\"time\">{}</td><td>{}{}</td><td>{}</td><td>{}</td></tr>\n", mark_class(entry.mark), entry.number,
             clock_text(entry.lab_s), esc(entry.text), count, esc(entry.node), esc(entry.actor));
  }
  page.raw("</table></div>\n");
  if (report.left_out > 0) page.add("<p class=\"note\">{} below, under “Every event”.</p>\n", left_out_text(report.left_out));
}

/// Numbered by what is shown: a gap would tell that something is hidden, and when.
void add_all_events(Page& page, const RunData& data, bool reveal) {
  const auto seen = [&](const v1::Event& e) { return reveal || !e.hidden(); };
  const auto all = static_cast<std::size_t>(std::count_if(data.events.begin(), data.events.end(), seen));
  page.add("<details class=\"screen\"><summary>Every event ({})</summary>\n<div class=\"wide\"><table><tr><th class=\"num\">No.</th><th>Lab time</th><th>Kind</th><th>What</th><th>Where</th><th>Text</th></tr>\n",
           whole(all));
  std::size_t shown = 0;
  for (const auto& e : data.events) {
    if (!seen(e) || ++shown > kMostEvents) continue;
    page.add("<tr><td class=\"num\">{}</td><td class=\"time\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", shown, clock_text(e.lab_s()), esc(e.kind()), esc(e.what()), esc(e.node()), esc(e.text()));
  }
  page.raw("</table></div>\n");
  if (shown > kMostEvents) page.add("<p class=\"note\">The first {}; the record holds the rest.</p>\n", whole(kMostEvents));
  page.raw("</details>\n");
}

void add_section(Page& page, const char* title, const std::vector<std::string>& prompts) {
  page.add("<h2>{}</h2>\n<div class=\"fill\" contenteditable=\"true\" aria-label=\"{}\"><ul>", title, title);
  for (const auto& prompt : prompts) page.add("<li>{}</li>\n", esc(prompt));
  page.add("<li class=\"soft\">{}</li></ul></div>\n", kFillIn);
}

void add_person_sections(Page& page, const Report& report) {
  page.raw("<h2>Ledger</h2>\n");
  for (const auto& line : report.ledger) page.add("<p class=\"brk\">{}</p>\n", esc(line));
  add_section(page, "What went well", report.went_well);
  add_section(page, "What went wrong", report.went_wrong);
  add_section(page, "Action items", report.action_items);
  page.raw("<p class=\"note screen\">The three boxes start with what the record shows; they can be edited here and printed, or go on in the Markdown file beside this page.</p>\n");
}

}  // namespace
}  // namespace record

std::string postmortem_html(const RunData& data) {
  using namespace record;
  const Report report = report_of(data);
  Page page;
  page.add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Post-mortem {}: {}</title>\n<style>{}</style></head>\n<body><main>\n",
           esc(report.run), esc(report.title), kStyle);
  add_head(page, report);
  add_contract(page, report);
  add_cards(page, "Times", report.times);
  add_cards(page, "Impact", report.impact);
  add_windows(page, report);
  add_faults(page, report);
  add_all_charts(page, data, report);
  add_timeline(page, report);
  add_all_events(page, data, report.over);
  add_person_sections(page, report);
  page.raw("<footer class=\"soft\"><p>Every figure comes from the run's record. To detect: from the fault's start to the first alert, acknowledgement or action. To mitigate: until the SLIs were back within the contract for good "
           "(success rate over 10 lab minutes, P95 over 10 lab minutes). To recover: mitigated and the cause gone. Users affected: U × (1 − (1 − f)^(n / U)) with U users, n requests and the failed share f of a window, "
           "as if failures hit users evenly; the worst window counts.</p></footer>\n</main></body></html>\n");
  return page.take();
}

}  // namespace chaos
