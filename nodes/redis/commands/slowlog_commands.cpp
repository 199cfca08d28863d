// SLOWLOG.
#include "redis/engine.hpp"
#include "redis/help.hpp"

#include <array>

namespace chaos::redis {
namespace {

void get(Call& call) {
  if (call.count() > 3) return call.wrong_arity();
  std::optional<std::int64_t> most = 10;
  if (call.count() == 3) most = call.integer(2, "ERR count should be greater than or equal to -1");
  if (!most) return;
  if (*most < -1) return call.error("ERR count should be greater than or equal to -1");
  const auto& entries = call.engine.slowlog.entries();
  const auto count = *most == -1 ? entries.size() : std::min(entries.size(), static_cast<std::size_t>(*most));
  call.out.array(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& entry = entries[i];
    call.out.array(6);
    call.out.integer(static_cast<std::int64_t>(entry.id));
    call.out.integer(entry.unix_second);
    call.out.integer(entry.us);
    call.out.array(entry.args.size());
    for (const auto& arg : entry.args) call.out.bulk(arg);
    call.out.bulk(entry.remote);
    call.out.bulk(entry.name);
  }
}

void len(Call& call) { call.out.integer(static_cast<std::int64_t>(call.engine.slowlog.entries().size())); }

void reset(Call& call) {
  call.engine.slowlog.reset();
  call.out.ok();
}

void help(Call& call) {
  answer_help(call, "SLOWLOG", {"GET [<count>]", "    The newest entries (10; -1: all): id, Unix time, microseconds, arguments, client, its name.",
                                "LEN", "    How many entries there are.", "RESET", "    Forgets them."});
}

constexpr std::array kSlowlog{
    Command{"get", -2, kAdmin | kLoading | kStale, 0, 0, 0, "server", "2.2.12", "The newest entries.", get},
    Command{"len", 2, kAdmin | kLoading | kStale, 0, 0, 0, "server", "2.2.12", "How many entries there are.", len},
    Command{"reset", 2, kAdmin | kLoading | kStale, 0, 0, 0, "server", "2.2.12", "Forgets the entries.", reset},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "server", "6.2.0", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"slowlog", -2, 0, 0, 0, 0, "server", "2.2.12", "Commands that took long.", nullptr, kSlowlog},
};

}  // namespace

std::span<const Command> slowlog_commands() { return kCommands; }

}  // namespace chaos::redis
