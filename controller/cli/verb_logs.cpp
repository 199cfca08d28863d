#include "cli/interrupt.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

void add_logs(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("logs", "a node's log: one JSON object a line");
  auto request = std::make_shared<v1::LogsRequest>();
  auto node = std::make_shared<std::string>();
  auto follow = std::make_shared<bool>(false);
  auto lines = std::make_shared<std::uint32_t>(50);
  verb->add_option("node", *node, "its name, as in status; or controller")->required();
  verb->add_flag("-f,--follow", *follow, "go on with what is logged next");
  verb->add_option("-n,--lines", *lines, "begin with this many of the last lines")->capture_default_str();
  on_run(verb, cli, [&cli, request, node, follow, lines] {
    grpc::ClientContext context;
    const Interrupt interrupt([&context] { context.TryCancel(); });
    request->set_node(*node);
    request->set_follow(*follow);
    request->set_last_lines(*lines);
    const auto reader = cli.lab().Logs(&context, *request);
    v1::LogLine line;
    while (reader->Read(&line)) std::cout << line.line() << std::endl;
    expect_ok(reader->Finish());
  });
}

}  // namespace chaos::cli
