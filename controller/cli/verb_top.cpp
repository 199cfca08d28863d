#include "cli/print.hpp"
#include "cli/status_call.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

void add_top(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("top", "the same as status, live, with the day's curve and the contract; Ctrl-C leaves");
  auto interval = std::make_shared<double>(0.5);
  verb->add_option("--interval", *interval, "real seconds between two looks")->check(CLI::Range(0.05, 60.0))->capture_default_str();
  on_run(verb, cli, [&cli, interval] {
    if (cli.json()) {
      if (watch_status(cli, *interval, [](const v1::LabStatus& status) { std::cout << to_json(status, false) << std::endl; }) == WatchEnd::lost) throw Failure(kNoLab, "the lab is gone");
      return;
    }
    const WatchEnd end = watch_live(cli, *interval, "Ctrl-C leaves; the lab goes on");
    if (end == WatchEnd::lost) throw Failure(kNoLab, "the lab is gone: its controller does not answer any more");
    if (end == WatchEnd::over) std::cout << "the run has ended; how the nodes are now: chaosctl status      its story: chaosctl postmortem\n";
  });
}

}  // namespace chaos::cli
