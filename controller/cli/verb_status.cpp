#include "cli/print.hpp"
#include "cli/status_call.hpp"
#include "cli/verbs.hpp"
#include "cli/view.hpp"

#include <iostream>

namespace chaos::cli {

void add_status(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("status", "each node: state, memory against its limit, in flight, rate, P95, errors");
  verb->footer("STATE: ready, booting, draining, standby, stopping, down (no process attached), silent (attached, but no report);\n"
               "\"drain at lb-1\", \"maint at lb-1\": set so by that load balancer's runtime API.\n"
               "P95 and ERRORS are of the node's own service over the last seconds.");
  on_run(verb, cli, [&cli] {
    const v1::LabStatus status = get_status(cli);
    if (cli.json()) {
      std::cout << to_json(status) << "\n";
      return;
    }
    std::cout << "lab " << lab_clock(status.lab_s()) << "  ×" << status.speed() << "  " << status.drill() << "  run " << status.run() << "  " << status.state() << "  " << address_range(status) << "\n\n";
    for (const std::string& line : node_table(status)) std::cout << line << "\n";
    for (const std::string& alert : status.alerts()) std::cout << paint(Colour::red, "firing: " + alert) << "\n";
  });
}

}  // namespace chaos::cli
