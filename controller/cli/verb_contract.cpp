#include "cli/print.hpp"
#include "cli/status_call.hpp"
#include "cli/verbs.hpp"
#include "cli/view.hpp"

#include <iostream>

namespace chaos::cli {

void add_contract(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("contract", "uptime, P95 and budget of the run so far against what was promised");
  verb->footer("uptime: good requests / all requests of the run; good: answered in time without a 5xx.\n"
               "P95: over all answered requests, from the intended send time. budget: time-weighted monthly price of the active nodes.");
  on_run(verb, cli, [&cli] {
    const v1::LabStatus status = get_status(cli);
    if (cli.json()) {
      std::cout << to_json(status.contract()) << "\n";
      return;
    }
    for (const std::string& line : contract_lines(status.contract())) std::cout << line << "\n";
    std::cout << status.contract().requests() << " requests, " << status.contract().requests() - status.contract().good() << " of them bad\n";
  });
}

}  // namespace chaos::cli
