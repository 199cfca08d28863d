#include "cli/drill_choice.hpp"
#include "cli/drill_run.hpp"
#include "cli/print.hpp"
#include "cli/run_report.hpp"
#include "cli/verbs.hpp"
#include "drill/drill_folders.hpp"
#include "runtime/json_text.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace chaos::cli {

namespace {

void list_runs(const Cli& cli) {
  auto reader = RecordReader::open(cli.data / "record.db");
  if (!reader) throw Failure(kNotFound, reader.error().text);
  auto runs = (*reader)->runs();
  if (!runs) throw Failure(kFailed, runs.error().text);
  Table table({{"RUN"}, {"DRILL"}, {"ON CALL"}, {"SEED", Align::right}, {"SPEED", Align::right}, {"UNTIL"}, {"STATE"}});
  boost::json::array all;
  for (const RunInfo& run : *runs) {
    const std::string who = run.responder.empty() ? "you" : run.responder;
    const std::string state(to_word(run.state));
    table.row({run.id, run.drill, who, std::to_string(run.seed), number(run.speed), lab_clock(run.last_lab_s), state});
    all.push_back({{"run", run.id}, {"drill", run.drill}, {"responder", run.responder}, {"seed", run.seed}, {"speed", run.speed}, {"state", state}});
  }
  if (cli.json()) std::cout << json_text(all) << "\n";
  else table.print();
}

void list_drills_of(const Cli& cli) {
  Table table({{"DRILL"}, {"TITLE"}, {"FILE"}});
  boost::json::array all;
  for (const DrillTitle& drill : list_drills(drill_folders())) {
    const std::string path = std::filesystem::weakly_canonical(drill.path).string();
    table.row({drill.name, paint(drill.good ? Colour::none : Colour::red, drill.title), path});
    all.push_back({{"name", drill.name}, {"title", drill.title}, {"path", path}, {"good", drill.good}});
  }
  if (cli.json()) std::cout << json_text(all) << "\n";
  else table.print();
}

void add_list(CLI::App& drill, Cli& cli) {
  auto* verb = drill.add_subcommand("list", "the drills there are; --runs: the runs in the record");
  auto runs = std::make_shared<bool>(false);
  verb->add_flag("--runs", *runs, "runs instead of drills");
  on_run(verb, cli, [&cli, runs] { *runs ? list_runs(cli) : list_drills_of(cli); });
}

void show_drill(const Cli& cli, const std::string& name) {
  const v1::Drill drill = chosen_drill(name).drill;
  if (cli.json()) {
    v1::Drill told = drill;
    told.clear_faults();
    std::cout << to_json(told) << "\n";
    return;
  }
  print_brief(drill);
  Table table({{"ROLE"}, {"NODES", Align::right}, {"STANDBY", Align::right}, {"$/MO EACH", Align::right}, {"MEMORY", Align::right}, {"BOOT", Align::right}});
  for (const auto& role : drill.topology()) {
    table.row({role.role(), std::to_string(role.nodes()), std::to_string(role.standby()), number(role.usd_month()),
               number(role.config().node().memory_limit_mb()) + " MB", duration_lab(role.config().node().boot_lab_s())});
  }
  table.print();
  for (const auto& responder : drill.responders()) std::cout << "responder " << responder.name() << ": " << responder.summary() << "\n";
}

void add_show(CLI::App& drill, Cli& cli) {
  auto* verb = drill.add_subcommand("show", "a drill's brief, topology and responders; its faults are not told");
  auto name = std::make_shared<std::string>();
  verb->add_option("drill", *name, "name or file")->required();
  on_run(verb, cli, [&cli, name] { show_drill(cli, *name); });
}

void add_run(CLI::App& drill, Cli& cli) {
  auto* verb = drill.add_subcommand("run", "run a drill in the foreground, score it and write its post-mortem; Ctrl-C ends it early");
  verb->footer("On a terminal it shows a live view. Without --responder you are on call: break and mend from another terminal.\nExit code 7 when the contract was missed.");
  auto options = std::make_shared<LaunchOptions>();
  verb->add_option("drill", options->drill, "name or file")->required();
  add_launch_flags(*verb, *options);
  on_run(verb, cli, [&cli, options] { run_drill(cli, *options); });
}

void add_compare(CLI::App& drill, Cli& cli) {
  auto* verb = drill.add_subcommand("compare", "run a drill once with each of its responders, same seed, and set them side by side");
  verb->footer("One run after the other: at speed 720 a day takes two minutes each.");
  auto options = std::make_shared<LaunchOptions>();
  auto responders = std::make_shared<std::vector<std::string>>();
  options->speed = 720;
  verb->add_option("drill", options->drill, "name or file")->required();
  verb->add_option("--seed", options->seed, "seed of all chance in each run")->capture_default_str();
  verb->add_option("--speed", options->speed, "lab seconds in a real second")->check(CLI::Range(1.0, 1440.0))->capture_default_str();
  verb->add_option("--responders", *responders, "only these")->delimiter(',');
  on_run(verb, cli, [&cli, options, responders] { compare_responders(cli, *options, *responders); });
}

}  // namespace

void add_drill(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("drill", "drills: list, show, run, compare responders");
  verb->require_subcommand(1);
  add_list(*verb, cli);
  add_show(*verb, cli);
  add_run(*verb, cli);
  add_compare(*verb, cli);
}

}  // namespace chaos::cli
