#include "cli/run_report.hpp"
#include "cli/verbs.hpp"
#include "runtime/json_text.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace chaos::cli {

void add_postmortem(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("postmortem", "the story of a run as a web page and as Markdown, every figure from the record");
  verb->footer("Works while the lab runs and after it has ended. The files go to DATA/reports.");
  auto run = std::make_shared<std::string>("last");
  verb->add_option("run", *run, "r1, r2, ...; see: chaosctl drill list --runs")->capture_default_str();
  on_run(verb, cli, [&cli, run] {
    if (!cli.controller.empty()) {
      throw Failure(kNotNow, "the record is where the controller is: " + cli.web() + " lists its runs, and " + cli.web() + "runs/" + (*run == "last" ? "rN" : *run) + " is the page of one that has ended");
    }
    const auto paths = write_reports(cli, load_run(cli, *run));
    if (cli.json()) {
      boost::json::array all;
      for (const auto& path : paths) all.emplace_back(path.string());
      std::cout << json_text(boost::json::object{{"files", all}}) << "\n";
      return;
    }
    for (const auto& path : paths) std::cout << path.string() << "\n";
  });
}

}  // namespace chaos::cli
