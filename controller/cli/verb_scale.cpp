#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace chaos::cli {

void add_scale(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("scale", "set how many nodes of a role are active; standbys come in, the last ones go out");
  verb->footer("Example:  chaosctl scale server 5       (each active node is billed)");
  auto role = std::make_shared<std::string>();
  auto nodes = std::make_shared<unsigned>(0);
  verb->add_option("role", *role, "server, worker, ...")->required();
  verb->add_option("nodes", *nodes, "active nodes in all")->required()->check(CLI::Range(0, 64));
  on_run(verb, cli, [&cli, role, nodes] {
    v1::ScaleRequest request;
    request.set_role(*role);
    request.set_nodes(*nodes);
    follow_progress(cli, [&](grpc::ClientContext& context) { return cli.lab().Scale(&context, request); });
  });
}

}  // namespace chaos::cli
