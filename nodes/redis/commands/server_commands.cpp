// Commands on the node (https://redis.io/docs/latest/commands/?group=server).
#include "redis/engine.hpp"
#include "redis/identity.hpp"
#include "redis/info.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

void info(Call& call) {
  std::vector<std::string> sections;
  for (const auto arg : call.args.subspan(1)) sections.push_back(lower(arg));
  call.out.verbatim(info_text(call.engine, sections));
}

void flush(Call& call) {
  const bool option = call.count() == 2 && (is_word(call.args[1], "async") || is_word(call.args[1], "sync"));
  if (call.count() > 1 && !option) return call.syntax_error();
  call.keys().clear();
  call.out.ok();
}

void time(Call& call) {
  const auto now = call.engine.unix_us();
  call.out.array(2);
  call.out.bulk(std::to_string(now / 1'000'000));
  call.out.bulk(std::to_string(now % 1'000'000));
}

/// Nothing is ever saved: as of a Redis that never was, it is the time of the start.
void lastsave(Call& call) {
  const auto up = call.engine.clock.now() - call.engine.started;
  call.out.integer((call.engine.unix_us() - std::chrono::duration_cast<std::chrono::microseconds>(up).count()) / 1'000'000);
}

void role(Call& call) {
  call.out.array(3);
  call.out.bulk("master");
  call.out.integer(0);
  call.out.array(0);
}

/// There are no replicas: none has acknowledged, and none will.
void wait(Call& call) {
  if (!call.integer(1)) return;
  const auto timeout = call.integer(2, "ERR timeout is not an integer or out of range");
  if (!timeout) return;
  if (*timeout < 0) return call.error("ERR timeout is negative");
  call.out.integer(0);
}

void lolwut(Call& call) { call.out.verbatim("Redis ver. " + std::string(kRedisVersion) + "\n"); }

void shutdown(Call& call) {
  for (const auto word : call.args.subspan(1)) {
    if (is_word(word, "abort")) return call.error("ERR No shutdown in progress.");
    if (is_word(word, "save")) return call.error("ERR this node keeps nothing on disk: SHUTDOWN or SHUTDOWN NOSAVE ends it");
    if (!is_word(word, "nosave") && !is_word(word, "now") && !is_word(word, "force")) return call.syntax_error();
  }
  call.client.closing = true;                  // no answer, as Redis: the connection ends
  call.engine.shutdown();
}

constexpr std::array kCommands{
    Command{"info", -1, kLoading | kStale, 0, 0, 0, "server", "1.0.0", "Figures of the node by section.", info},
    Command{"flushall", -1, kWrite, 0, 0, 0, "server", "1.0.0", "Deletes every key.", flush},
    Command{"flushdb", -1, kWrite, 0, 0, 0, "server", "1.0.0", "Deletes every key.", flush},
    Command{"time", 1, kLoading | kStale | kFast, 0, 0, 0, "server", "2.6.0", "The node's Unix time.", time},
    Command{"lastsave", 1, kLoading | kStale | kFast, 0, 0, 0, "server", "1.0.0",
            "When the node last saved: when it started.", lastsave},
    Command{"role", 1, kNoscript | kLoading | kStale | kFast, 0, 0, 0, "server", "2.8.12",
            "The node's part in a replication: a master without replicas.", role},
    Command{"wait", 3, kNoscript, 0, 0, 0, "generic", "3.0.0", "How many replicas have acknowledged: none.", wait},
    Command{"lolwut", -1, kReadonly | kFast, 0, 0, 0, "server", "5.0.0", "The version.", lolwut},
    Command{"shutdown", -1, kAdmin | kNoscript | kLoading | kStale | kNoMulti | kAllowBusy, 0, 0, 0, "server", "1.0.0",
            "Ends the process; whatever launched it starts a new one.", shutdown},
};

}  // namespace

std::span<const Command> server_commands() { return kCommands; }

}  // namespace chaos::redis
