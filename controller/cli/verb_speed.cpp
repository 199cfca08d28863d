#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

void add_speed(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("speed", "how fast lab time runs: 60 is a day in 24 minutes, 1440 a day in one");
  verb->footer("Rates and latencies of requests look the same at any speed; boot, drains, TTLs, leaks and the curve follow it.");
  auto speed = std::make_shared<double>(0);
  verb->add_option("speed", *speed, "lab seconds in a real second")->required()->check(CLI::Range(1.0, 1440.0));
  on_run(verb, cli, [&cli, speed] {
    Call context;
    v1::SetSpeedRequest request;
    request.set_speed(*speed);
    v1::SpeedReply reply;
    expect_ok(cli.lab().SetSpeed(&context, request, &reply));
    if (cli.json()) std::cout << to_json(reply) << "\n";
    else std::cout << "speed ×" << reply.speed() << " from lab " << lab_clock(reply.lab_s()) << "\n";
  });
}

}  // namespace chaos::cli
