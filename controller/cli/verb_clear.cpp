#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

void add_clear(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("clear", "end a fault, or all of them; returns when every node has let go of it");
  auto id = std::make_shared<std::string>();
  auto all = std::make_shared<bool>(false);
  auto* named = verb->add_option("id", *id, "as inject and `faults --active` name it");
  verb->add_flag("--all", *all, "every fault in force")->excludes(named);
  on_run(verb, cli, [&cli, id, all] {
    if (id->empty() && !*all) throw Failure(kUsage, "which one? name its id (chaosctl faults --active) or say --all");
    Call context;
    v1::ClearRequest request;
    request.set_id(*id);
    request.set_all(*all);
    v1::ClearReply reply;
    expect_ok(cli.lab().Clear(&context, request, &reply));
    if (cli.json()) {
      std::cout << to_json(reply) << "\n";
      return;
    }
    if (reply.ids().empty()) std::cout << "no fault was in force\n";
    for (const std::string& cleared : reply.ids()) std::cout << cleared << ": cleared\n";
  });
}

}  // namespace chaos::cli
