#include "record/postmortem.hpp"

#include "record/figures.hpp"
#include "record/report.hpp"
#include "unit/record/synthetic_run.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace chaos {
namespace {

/// The day is written once through a real record; RECORD_TEST_KEEP names a folder where it and its pages stay.
const RunData& day() {
  static const RunData data = [] {
    const char* keep = std::getenv("RECORD_TEST_KEEP");
    std::string name = (std::filesystem::temp_directory_path() / "postmortem-XXXXXX").string();
    const std::filesystem::path folder = keep ? keep : ::mkdtemp(name.data());
    auto record = Record::open(folder / "record.db").value();
    auto run = record->begin_run(test::synthetic_info()).value();
    test::write_synthetic_day(*run);
    auto loaded = RecordReader::open(folder / "record.db").value()->load(run->run()).value();
    if (keep) write_postmortem(loaded, folder).value();
    else std::filesystem::remove_all(folder);
    return loaded;
  }();
  return data;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

TEST(Postmortem, TheReportTellsTheDay) {
  const auto report = record::report_of(day());
  EXPECT_EQ(report.title, "SteadyCart: a slow afternoon");
  ASSERT_TRUE(report.met.has_value());
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_EQ(report.faults[0].name, "memory_leak");
  EXPECT_EQ(report.faults[0].where, "an image cache without a bound, new in v2");
  EXPECT_NE(report.faults[0].cure.find("roll back"), std::string::npos);
  EXPECT_NE(report.summary[0].find("At 16:30 the fault memory_leak began on server (60 MB per lab hour)"), std::string::npos) << report.summary[0];
  ASSERT_FALSE(report.windows.empty());
  EXPECT_NE(report.ledger[1].find("2 orders without a receipt: 61200, 61201"), std::string::npos);
}

TEST(Postmortem, RemarksComeFromWhatHappened) {
  const auto report = record::report_of(day());
  const auto has = [](const std::vector<std::string>& list, const std::string& part) {
    return std::any_of(list.begin(), list.end(), [&](const auto& line) { return line.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(has(report.went_wrong, "killed at the memory limit"));
  EXPECT_TRUE(has(report.went_wrong, "No server was ready"));
  EXPECT_TRUE(has(report.action_items, "above 80 % of its memory limit"));
  EXPECT_TRUE(has(report.action_items, "Version v2 brought the fault"));
  EXPECT_TRUE(has(report.went_well, "The rollback took the cause away"));
}

TEST(Postmortem, ThePageIsSelfContainedAndBalanced) {
  const std::string page = postmortem_html(day());
  EXPECT_EQ(count(page, "http"), 0u);
  EXPECT_EQ(count(page, "<script"), 0u);
  EXPECT_EQ(count(page, "<figure>"), 9u);
  for (const char* tag : {"table", "div", "figure", "dl", "g", "svg", "text", "title", "details"}) {
    const std::string name = tag;
    EXPECT_EQ(count(page, "<" + name + ">") + count(page, "<" + name + " "), count(page, "</" + name + ">")) << name;
  }
  EXPECT_EQ(count(page, "nan"), 0u);
  EXPECT_EQ(count(page, "inf\""), 0u);
  EXPECT_LT(page.size(), 1'500'000u);
}

TEST(Postmortem, ListsEndWithAHintForThePerson) {
  const std::string page = postmortem_html(day());
  EXPECT_EQ(count(page, "<li></li>"), 0u);
  EXPECT_EQ(count(page, "(fill in)</li>"), 3u);
  const std::string text = postmortem_markdown(day());
  EXPECT_EQ(count(text, "- (fill in)\n"), 2u);
  EXPECT_EQ(count(text, "- [ ] (fill in)\n"), 1u);
}

TEST(Postmortem, SaysHowManyEventsTheTimelineLeavesOut) {
  RunData data = day();
  for (int i = 0; i < 100; ++i) {
    v1::Event event;
    event.set_lab_s(60.0 * i);
    event.set_kind("traffic");
    event.set_text("traffic: fixed at " + std::to_string(i) + " users");
    data.events.push_back(event);
  }
  const auto report = record::report_of(data);
  EXPECT_GT(report.left_out, 40u);
  const std::string rest = std::to_string(report.left_out) + " more events ";
  EXPECT_NE(postmortem_html(data).find(rest + "below"), std::string::npos);
  EXPECT_NE(postmortem_markdown(data).find(rest + "under"), std::string::npos);
}

TEST(Postmortem, WhatPeopleWroteIsEscaped) {
  RunData data = day();
  data.info.plan.set_title("<script>alert(1)</script> & \"co\"");
  data.events[0].set_text("<b>|x|</b>");
  const std::string page = postmortem_html(data);
  EXPECT_EQ(count(page, "<script"), 0u);
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;"), std::string::npos);
  EXPECT_NE(postmortem_markdown(data).find("\\<b\\>\\|x\\|\\</b\\>"), std::string::npos);
}

TEST(Postmortem, AnEmptyRunSaysNotMeasured) {
  RunData data;
  data.info.id = "r9";
  data.info.state = RunState::interrupted;
  const std::string page = postmortem_html(data);
  EXPECT_NE(page.find("not measured"), std::string::npos);
  EXPECT_NE(page.find("No samples in the record"), std::string::npos);
  EXPECT_EQ(count(page, "nan"), 0u);
  EXPECT_NE(postmortem_markdown(data).find("not measured"), std::string::npos);
}

TEST(Postmortem, ARunningBlindDrillKeepsItsSecret) {
  RunData data = day();
  data.info.state = RunState::running;
  data.verdict.reset();
  const std::string page = postmortem_html(data) + postmortem_markdown(data);
  EXPECT_EQ(page.find("memory_leak"), std::string::npos);
  EXPECT_EQ(page.find("leak"), std::string::npos);
  EXPECT_NE(page.find("still running"), std::string::npos);
}

TEST(Postmortem, ARunningBlindDrillCountsOnlyWhatItShows) {
  RunData data = day();
  EXPECT_NE(postmortem_html(data).find("Every event (" + std::to_string(data.events.size()) + ")"), std::string::npos);
  data.info.state = RunState::running;
  data.verdict.reset();
  const auto hidden = static_cast<std::size_t>(std::count_if(data.events.begin(), data.events.end(), [](const v1::Event& e) { return e.hidden(); }));
  ASSERT_EQ(hidden, 1u);
  const std::size_t shown = data.events.size() - hidden;
  const std::string page = postmortem_html(data);
  EXPECT_NE(page.find("Every event (" + std::to_string(shown) + ")"), std::string::npos);
  for (std::size_t number = 1; number <= shown; ++number) {
    EXPECT_EQ(count(page, "<tr><td class=\"num\">" + std::to_string(number) + "</td>"), 1u) << number;
  }
  EXPECT_EQ(count(page, "<tr><td class=\"num\">" + std::to_string(shown + 1) + "</td>"), 0u);
}

TEST(Postmortem, WithoutARequestNothingWasKept) {
  RunData data = day();
  data.verdict->set_requests(0);
  data.verdict->set_uptime(1);
  data.verdict->set_p95_ms(0);
  data.verdict->set_met(true);
  const auto report = record::report_of(data);
  EXPECT_FALSE(report.met);
  EXPECT_EQ(report.contract[0].value, "not measured");
  EXPECT_EQ(report.contract[1].value, "not measured");
  EXPECT_FALSE(report.contract[0].kept || report.contract[1].kept);
  EXPECT_EQ(report.contract[2].kept, true);
  EXPECT_EQ(report.summary.back(), "Whether the contract was kept is not measured: Uptime not measured (at least 95 %), P95 latency not measured "
                                   "(at most 320 ms); kept: Budget 612 $/month (at most 760 $/month).");
}

TEST(Postmortem, ARunWithoutARequestWasNotWithinTheContract) {
  RunData data;
  data.info.state = RunState::ended;
  data.verdict.emplace().set_met(true);
  const auto report = record::report_of(data);
  EXPECT_EQ(report.summary.front(), "No request is in the record.");
  for (const auto& line : report.went_well) EXPECT_EQ(line.find("stayed within"), std::string::npos) << line;
}

TEST(Postmortem, AMissByAHairReadsAsAMiss) {
  RunData data = day();
  data.verdict->set_uptime(0.949999);
  data.verdict->set_p95_ms(320.4);
  data.verdict->set_met(false);
  const auto report = record::report_of(data);
  EXPECT_EQ(report.contract[0].value, "94.9999 %");
  EXPECT_EQ(report.contract[1].value, "320.4 ms");
  EXPECT_EQ(report.contract[1].limit, "at most 320 ms");
}

TEST(Postmortem, WritesBothFilesAndNamesWhatItCannotWrite) {
  std::string name = (std::filesystem::temp_directory_path() / "postmortem-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  const auto files = write_postmortem(day(), folder / "reports").value();
  EXPECT_EQ(files.html.filename(), "postmortem-r1.html");
  std::ostringstream text;
  text << std::ifstream(files.markdown).rdbuf();
  EXPECT_EQ(text.str(), postmortem_markdown(day()));
  std::ofstream(folder / "file") << "x";
  const auto failed = write_postmortem(day(), folder / "file" / "reports");
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().text.find("cannot be made"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Figures, TakeTheVerdictTheLedgerAndTheFaultsStart) {
  const RunFigures figures = run_figures(day());
  EXPECT_EQ(figures.name, "you");
  EXPECT_EQ(figures.fault_lab_s, 16.5 * 3600);
  EXPECT_EQ(figures.budget_usd_month, 612);
  EXPECT_EQ(figures.orders_acknowledged, 2880u);
  EXPECT_EQ(figures.orders_lost, 2u);
  EXPECT_EQ(figures.minutes.size(), 1440u);
  EXPECT_FALSE(figures.latency.empty());
}

TEST(Figures, AreJudgedByAVerdictOnly) {
  RunData data = day();
  EXPECT_EQ(score(run_figures(data)).contract_met, data.verdict->met());
  data.verdict.reset();
  data.info.state = RunState::interrupted;
  EXPECT_FALSE(score(run_figures(data)).contract_met.has_value());
}

TEST(Figures, TheRunEndsWithItsTraffic) {
  RunData data;
  data.info.last_lab_s = 50'000;
  EXPECT_EQ(run_end(data), 50'000);
  data.info.end_lab_s = 45'000;
  EXPECT_EQ(run_end(data), 45'000);
  auto& close = data.events.emplace_back();
  close.set_kind("run");
  close.set_what("settling");
  close.set_lab_s(44'000);
  EXPECT_EQ(run_end(data), 44'000);
}

TEST(Figures, ALoneSlowIntervalMovesNoP95OverMinutes) {
  std::vector<SliSample> slis;
  for (int i = 0; i < 20; ++i) slis.push_back({.lab_s = i * 60.0, .p95_ms = i == 10 ? 5000.0 : 100.0});
  for (const auto& sample : p95_over_minutes(slis)) EXPECT_EQ(sample.p95_ms, 100);
}

}  // namespace
}  // namespace chaos
