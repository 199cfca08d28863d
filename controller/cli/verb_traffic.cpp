#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

namespace {

void ask(Cli& cli, const v1::SetTrafficRequest& request) {
  Call context;
  v1::TrafficStatus traffic;
  expect_ok(cli.lab().SetTraffic(&context, request, &traffic));
  if (cli.json()) {
    std::cout << to_json(traffic) << "\n";
    return;
  }
  const auto& mix = traffic.mix();
  const double sum = mix.static_() + mix.item() + mix.order() + mix.order_status();
  const double more = traffic.users() - traffic.planned_users();
  std::string how = more > 0.5 ? " (the curve says " + number(traffic.planned_users()) + ", spikes add " + number(more) + ")" : " (by the curve)";
  if (traffic.fixed()) how = " (fixed; the curve says " + number(traffic.planned_users()) + ")";
  std::cout << number(traffic.users()) << " users" << how
            << ", " << number(traffic.rate(), 1) << " requests/s, think time " << number(traffic.think_s(), 1) << " s\n"
            << "mix: static " << percent(mix.static_() / sum, 0) << ", item " << percent(mix.item() / sum, 0) << ", order " << percent(mix.order() / sum, 0)
            << ", order status " << percent(mix.order_status() / sum, 0) << "\n";
}

}  // namespace

void add_traffic(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("traffic", "the users: show, fix their number, add a spike, back to the curve");
  verb->require_subcommand(1);
  on_run(verb->add_subcommand("show", "how many there are and what they do"), cli, [&cli] {
    v1::SetTrafficRequest request;
    request.set_show(true);
    ask(cli, request);
  });

  auto* set = verb->add_subcommand("set", "fix the number of users; the curve is off until: traffic curve");
  auto users = std::make_shared<double>(0);
  set->add_option("users", *users, "how many")->required()->check(CLI::Range(0.0, 100000.0));
  on_run(set, cli, [&cli, users] {
    v1::SetTrafficRequest request;
    request.set_users(*users);
    ask(cli, request);
  });

  auto* spike = verb->add_subcommand("spike", "users on top of the curve for a while");
  auto more = std::make_shared<double>(0);
  auto span = std::make_shared<std::string>("30m");
  spike->add_option("users", *more, "how many more")->required()->check(CLI::Range(1.0, 100000.0));
  spike->add_option("--for", *span, "lab time: 30m, 2h")->capture_default_str();
  on_run(spike, cli, [&cli, more, span] {
    v1::SetTrafficRequest request;
    request.set_spike_users(*more);
    request.set_spike_lab_s(parse_lab_seconds(*span));
    ask(cli, request);
  });

  on_run(verb->add_subcommand("curve", "back to the planned day"), cli, [&cli] {
    v1::SetTrafficRequest request;
    request.set_follow_curve(true);
    ask(cli, request);
  });
}

}  // namespace chaos::cli
