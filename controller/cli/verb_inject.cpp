#include "cli/fault_catalogue.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"

#include <iostream>

namespace chaos::cli {

namespace {

struct Values {
  std::string target;
  std::map<std::string, std::string> by_field;
};

std::string words(const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? " " : ", ") + name;
  return out;
}

void inject(Cli& cli, const FaultKind& kind, const Values& values) {
  Call context;
  v1::InjectRequest request;
  *request.mutable_fault() = make_fault(kind, values.target, values.by_field);
  v1::InjectReply reply;
  expect_ok(cli.lab().Inject(&context, request, &reply));
  if (cli.json()) {
    std::cout << to_json(reply) << "\n";
    return;
  }
  std::cout << reply.id() << ": " << kind.name;
  if (!reply.nodes().empty()) std::cout << " in force on" << words(reply.nodes()) << " after " << number(reply.in_force_ms(), 1) << " ms";
  if (!reply.down().empty()) std::cout << (reply.nodes().empty() ? " is booked;" : ";") << words(reply.down()) << (reply.down_size() == 1 ? " is down and takes" : " are down and take") << " it up when back";
  std::cout << "\n";
  if (!kind.meta.one_shot()) std::cout << "end it: " << cli.self() << " clear " << reply.id() << (ends_with_process(kind) ? "      (it ends with its process too: a restart, an OOM kill)" : "") << "\n";
}

}  // namespace

void add_inject(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("inject", "break something: a node, a role, or the edge between two");
  verb->require_subcommand(1);
  verb->footer("Examples:  chaosctl inject memory_leak server --mb-per-lab-hour 90\n"
               "           chaosctl inject latency 'server->postgres' --delay-ms 80 --duration-lab-s 30m\n"
               "           chaosctl inject error lb-1 --probability 0.2");
  for (const FaultKind& kind : fault_kinds()) {
    auto* one = verb->add_subcommand(kind.name, kind.meta.summary());
    one->footer("cause in production: " + kind.meta.cause() + "\nlooks like: " + kind.meta.looks_like() + "\ncure: " + kind.meta.cure());
    auto values = std::make_shared<Values>();
    one->add_option("target", values->target, "a node (server-2), a role (server) or an edge ('server-2->postgres')")->required();
    for (const FaultFlag& flag : kind.flags) one->add_option(flag.flag, values->by_field[flag.field->name()], flag.help);
    for (const FaultFlag& flag : common_flags()) one->add_option(flag.flag, values->by_field[flag.field->name()], flag.help);
    on_run(one, cli, [&cli, kind, values] { inject(cli, kind, *values); });
  }
}

}  // namespace chaos::cli
