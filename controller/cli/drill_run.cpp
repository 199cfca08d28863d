#include "cli/drill_run.hpp"

#include "cli/drill_choice.hpp"
#include "cli/interrupt.hpp"
#include "cli/print.hpp"
#include "cli/run_report.hpp"
#include "cli/status_call.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

namespace chaos::cli {

namespace {

// One line of what a run does, drawn over itself on a terminal and repeated every few seconds elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(std::string label) : label_(std::move(label)) {}
  ~ProgressLine() {
    if (on_terminal()) std::cerr << "\r\033[K" << std::flush;
  }
  void show(const v1::LabStatus& status) {
    const auto now = std::chrono::steady_clock::now();
    if (!on_terminal() && now - last_ < std::chrono::seconds(5)) return;
    last_ = now;
    const double span = std::max(1.0, status.end_lab_s() - status.start_lab_s());
    const std::string text = label_ + "  lab " + lab_clock(status.lab_s()) + "  " + percent((status.lab_s() - status.start_lab_s()) / span, 0) + "  " + status.state() +
                             "  uptime " + percent(status.contract().uptime(), 2) + "  P95 " + number(status.contract().p95_ms()) + " ms  " + number(status.traffic().rate()) + " req/s";
    if (on_terminal()) std::cerr << "\r\033[K" << clip(text, Screen::width() - 1) << std::flush;
    else std::cerr << text << std::endl;
  }

 private:
  std::string label_;
  std::chrono::steady_clock::time_point last_{};
};

WatchEnd watch_lines(Cli& cli, const std::string& label) {
  ProgressLine line(label);
  return watch_status(cli, 0.5, [&](const v1::LabStatus& status) { line.show(status); });
}

// The controller writes its verdict and goes; give it the time for that.
void wait_end(LabProcess& process) {
  for (int waited = 0; waited < 60000 && !process.ended(); waited += 20) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

// What is known of a run that did not come to its end by itself.
std::string unfinished(const RunInfo& run, const LabProcess& process) {
  return "run " + run.id + " broke off at lab " + lab_clock(run.last_lab_s) + ": the controller " + process.how_it_ended() +
         "\nwhat was recorded until then: chaosctl postmortem " + run.id;
}

RunData one_run(Cli& base, LaunchOptions options, const std::string& label) {
  Cli cli;      // a connection of its own: each run is a lab of its own
  cli.data = base.data;
  options.end_with_run = true;
  const Interrupt early([] {});
  LabProcess process(cli, options);
  if (!process.wait_running(cli, early) || watch_lines(cli, label) == WatchEnd::interrupted) throw Failure(kFailed, "interrupted");
  wait_end(process);
  RunData data = load_run(base, "last");
  if (data.info.state != RunState::ended) throw Failure(kFailed, unfinished(data.info, process));
  return data;
}

}  // namespace

void print_brief(const v1::Drill& drill) { std::cout << drill.title() << "\n\n" << drill.brief() << std::endl; }

void run_drill(Cli& cli, LaunchOptions options) {
  options.end_with_run = true;
  const Interrupt early([] {});      // a Ctrl-C outside of the watching ends the lab politely too
  LabProcess process(cli, options);
  const bool live = on_terminal() && !cli.json();
  WatchEnd seen = process.wait_running(cli, early) ? WatchEnd::over : WatchEnd::interrupted;
  if (!cli.json()) print_brief(chosen_drill(options.drill).drill);
  if (seen == WatchEnd::over) seen = live ? watch_live(cli, 0.5, "Ctrl-C ends the lab") : watch_lines(cli, options.drill);
  if (seen != WatchEnd::interrupted && !early.came()) wait_end(process);
  process.end();
  const RunData data = load_run(cli, "last");
  if (process.died()) throw Failure(kFailed, unfinished(data.info, process));
  const Score score = score_run(data);
  const auto reports = write_reports(cli, data);
  if (cli.json()) {
    std::cout << score_json(score, data.info.id) << "\n";
  } else {
    print_scores({{data.info.id, score}}, data.info.plan.contract());
    std::cout << "run " << data.info.id << " " << to_word(data.info.state) << " at lab " << lab_clock(data.info.last_lab_s) << "; post-mortem: " << reports.front().string() << "\n";
  }
  if (score.contract_met == false) cli.exit_code = kMissed;      // none for a run that was interrupted
}

void compare_responders(Cli& cli, LaunchOptions options, std::vector<std::string> responders) {
  const v1::Drill drill = chosen_drill(options.drill).drill;
  for (const std::string& responder : responders) chosen_drill(options.drill, responder);
  if (responders.empty()) {
    for (const auto& responder : drill.responders()) responders.push_back(responder.name());
  }
  if (responders.empty()) throw Failure(kUsage, drill.name() + " has no responders to compare");
  std::vector<RunScore> scores;
  std::string json;
  for (std::size_t i = 0; i < responders.size(); ++i) {
    options.responder = responders[i];
    const std::string label = "[" + std::to_string(i + 1) + "/" + std::to_string(responders.size()) + "] " + responders[i];
    const RunData data = one_run(cli, options, label);
    scores.push_back({data.info.id, score_run(data)});
    write_reports(cli, data);
    json += (json.empty() ? "" : ", ") + score_json(scores.back().score, data.info.id);
  }
  if (cli.json()) {
    std::cout << "{\"drill\": \"" << options.drill << "\", \"seed\": " << options.seed << ", \"speed\": " << options.speed << ", \"responders\": [" << json << "]}\n";
    return;
  }
  print_scores(scores, drill.contract());
  std::cout << "post-mortems: " << (cli.data / "reports").string() << "\n";
}

}  // namespace chaos::cli
