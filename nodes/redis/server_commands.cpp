// Commands on the node (https://redis.io/docs/latest/commands/?group=server).
#include "redis/config_command.hpp"
#include "redis/info.hpp"
#include "redis/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

void info(Call& call) {
  std::vector<std::string> sections;
  for (const auto arg : call.args.subspan(1)) sections.push_back(lower(arg));
  call.out.verbatim(info_text(call.engine, sections));
}

void flush(Call& call) {
  const bool option = call.args.size() == 2 && (is_word(call.args[1], "async") || is_word(call.args[1], "sync"));
  if (call.args.size() > 1 && !option) return call.syntax_error();
  call.keys().clear();
  call.out.ok();
}

void memory_usage(Call& call) {
  const Entry* entry = call.find(2, Keyspace::Use::look);
  if (!entry) return call.out.nil();
  call.out.integer(static_cast<std::int64_t>(Keyspace::bytes_of(*entry)));
}

constexpr std::array kMemory{Subcommand{"usage", -3, memory_usage}};

void memory(Call& call) { run_subcommand(call, kMemory); }

constexpr std::array kCommands{
    Command{"info", -1, kLoading | kStale, 0, 0, 0, "server", "Returns figures of the node by section.", info},
    Command{"config", -2, kAdmin | kLoading | kStale, 0, 0, 0, "server", "Shows and changes settings.", config},
    Command{"flushall", -1, kWrite, 0, 0, 0, "server", "Deletes every key.", flush},
    Command{"flushdb", -1, kWrite, 0, 0, 0, "server", "Deletes every key.", flush},
    Command{"memory", -2, kReadonly, 2, 2, 1, "server", "MEMORY USAGE key: the bytes that a key takes.", memory},
};

}  // namespace

std::span<const Command> server_commands() { return kCommands; }

}  // namespace chaos::redis
