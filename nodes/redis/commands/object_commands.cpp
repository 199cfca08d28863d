// OBJECT and DEBUG: what a key is like inside.
#include "redis/engine.hpp"
#include "redis/help.hpp"
#include "redis/values/text.hpp"

#include <fmt/format.h>

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr std::size_t kEmbedded = 44;      // bytes of a string that Redis keeps within its object

std::string_view encoding_of(const Entry& entry) {
  if (entry.box) return entry.box->encoding();
  std::int64_t number = 0;
  if (entry.raw) return "raw";
  if (resp::parse_integer(entry.value, number)) return "int";
  return entry.value.size() <= kEmbedded ? "embstr" : "raw";
}

std::int64_t idle_seconds(const Call& call, const Entry& entry) { return (call.now - entry.used).us / 1'000'000; }

void encoding(Call& call) {
  const Entry* entry = call.find(2, Use::peek);
  if (!entry) return call.out.nil();
  call.out.bulk(encoding_of(*entry));
}

void refcount(Call& call) {
  if (!call.find(2, Use::peek)) return call.out.nil();
  call.out.integer(1);                     // values are never shared here
}

void idletime(Call& call) {
  const Entry* entry = call.find(2, Use::peek);
  if (!entry) return call.out.nil();
  if (counts_frequency(call.keys().rule.policy)) {
    return call.error("ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between "
                      "policies at runtime LRU and LFU data will take some time to adjust.");
  }
  call.out.integer(idle_seconds(call, *entry));
}

void freq(Call& call) {
  const Entry* entry = call.find(2, Use::peek);
  if (!entry) return call.out.nil();
  if (!counts_frequency(call.keys().rule.policy)) {
    return call.error("ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching "
                      "between policies at runtime LRU and LFU data will take some time to adjust.");
  }
  call.out.integer(entry->usage.frequency_at(call.now.minute(), call.keys().rule));
}

void object_help(Call& call) {
  answer_help(call, "OBJECT", {"ENCODING <key>", "    How the value is kept.", "FREQ <key>", "    How often the key is used, logarithmically.",
                               "IDLETIME <key>", "    Lab seconds since the key was used.", "REFCOUNT <key>", "    References to the value: 1."});
}

void debug_sleep(Call& call) {
  const auto seconds = parse_real(call.args[2]);
  if (!seconds || *seconds < 0) return call.error("ERR value is not a valid float");
  call.engine.hold(real_ms(std::min(*seconds, 1e6) * 1000));
  call.out.ok();
}

void debug_object(Call& call) {
  const Entry* entry = call.find(2, Use::peek);
  if (!entry) return call.error("ERR no such key");
  call.out.simple(fmt::format("Value at:{} refcount:1 encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}",
                              static_cast<const void*>(entry), encoding_of(*entry), Keyspace::bytes_of(*entry), entry->usage.touched,
                              idle_seconds(call, *entry)));
}

void debug_help(Call& call) {
  answer_help(call, "DEBUG", {"OBJECT <key>", "    How a key is kept.", "SLEEP <seconds>", "    Keeps the command thread busy for so long."});
}

constexpr std::array kObject{
    Command{"encoding", 3, kReadonly, 2, 2, 1, "generic", "2.2.3", "How a value is kept.", encoding},
    Command{"freq", 3, kReadonly, 2, 2, 1, "generic", "4.0.0", "How often a key is used.", freq},
    Command{"idletime", 3, kReadonly, 2, 2, 1, "generic", "2.2.3", "How long a key was not used.", idletime},
    Command{"refcount", 3, kReadonly, 2, 2, 1, "generic", "2.2.3", "References to a value.", refcount},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "generic", "6.2.0", "Tells the subcommands.", object_help},
};
constexpr unsigned kDebugFlags = kAdmin | kNoscript | kLoading | kStale;
constexpr std::array kDebug{
    Command{"sleep", 3, kDebugFlags, 0, 0, 0, "server", "1.0.0", "Keeps the command thread busy.", debug_sleep},
    Command{"object", 3, kDebugFlags, 0, 0, 0, "server", "1.0.0", "How a key is kept.", debug_object},
    Command{"help", 2, kDebugFlags, 0, 0, 0, "server", "1.0.0", "Tells the subcommands.", debug_help},
};
constexpr std::array kCommands{
    Command{"object", -2, 0, 0, 0, 0, "generic", "2.2.3", "Shows how keys are kept.", nullptr, kObject},
    Command{"debug", -2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "1.0.0",
            "SLEEP and OBJECT; nothing else of it.", nullptr, kDebug},
};

}  // namespace

std::span<const Command> object_commands() { return kCommands; }

}  // namespace chaos::redis
