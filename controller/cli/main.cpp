#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"

#include "runtime/schema.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace chaos::cli {
namespace {

constexpr const char* kAbout =
    "Breaks, mends and watches a chaos lab: a shop of real processes under a real day of traffic.\n\n"
    "  chaosctl up                                   a lab with the guided drill, in the background\n"
    "  chaosctl top                                  what every node does, live\n"
    "  chaosctl inject crash server-2                break something\n"
    "  chaosctl restart --rolling server             mend it without losing availability\n"
    "  chaosctl drill compare guided-incident-response\n"
    "  chaosctl postmortem                           the story of the last run\n";

constexpr const char* kExitCodes =
    "Exit codes: 0 done; 1 the lab refused or failed; 2 wrong arguments; 3 no lab is up; 4 no such node, fault, run or drill;\n"
    "5 not in the lab's present state; 6 timed out; 7 a drill's contract was missed.\n"
    "Verbs take the -h of their own: chaosctl inject -h";

void add_verbs(CLI::App& app, Cli& cli) {
  for (auto* add : {&add_up, &add_down, &add_status, &add_top, &add_contract, &add_events, &add_logs, &add_traffic, &add_speed,
                    &add_faults, &add_inject, &add_clear, &add_restart, &add_rollback, &add_duty, &add_scale, &add_failover, &add_drill,
                    &add_postmortem, &add_rules, &add_completion}) {
    add(app, cli);
  }
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(verb->get_name());
  return names;
}

std::string list(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::string unknown(const std::string& what, const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return "no " + what + " \"" + word + "\"" + (near.empty() ? "; there are: " + list(known) : "; did you mean " + near + "?");
}

// CLI11 says that something is wrong; which word, and which one was meant, is for us to say. Empty: nothing found.
std::string explain(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  std::string path = "chaosctl";
  bool value_next = false;     // of a flag that takes one
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (std::exchange(value_next, false)) continue;
    if (word.starts_with("-")) {
      const std::string flag = word.substr(0, word.find('='));
      const CLI::Option* option = at->get_option_no_throw(flag);
      if (!option) option = app.get_option_no_throw(flag);
      if (!option && flag.starts_with("--")) return unknown("flag", flag, flags_of(*at));
      value_next = option && option->get_items_expected_max() > 0 && word == flag;
      continue;
    }
    const auto names = verb_names(*at);
    if (names.empty()) continue;      // a leaf's own arguments
    if (std::find(names.begin(), names.end(), word) == names.end()) return unknown(at == &app ? "verb" : path.substr(9) + " verb", word, names);
    at = at->get_subcommand(word);
    path += " " + word;
  }
  const auto names = verb_names(*at);
  return names.empty() ? std::string{} : path + " wants one of: " + list(names) + "\nsee: " + path + " -h";
}

int run(int argc, char** argv) {
  Cli cli;
  if (const char* data = std::getenv("CHAOSLAB_DATA")) cli.data = data;
  if (const char* controller = std::getenv("CHAOSLAB_CONTROLLER")) cli.controller = controller;
  CLI::App app{kAbout};
  app.footer(kExitCodes);
  app.add_option("--data", cli.data, "the lab's data directory (default: $CHAOSLAB_DATA or .chaoslab)");
  app.add_option("--controller", cli.controller, "HOST:PORT of a controller elsewhere, in containers 127.0.0.1:7000 (default: $CHAOSLAB_CONTROLLER, or the data directory's)");
  app.add_option("-o,--output", cli.output, "table or json")->check(CLI::IsMember({"table", "json"}));
  app.set_version_flag("--version", std::string("chaosctl ") + CHAOSLAB_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  add_verbs(app, cli);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    const std::string meant = explain(app, argc, argv);
    std::cerr << "chaosctl: " << (meant.empty() ? e.what() : meant) << "\n";
    return kUsage;
  } catch (const Failure& failure) {
    std::cerr << "chaosctl: " << failure.what() << "\n";
    return failure.code;
  }
  return cli.exit_code;
}

}  // namespace
}  // namespace chaos::cli

int main(int argc, char** argv) {
  chaos::cli::watch_signals();
  setenv("GRPC_VERBOSITY", "NONE", 0);     // what gRPC says is in the statuses too
  return chaos::cli::run(argc, argv);
}
