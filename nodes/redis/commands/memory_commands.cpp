// MEMORY.
#include "redis/help.hpp"
#include "redis/memory_figures.hpp"
#include "redis/values/text.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <array>

namespace chaos::redis {
namespace {

void usage(Call& call) {
  if (call.count() != 3) {
    if (call.count() != 5 || !is_word(call.args[3], "samples")) return call.syntax_error();
    const auto samples = call.integer(4);
    if (!samples) return;
    if (*samples < 0) return call.syntax_error();
  }
  const Entry* entry = call.find(2, Call::Use::peek);
  if (!entry) return call.out.nil();
  call.out.integer(static_cast<std::int64_t>(Keyspace::bytes_of(*entry)));      // kept exactly: nothing is sampled
}

void stats(Call& call) {
  const auto m = memory_figures(call.engine);
  const auto& keys = call.engine.keyspace;
  const std::initializer_list<std::pair<std::string_view, std::uint64_t>> figures{
      {"peak.allocated", m.peak},    {"total.allocated", m.used},   {"startup.allocated", m.startup}, {"replication.backlog", 0},
      {"clients.slaves", 0},         {"clients.normal", m.clients}, {"cluster.links", 0},             {"aof.buffer", 0},
      {"lua.caches", 0},             {"functions.caches", 0},       {"overhead.total", m.overhead},   {"keys.count", keys.size()},
      {"keys.bytes-per-key", keys.size() == 0 ? 0 : (m.used - m.startup) / keys.size()}, {"dataset.bytes", m.dataset},
      {"allocator.allocated", m.allocated}, {"allocator.active", m.active}, {"allocator.resident", m.resident}};
  const std::initializer_list<std::pair<std::string_view, double>> ratios{
      {"dataset.percentage", m.dataset_percent}, {"peak.percentage", m.peak_percent},
      {"allocator-fragmentation.ratio", ratio(m.active, m.allocated)}, {"allocator-rss.ratio", ratio(m.resident, m.active)},
      {"fragmentation", ratio(m.resident, m.used)}};
  auto& out = call.out;
  out.map(figures.size() + ratios.size() + 1);
  for (const auto& [name, value] : figures) out.bulk(name), out.integer(static_cast<std::int64_t>(value));
  for (const auto& [name, value] : ratios) out.bulk(name), out.number(value);
  out.bulk("db.0");
  out.map(2);
  out.bulk("overhead.hashtable.main"), out.integer(static_cast<std::int64_t>(keys.table_bytes() + keys.size() * sizeof(Entry*)));
  out.bulk("overhead.hashtable.expires"), out.integer(static_cast<std::int64_t>(keys.expiring() * sizeof(Entry*)));
}

void doctor(Call& call) {
  const auto m = memory_figures(call.engine);
  const auto limit = call.engine.settings.maxmemory;
  constexpr std::uint64_t kLittle = 5 * 1024 * 1024;
  std::string text;
  if (limit > 0 && m.used * 100 >= limit * 95) {
    text += fmt::format(" * maxmemory is reached: {} of {} are used, the policy is {}, {} keys were evicted so far.\n", human_bytes(m.used),
                        human_bytes(limit), name_of(call.engine.settings.eviction.policy), call.engine.keyspace.counters().evicted);
  }
  if (m.used > kLittle && m.peak * 2 > m.used * 3) {
    text += fmt::format(" * Peak memory: in the past {} were used, {:.1f} times what is used now; what was freed may not have gone back to "
                        "the system (MEMORY PURGE).\n", human_bytes(m.peak), ratio(m.peak, m.used));
  }
  const auto per_client = m.clients / std::max<std::size_t>(1, call.engine.clients().size());
  if (per_client > 200 * 1024) text += fmt::format(" * Big client buffers: {} a client on average (CLIENT LIST: omem).\n", human_bytes(per_client));
  if (text.empty()) {
    return call.out.verbatim(m.used < kLittle && limit == 0 ? "This node is using very little memory: there is nothing to diagnose.\n"
                                                            : "No memory problem was found in this node.\n");
  }
  call.out.verbatim("Memory problems were found in this node:\n\n" + text);
}

void purge(Call& call) {
  malloc_trim(0);
  call.out.ok();
}

void malloc_statistics(Call& call) {
  const auto heap = mallinfo2();
  call.out.verbatim(fmt::format("glibc malloc\narena: {}\nordblks: {}\nhblks: {}\nhblkhd: {}\nuordblks: {}\nfordblks: {}\nkeepcost: {}\n", heap.arena,
                                heap.ordblks, heap.hblks, heap.hblkhd, heap.uordblks, heap.fordblks, heap.keepcost));
}

void help(Call& call) {
  answer_help(call, "MEMORY", {"DOCTOR", "    A report to read.", "MALLOC-STATS", "    The allocator's figures.", "PURGE",
                               "    Gives freed memory back to the system.", "STATS", "    Where the memory is.", "USAGE <key> [SAMPLES <count>]",
                               "    The bytes that a key and its value take."});
}

constexpr std::array kMemory{
    Command{"usage", -3, kReadonly, 2, 2, 1, "server", "4.0.0", "The bytes that a key takes.", usage},
    Command{"stats", 2, 0, 0, 0, 0, "server", "4.0.0", "Where the memory is.", stats},
    Command{"doctor", 2, 0, 0, 0, 0, "server", "4.0.0", "A report to read.", doctor},
    Command{"purge", 2, 0, 0, 0, 0, "server", "4.0.0", "Gives freed memory back to the system.", purge},
    Command{"malloc-stats", 2, 0, 0, 0, 0, "server", "4.0.0", "The figures of the allocator.", malloc_statistics},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "server", "4.0.0", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"memory", -2, 0, 0, 0, 0, "server", "4.0.0", "Shows where the memory is.", nullptr, kMemory},
};

}  // namespace

std::span<const Command> memory_commands() { return kCommands; }

}  // namespace chaos::redis
