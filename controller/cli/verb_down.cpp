#include "cli/lab_process.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <chrono>
#include <iostream>

namespace chaos::cli {

void add_down(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("down", "end the lab at once: no process is left, the record stays");
  auto settle = std::make_shared<bool>(false);
  verb->add_flag("--settle", *settle, "first end the run in good order: traffic off, what is in flight finishes, ledger check, verdict (up to half a minute)");
  on_run(verb, cli, [&cli, settle] {
    const auto begin = std::chrono::steady_clock::now();
    const int pid = cli.controller.empty() ? read_lab_file(cli.data).pid : 0;     // another's process is not ours to watch
    const int bound_s = *settle ? 60 : 10;
    Call context;
    v1::ShutdownRequest request;
    request.set_settle(*settle);
    v1::ShutdownReply reply;
    expect_ok(cli.lab().Shutdown(&context, request, &reply));
    if (pid != 0 && !wait_gone(pid, bound_s * 1000)) throw Failure(kTimedOut, "the controller (pid " + std::to_string(pid) + ") has not ended after " + std::to_string(bound_s) + " s");
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (cli.json()) {
      std::cout << "{\"run\": \"" << reply.run() << "\", \"seconds\": " << took << "}\n";
    } else {
      std::cout << "down after " << number(took, 2) << " s; the record of run " << reply.run() << " stays: " << (cli.web().empty() ? cli.self() + " postmortem " : cli.web() + "runs/") << reply.run() << "\n";
    }
  });
}

}  // namespace chaos::cli
