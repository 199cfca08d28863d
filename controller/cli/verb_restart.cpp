#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace chaos::cli {

namespace {

struct Options {
  std::vector<std::string> targets;
  bool rolling = false;
  bool all = false;
  unsigned batch = 1;
  std::string drain = "60s";
};

}  // namespace

void add_restart(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("restart", "restart a node; a whole role one by one (--rolling) or at once (--all)");
  verb->footer("Several nodes, or a role, restart one by one unless --all is said. A restart is real: the process\n"
               "drains, ends, and a new one boots, which takes its boot time.\n"
               "Examples:  chaosctl restart server-2\n"
               "           chaosctl restart --rolling server --batch 1 --drain 90s\n"
               "           chaosctl restart --all server        (every server at once: nothing serves until they have booted)");
  auto options = std::make_shared<Options>();
  verb->add_option("targets", options->targets, "nodes or roles")->required();
  auto* rolling = verb->add_flag("--rolling", options->rolling, "batch by batch, each drained first and ready again before the next");
  verb->add_flag("--all", options->all, "all at once, without a drain")->excludes(rolling);
  verb->add_option("--batch", options->batch, "how many at once in a rolling restart")->check(CLI::Range(1, 64))->capture_default_str();
  verb->add_option("--drain", options->drain, "lab time for work in flight before each restart: 60s, 5m")->capture_default_str();
  on_run(verb, cli, [&cli, options] {
    v1::RestartRequest request;
    for (const std::string& target : options->targets) request.add_targets(target);
    request.set_all(options->all);
    request.set_batch(options->batch);
    request.set_drain_lab_s(parse_lab_seconds(options->drain));
    follow_progress(cli, [&](grpc::ClientContext& context) { return cli.lab().Restart(&context, request); });
  });
}

}  // namespace chaos::cli
