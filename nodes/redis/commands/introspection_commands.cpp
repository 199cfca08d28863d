// COMMAND: the table of commands, as clients ask for it.
#include "redis/engine.hpp"
#include "redis/help.hpp"
#include "redis/values/glob.hpp"
#include "redis/values/text.hpp"

#include <array>
#include <bit>

namespace chaos::redis {
namespace {

struct FlagName { Flag flag; std::string_view name; };
constexpr std::array<FlagName, 18> kFlagNames{
    {{kWrite, "write"}, {kReadonly, "readonly"}, {kDenyOom, "denyoom"}, {kAdmin, "admin"}, {kPubsub, "pubsub"}, {kNoscript, "noscript"},
     {kBlocking, "blocking"}, {kLoading, "loading"}, {kStale, "stale"}, {kSkipMonitor, "skip_monitor"}, {kSkipSlowlog, "skip_slowlog"},
     {kFast, "fast"}, {kNoAuth, "no_auth"}, {kMovableKeys, "movablekeys"}, {kNoMulti, "no_multi"}, {kAllowBusy, "allow_busy"},
     {kNoAsyncLoading, "no_async_loading"}, {kNoMandatoryKeys, "no_mandatory_keys"}}};

std::vector<std::string_view> categories(const Command& command) {
  std::vector<std::string_view> out;
  if (command.flags & kWrite) out.push_back("@write");
  if (command.flags & kReadonly) out.push_back("@read");
  constexpr std::pair<std::string_view, std::string_view> kGroups[]{
      {"generic", "@keyspace"}, {"string", "@string"}, {"list", "@list"}, {"set", "@set"}, {"sorted-set", "@sortedset"}, {"hash", "@hash"},
      {"stream", "@stream"}, {"connection", "@connection"}, {"transactions", "@transaction"}, {"scripting", "@scripting"}};
  for (const auto& [group, category] : kGroups) {
    if (group == command.group) out.push_back(category);
  }
  if (command.flags & kAdmin) out.push_back("@admin"), out.push_back("@dangerous");
  if (command.flags & kPubsub) out.push_back("@pubsub");
  out.push_back((command.flags & kFast) ? "@fast" : "@slow");
  if (command.flags & kBlocking) out.push_back("@blocking");
  return out;
}

void describe_keys(resp::Writer& out, const Command& command) {
  if (command.first_key == 0) return out.array(0);
  out.array(1);
  out.map(3);
  out.bulk("flags"), out.set(1), out.simple((command.flags & kWrite) ? "RW" : "RO");
  out.bulk("begin_search"), out.map(2);
  out.bulk("type"), out.bulk("index");
  out.bulk("spec"), out.map(1), out.bulk("index"), out.integer(command.first_key);
  out.bulk("find_keys"), out.map(2);
  out.bulk("type"), out.bulk("range");
  out.bulk("spec"), out.map(3);
  out.bulk("lastkey"), out.integer(command.last_key < 0 ? command.last_key : command.last_key - command.first_key);
  out.bulk("keystep"), out.integer(command.key_step);
  out.bulk("limit"), out.integer(0);
}

void describe(resp::Writer& out, const Row& row) {
  const Command& command = *row.command;
  out.array(10);
  out.bulk(row.name);
  out.integer(command.arity);
  out.set(static_cast<std::size_t>(std::popcount(command.flags)));
  for (const auto& [flag, name] : kFlagNames) {
    if (command.flags & flag) out.simple(name);
  }
  out.integer(command.first_key), out.integer(command.last_key), out.integer(command.key_step);
  const auto in = categories(command);
  out.set(in.size());
  for (const auto category : in) out.simple(category);
  out.set(0);                                    // hints for proxies
  describe_keys(out, command);
  out.array(row.subcommands.size());
  for (const auto* sub : row.subcommands) describe(out, *sub);
}

void describe_all(Call& call) {
  call.out.array(call.engine.table().commands().size());
  for (const auto* row : call.engine.table().commands()) describe(call.out, *row);
}

void count(Call& call) { call.out.integer(static_cast<std::int64_t>(call.engine.table().commands().size())); }

/// COMMAND LIST [FILTERBY MODULE m | ACLCAT c | PATTERN p]
void list(Call& call) {
  const bool filtered = call.count() == 5 && is_word(call.args[2], "filterby");
  if (call.count() != 2 && !filtered) return call.syntax_error();
  const auto by = filtered ? lower(call.args[3]) : "";
  if (filtered && by != "pattern" && by != "aclcat" && by != "module") return call.syntax_error();
  std::vector<std::string_view> found;
  for (const auto* row : call.engine.table().commands()) {
    const auto in = categories(*row->command);
    const bool wanted = by.empty() || (by == "pattern" && glob_match(lower(call.args[4]), row->name)) ||
                        (by == "aclcat" && std::find(in.begin(), in.end(), "@" + lower(call.args[4])) != in.end());
    if (wanted) found.push_back(row->name);
  }
  call.out.array(found.size());
  for (const auto name : found) call.out.bulk(name);
}

void info(Call& call) {
  if (call.count() == 2) return describe_all(call);
  call.out.array(call.count() - 2);
  for (const auto name : call.args.subspan(2)) {
    const auto* row = call.engine.table().find_name(name);
    if (row) describe(call.out, *row);
    else call.out.nil();
  }
}

void document(resp::Writer& out, const Row& row) {
  out.bulk(row.name);
  out.map(row.subcommands.empty() ? 3 : 4);
  out.bulk("summary"), out.bulk(row.command->summary);
  out.bulk("since"), out.bulk(row.command->since);
  out.bulk("group"), out.bulk(row.command->group);
  if (row.subcommands.empty()) return;
  out.bulk("subcommands"), out.map(row.subcommands.size());
  for (const auto* sub : row.subcommands) document(out, *sub);
}

void docs(Call& call) {
  auto wanted = call.engine.table().commands();
  if (call.count() > 2) wanted.clear();
  for (const auto name : call.args.subspan(2)) {
    if (const auto* row = call.engine.table().find_name(name)) wanted.push_back(row);
  }
  call.out.map(wanted.size());
  for (const auto* row : wanted) document(call.out, *row);
}

/// The row and the arguments of the command that GETKEYS asks about; null after an answered error.
const Row* asked_about(Call& call, Args args) {
  const auto* row = call.engine.find(args);
  if (!row) return call.error("ERR Invalid command specified"), nullptr;
  if (row->command->first_key == 0 && row->command->key_count == 0 && !(row->command->flags & kMovableKeys)) {
    return call.error("ERR The command has no key arguments"), nullptr;
  }
  if (!arity_fits(row->command->arity, args.size())) return call.error("ERR Invalid number of arguments specified for command"), nullptr;
  return row;
}

void getkeys(Call& call) {
  const auto args = call.args.subspan(2);
  const auto* row = asked_about(call, args);
  if (!row) return;
  const auto places = key_places(*row->command, args);
  if (places.empty()) return call.error("ERR Invalid arguments specified for command");
  call.out.array(places.size());
  for (const auto place : places) call.out.bulk(args[place]);
}

void help(Call& call) {
  answer_help(call, "COMMAND", {"(no subcommand)", "    All commands.", "COUNT", "    How many there are.", "LIST [FILTERBY ACLCAT|PATTERN <text>]",
                                "    Their names.", "INFO [<command> ...]", "    Arity, flags and keys.", "DOCS [<command> ...]",
                                "    What they do.", "GETKEYS <command with arguments>", "    Its keys."});
}

constexpr std::array kCommand{
    Command{"count", 2, kLoading | kStale, 0, 0, 0, "server", "2.8.13", "How many commands there are.", count},
    Command{"list", -2, kLoading | kStale, 0, 0, 0, "server", "7.0.0", "The names of the commands.", list},
    Command{"info", -2, kLoading | kStale, 0, 0, 0, "server", "2.8.13", "Arity, flags and keys of commands.", info},
    Command{"docs", -2, kLoading | kStale, 0, 0, 0, "server", "7.0.0", "What commands do.", docs},
    Command{"getkeys", -4, kLoading | kStale, 0, 0, 0, "server", "2.8.13", "The keys in a command.", getkeys},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "server", "5.0.0", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"command", -1, kLoading | kStale, 0, 0, 0, "server", "2.8.13", "The table of commands.", describe_all, kCommand},
};

}  // namespace

std::span<const Command> introspection_commands() { return kCommands; }

}  // namespace chaos::redis
