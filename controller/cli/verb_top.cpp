#include "cli/print.hpp"
#include "cli/status_call.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

namespace {

void stream_json(Cli& cli, double interval_s) {
  const WatchEnd end = watch_status(cli, interval_s, [](const v1::LabStatus& status) { std::cout << to_json(status, false) << std::endl; });
  if (end == WatchEnd::lost) throw Failure(kNoLab, "the lab is gone");
}

void show_live(Cli& cli, double interval_s) {
  const WatchEnd end = watch_live(cli, interval_s, "Ctrl-C leaves; the lab goes on");
  if (end == WatchEnd::lost) throw Failure(kNoLab, "the lab is gone: its controller does not answer any more");
  if (end == WatchEnd::over) std::cout << "the run has ended; how the nodes are now: chaosctl status      its story: chaosctl postmortem\n";
}

}  // namespace

void add_top(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("top", "the same as status, live, with the day's curve and the contract; Ctrl-C leaves");
  auto interval = std::make_shared<double>(0.5);
  verb->add_option("--interval", *interval, "real seconds between two looks")->check(CLI::Range(0.05, 60.0))->capture_default_str();
  on_run(verb, cli, [&cli, interval] { cli.json() ? stream_json(cli, *interval) : show_live(cli, *interval); });
}

}  // namespace chaos::cli
