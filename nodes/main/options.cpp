#include "main/options.hpp"

#include "runtime/schema.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace chaos {

std::optional<NodeOptions> parse_options(int argc, char** argv, const std::vector<RoleEntry>& roles, int& exit_code) {
  NodeOptions options;
  std::vector<std::string> names;
  for (const RoleEntry& role : roles) names.emplace_back(role.name);

  CLI::App app{"One node of the chaos lab: a real process that speaks its component's real protocol.\n"
               "Usually the controller or a container starts it; without --controller it runs alone."};
  app.add_option("role", options.role, "what it is: " + CLI::detail::join(names, ", "))->required();
  app.add_option("--name", options.name, "its name in the lab (default: ROLE-1)");
  app.add_option("--listen", options.listen, "address to listen on; the ports are the role's standard ones")->capture_default_str();
  app.add_option("--advertise", options.advertise, "address by which the others reach it (default: as --listen; for 0.0.0.0 this host's on the way to the controller)");
  app.add_option("--controller", options.controller, "HOST:PORT of the controller's gRPC");
  app.add_option("--data", options.data, "directory of its own data (default: .chaoslab/nodes/NAME)");
  app.add_option("--state", options.state, "without a controller: a desired state as JSON; read again on SIGHUP");
  app.add_option("--seed", options.seed, "without a controller: seed of its chance")->capture_default_str();
  app.add_option("--parent", options.parent, "end by SIGKILL when this process is no longer the parent");
  app.add_option("--last-words", options.last_words, "open descriptor on which to tell the parent why it dies at once");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e) == 0 ? 0 : 2;
    return std::nullopt;
  }
  if (std::find(names.begin(), names.end(), options.role) == names.end()) {
    const std::string near = nearest(options.role, names);
    std::cerr << "chaos-node: no role \"" << options.role << "\"" << (near.empty() ? "" : "; did you mean " + near + "?")
              << "\nroles: " << CLI::detail::join(names, ", ") << "\n";
    exit_code = 2;
    return std::nullopt;
  }
  if (options.name.empty()) options.name = options.role + "-1";
  if (options.data.empty()) options.data = std::filesystem::path(".chaoslab") / "nodes" / options.name;
  return options;
}

}  // namespace chaos
