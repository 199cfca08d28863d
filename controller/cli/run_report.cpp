#include "cli/run_report.hpp"

#include "cli/print.hpp"
#include "record/bounds.hpp"
#include "record/figures.hpp"
#include "record/postmortem.hpp"
#include "runtime/json_text.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace chaos::cli {

namespace {

std::string worst(const Score& score) {
  if (!score.worst_minute) return "-";
  return percent(score.worst_minute->success(), 0) + " at " + lab_clock(static_cast<double>(score.worst_minute->lab_minute) * 60);
}

std::string mitigate(const Score& score) {
  if (!score.mitigated) return "not by the end";
  return score.time_to_mitigate_lab_s ? duration_lab(*score.time_to_mitigate_lab_s) : "-";
}

std::string mark(bool kept, const std::string& text) { return paint(kept ? Colour::green : Colour::red, text); }

std::string verdict(const std::optional<bool>& met) { return met ? mark(*met, *met ? "✓ met" : "✗ missed") : "– no verdict"; }

}  // namespace

RunData load_run(const Cli& cli, const std::string& run) {
  auto reader = RecordReader::open(cli.data / "record.db");
  if (!reader) throw Failure(kNotFound, reader.error().text);
  auto data = (*reader)->load(run);
  if (!data) throw Failure(kNotFound, data.error().text);
  return std::move(*data);
}

Score score_run(const RunData& data) { return score(run_figures(data)); }

void print_scores(const std::vector<RunScore>& scores, const v1::Contract& contract) {
  Table table({{"RUN"}, {"ON CALL"}, {"UPTIME", Align::right}, {"P95 MS", Align::right}, {"BUDGET $/MO", Align::right}, {"WORST MINUTE", Align::right},
               {"TIME TO MITIGATE", Align::right}, {"ORDERS", Align::right}, {"LOST", Align::right}, {"CONTRACT"}});
  for (const auto& [run, s] : scores) {
    const bool asked = s.requests > 0;
    const std::string uptime = mark(s.uptime >= contract.uptime_min(), record::percent_at_least(s.uptime, contract.uptime_min(), 2));
    const std::string p95 = mark(s.p95_ms <= contract.p95_ms_max(), record::number_at_most(s.p95_ms, contract.p95_ms_max()));
    const std::string budget = record::number_at_most(s.budget_usd_month, contract.budget_usd_month_max());
    table.row({run, s.name, asked ? uptime : "-", asked ? p95 : "-", mark(s.budget_usd_month <= contract.budget_usd_month_max(), budget), worst(s), mitigate(s),
               std::to_string(s.orders_acknowledged), mark(s.orders_lost == 0, std::to_string(s.orders_lost)), verdict(s.contract_met)});
  }
  table.print();
  std::cout << "contract: uptime ≥ " << record::bound_text(contract.uptime_min() * 100) << " %, P95 ≤ " << record::bound_text(contract.p95_ms_max()) << " ms, budget ≤ "
            << record::bound_text(contract.budget_usd_month_max()) << " $/month\n";
}

std::string score_json(const Score& score, const std::string& run) {
  boost::json::object out{{"name", score.name},
                          {"run", run},
                          {"uptime", score.uptime},
                          {"p95_ms", score.p95_ms},
                          {"budget_usd_month", score.budget_usd_month},
                          {"worst_minute", score.worst_minute ? boost::json::value(score.worst_minute->success()) : boost::json::value(nullptr)},
                          {"worst_minute_lab", score.worst_minute ? boost::json::value(lab_clock(static_cast<double>(score.worst_minute->lab_minute) * 60)) : boost::json::value(nullptr)},
                          {"time_to_mitigate_lab_s", score.time_to_mitigate_lab_s ? boost::json::value(*score.time_to_mitigate_lab_s) : boost::json::value(nullptr)},
                          {"mitigated", score.mitigated},
                          {"contract_met", score.contract_met ? boost::json::value(*score.contract_met) : boost::json::value(nullptr)},
                          {"orders_acknowledged", score.orders_acknowledged},
                          {"orders_lost", score.orders_lost},
                          {"requests", score.requests},
                          {"failed", score.failed}};
  return json_text(out);
}

std::vector<std::filesystem::path> write_reports(const Cli& cli, const RunData& data) {
  auto written = write_postmortem(data, cli.data / "reports");
  if (!written) throw Failure(kFailed, written.error().text);
  return {written->html, written->markdown};
}

}  // namespace chaos::cli
