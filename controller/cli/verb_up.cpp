#include "cli/drill_choice.hpp"
#include "cli/drill_run.hpp"
#include "cli/print.hpp"
#include "cli/status_call.hpp"
#include "cli/verbs.hpp"

#include <chrono>
#include <iostream>

namespace chaos::cli {

namespace {

// A resumed lab's addresses, where it could not have those that it had.
std::string moved(const v1::LabStatus& status) {
  for (auto event = status.events().rbegin(); event != status.events().rend(); ++event) {
    if (event->kind() != "run") continue;
    if (event->what() == "moved") return event->text() + "\n";
    if (event->what() == "resumed") break;
  }
  return {};
}

}  // namespace

void add_up(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("up", "start a lab in the background");
  verb->footer("The lab keeps its record, logs and data in the data directory and nowhere else.\n"
               "Examples:  chaosctl up\n           chaosctl up smoke --speed 720 --seed 3");
  auto options = std::make_shared<LaunchOptions>();
  auto* drill = verb->add_option("drill", options->drill, "a drill's name or file; see: chaosctl drill list")->capture_default_str();
  add_launch_flags(*verb, *options);
  auto* resume = verb->add_flag("--resume", options->resume, "go on with the run that was cut off when its controller died, where it stood");
  for (const char* other : {"--seed", "--speed", "--responder"}) resume->excludes(other);
  resume->excludes(drill);
  on_run(verb, cli, [&cli, options] {
    const auto begin = std::chrono::steady_clock::now();
    options->detached = true;
    const std::string left = options->resume ? std::string{} : cut_off_run(cli.data);
    if (!left.empty()) std::cerr << "run " << left << " was cut off when its controller died; this begins a new one, and that one can no longer be resumed\n";
    const Interrupt interrupt([] {});
    LabProcess process(cli, *options);
    if (!process.wait_running(cli, interrupt)) {
      process.end();
      throw Failure(kFailed, "interrupted; the lab was ended");
    }
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const LabFile file = read_lab_file(cli.data);
    if (cli.json()) {
      std::cout << "{\"pid\": " << process.pid() << ", \"grpc\": \"" << file.grpc << "\", \"http\": \"" << file.http << "\", \"seconds\": " << took << "}\n";
      return;
    }
    const v1::LabStatus status = get_status(cli);
    if (!options->resume) print_brief(chosen_drill(options->drill).drill);
    std::cout << "up after " << number(took, 2) << " s: " << status.drill() << " at speed " << number(status.speed()) << ", lab " << lab_clock(status.lab_s()) << ", controller " << file.grpc << ", " << file.http << "\n"
              << moved(status)
              << "next: " << cli.self() << " top      end: " << cli.self() << " down\n";
  });
}

}  // namespace chaos::cli
