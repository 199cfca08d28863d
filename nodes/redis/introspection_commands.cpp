// COMMAND: the table of commands, as clients ask for it.
#include "redis/engine.hpp"

#include <array>
#include <bit>

namespace chaos::redis {
namespace {

struct FlagName { Flag flag; std::string_view name; };
constexpr std::array<FlagName, 8> kFlagNames{{{kReadonly, "readonly"}, {kWrite, "write"}, {kDenyOom, "denyoom"},
                                              {kFast, "fast"}, {kAdmin, "admin"}, {kLoading, "loading"},
                                              {kStale, "stale"}, {kNoAuth, "no_auth"}}};

void describe(resp::Writer& out, const Command& command) {
  out.array(6);
  out.bulk(command.name);
  out.integer(command.arity);
  out.set(static_cast<std::size_t>(std::popcount(command.flags)));
  for (const auto& [flag, name] : kFlagNames) {
    if (command.flags & flag) out.simple(name);
  }
  out.integer(command.first_key);
  out.integer(command.last_key);
  out.integer(command.key_step);
}

void describe_all(Call& call) {
  call.out.array(call.engine.commands().size());
  for (const auto* command : call.engine.commands()) describe(call.out, *command);
}

void count(Call& call) { call.out.integer(static_cast<std::int64_t>(call.engine.commands().size())); }

void list(Call& call) {
  call.out.set(call.engine.commands().size());
  for (const auto* command : call.engine.commands()) call.out.bulk(command->name);
}

void info(Call& call) {
  if (call.args.size() == 2) return describe_all(call);
  call.out.array(call.args.size() - 2);
  for (const auto name : call.args.subspan(2)) {
    const auto* command = call.engine.find(name);
    if (command) describe(call.out, *command);
    else call.out.nil();
  }
}

void docs(Call& call) {
  std::vector<const Command*> wanted = call.engine.commands();
  if (call.args.size() > 2) wanted.clear();
  for (const auto name : call.args.subspan(2)) {
    if (const auto* command = call.engine.find(name)) wanted.push_back(command);
  }
  call.out.map(wanted.size());
  for (const auto* command : wanted) {
    call.out.bulk(command->name);
    call.out.map(2);
    call.out.bulk("summary"), call.out.bulk(command->summary);
    call.out.bulk("group"), call.out.bulk(command->group);
  }
}

constexpr std::array kSubcommands{Subcommand{"count", 2, count}, Subcommand{"list", 2, list}, Subcommand{"info", -2, info},
                                  Subcommand{"docs", -2, docs}};

void command(Call& call) {
  if (call.args.size() == 1) return describe_all(call);
  run_subcommand(call, kSubcommands);
}

constexpr std::array kCommands{
    Command{"command", -1, kLoading | kStale, 0, 0, 0, "server", "Returns the table of commands.", command},
};

}  // namespace

std::span<const Command> introspection_commands() { return kCommands; }

}  // namespace chaos::redis
