// stop, start, drain, undrain: each sets what is wanted of nodes.
#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace chaos::cli {

namespace {

struct Verb {
  const char* name;
  const char* about;
  v1::Duty duty;
  bool undrain = false;
};

constexpr Verb kVerbs[] = {
    {"stop", "stop nodes: each drains, ends and waits as standby; not billed", v1::DUTY_STANDBY},
    {"start", "start nodes that were stopped; a spare only by its own name", v1::DUTY_ACTIVE},
    {"drain", "take nodes out of rotation: they finish what they have and get no new work", v1::DUTY_DRAINING},
    {"undrain", "put drained nodes back into rotation", v1::DUTY_ACTIVE, true},
};

void change(Cli& cli, const std::vector<std::string>& targets, const Verb& row) {
  v1::SetDutyRequest request;
  for (const std::string& target : targets) request.add_targets(target);
  request.set_duty(row.duty);
  request.set_undrain(row.undrain);
  follow_progress(cli, [&](grpc::ClientContext& context) { return cli.lab().SetDuty(&context, request); });
}

}  // namespace

void add_duty(CLI::App& app, Cli& cli) {
  for (const Verb& row : kVerbs) {
    auto* verb = app.add_subcommand(row.name, row.about);
    auto targets = std::make_shared<std::vector<std::string>>();
    verb->add_option("targets", *targets, "nodes or roles")->required();
    on_run(verb, cli, [&cli, targets, row] { change(cli, *targets, row); });
  }
}

}  // namespace chaos::cli
