#include "cli/lab_process.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <chrono>
#include <iostream>

namespace chaos::cli {

void add_down(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("down", "end the lab: every node drains and ends, the record stays");
  auto settle = std::make_shared<bool>(false);
  verb->add_flag("--settle", *settle, "first end the run in good order: traffic off, ledger check, verdict");
  on_run(verb, cli, [&cli, settle] {
    const auto begin = std::chrono::steady_clock::now();
    const int pid = read_lab_file(cli.data).pid;
    grpc::ClientContext context;
    v1::ShutdownRequest request;
    request.set_settle(*settle);
    v1::ShutdownReply reply;
    expect_ok(cli.lab().Shutdown(&context, request, &reply));
    if (pid != 0 && !wait_gone(pid, *settle ? 60000 : 10000)) throw Failure(kTimedOut, "the controller (pid " + std::to_string(pid) + ") has not ended after 10 s");
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (cli.json()) {
      std::cout << "{\"run\": \"" << reply.run() << "\", \"seconds\": " << took << "}\n";
    } else {
      std::cout << "down after " << number(took, 2) << " s; the record of run " << reply.run() << " stays: chaosctl postmortem " << reply.run() << "\n";
    }
  });
}

}  // namespace chaos::cli
