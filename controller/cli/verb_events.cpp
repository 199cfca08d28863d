#include "cli/interrupt.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"
#include "cli/view.hpp"

#include <iostream>

namespace chaos::cli {

void add_events(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("events", "what happened: faults, actions, alerts, nodes that came and went");
  auto follow = std::make_shared<bool>(false);
  auto after = std::make_shared<std::uint64_t>(0);
  verb->add_flag("-f,--follow", *follow, "go on with what happens next");
  verb->add_option("--after", *after, "only those after this sequence number");
  on_run(verb, cli, [&cli, follow, after] {
    grpc::ClientContext context;
    const Interrupt interrupt([&context] { context.TryCancel(); });
    v1::EventsRequest request;
    request.set_after(*after);
    request.set_follow(*follow);
    const auto reader = cli.lab().Events(&context, request);
    v1::Event event;
    while (reader->Read(&event)) std::cout << (cli.json() ? to_json(event, false) : event_line(event)) << std::endl;
    expect_ok(reader->Finish());
  });
}

}  // namespace chaos::cli
