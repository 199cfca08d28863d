#include "cli/fault_catalogue.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"
#include "lab/edges.hpp"
#include "runtime/json_text.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace chaos::cli {

namespace {

void print_catalogue() {
  Table table({{"FAULT"}, {"SEAM"}, {"ROLES"}, {"WHAT IT DOES"}});
  for (const FaultKind& kind : fault_kinds()) {
    std::string roles;
    for (const std::string& role : kind.meta.roles()) roles += (roles.empty() ? "" : ", ") + role;
    table.row({kind.name, seam_word(kind.meta.seam()), roles.empty() ? "all" : roles, kind.meta.summary()});
  }
  table.print();
  std::cout << "\nflags of one: chaosctl inject FAULT -h      in force now: chaosctl faults --active\n";
}

void print_catalogue_json() {
  boost::json::array all;
  for (const FaultKind& kind : fault_kinds()) {
    boost::json::array flags;
    for (const FaultFlag& flag : kind.flags) flags.push_back({{"flag", flag.flag}, {"help", flag.help}});
    boost::json::array roles;
    for (const std::string& role : kind.meta.roles()) roles.emplace_back(role);
    all.push_back({{"name", kind.name}, {"seam", seam_word(kind.meta.seam())}, {"summary", kind.meta.summary()}, {"cause", kind.meta.cause()},
                   {"looks_like", kind.meta.looks_like()}, {"cure", kind.meta.cure()}, {"one_shot", kind.meta.one_shot()}, {"roles", roles}, {"flags", flags}});
  }
  std::cout << json_text(all) << "\n";
}

void print_active(Cli& cli) {
  Call context;
  v1::ListFaultsReply reply;
  expect_ok(cli.lab().ListFaults(&context, {}, &reply));
  if (cli.json()) {
    std::cout << to_json(reply) << "\n";
    return;
  }
  Table table({{"ID"}, {"FAULT"}, {"TARGET"}, {"ON"}, {"SINCE"}, {"BITES", Align::right}, {"ORIGIN"}});
  const auto* oneof = v1::Fault::descriptor()->FindOneofByName("kind");
  for (const auto& active : reply.faults()) {
    const auto* kind = active.fault().GetReflection()->GetOneofFieldDescriptor(active.fault(), oneof);
    std::string nodes;
    for (const std::string& node : active.nodes()) nodes += (nodes.empty() ? "" : " ") + node;
    table.row({active.fault().id(), kind ? kind->name() : "?", target_text(active.fault().target()), nodes,
               lab_clock(static_cast<double>(active.fault().start_lab_us()) / 1e6), std::to_string(active.bites()), active.origin()});
  }
  if (reply.faults().empty()) std::cout << "no fault is in force\n";
  else table.print();
}

}  // namespace

void add_faults(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("faults", "what can be injected; --active: what is in force");
  auto active = std::make_shared<bool>(false);
  auto markdown = std::make_shared<bool>(false);
  verb->add_flag("--active", *active, "the faults in force in the running lab, with how often each bit");
  verb->add_flag("--markdown", *markdown, "the whole catalogue as docs/faults.md holds it");
  on_run(verb, cli, [&cli, active, markdown] {
    if (*active) print_active(cli);
    else if (*markdown) std::cout << catalogue_markdown();
    else if (cli.json()) print_catalogue_json();
    else print_catalogue();
  });
}

}  // namespace chaos::cli
