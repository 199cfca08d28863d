#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace chaos::cli {

namespace {

struct Options {
  std::string role;
  bool at_once = false;
  unsigned batch = 1;
  std::string drain = "60s";
  std::string to;
};

}  // namespace

void add_rollback(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("rollback", "take a role back to its last good version");
  verb->footer("A fault in the code outlives a restart; it leaves with the version that brought it.\n"
               "Examples:  chaosctl rollback server\n           chaosctl rollback server --at-once");
  auto options = std::make_shared<Options>();
  verb->add_option("role", options->role, "server, worker, ...")->required();
  verb->add_flag("--at-once", options->at_once, "restart all of its nodes at once instead of one by one");
  verb->add_option("--batch", options->batch, "how many at once when rolling")->check(CLI::Range(1, 64))->capture_default_str();
  verb->add_option("--drain", options->drain, "lab time for work in flight before each restart")->capture_default_str();
  verb->add_option("--to", options->to, "a version by name (default: the last good one)");
  on_run(verb, cli, [&cli, options] {
    v1::RollbackRequest request;
    request.set_role(options->role);
    request.set_at_once(options->at_once);
    request.set_batch(options->batch);
    request.set_drain_lab_s(parse_lab_seconds(options->drain));
    request.set_version(options->to);
    follow_progress(cli, [&](grpc::ClientContext& context) { return cli.lab().Rollback(&context, request); });
  });
}

}  // namespace chaos::cli
