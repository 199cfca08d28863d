#include "redis/info.hpp"

#include "redis/identity.hpp"
#include "redis/text.hpp"
#include "runtime/memory.hpp"
#include "runtime/ports.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace chaos::redis {
namespace {

using Out = std::back_insert_iterator<std::string>;

void server(Engine& engine, Out out) {
  const auto up = static_cast<std::int64_t>(to_s(engine.clock.now() - engine.started));
  fmt::format_to(out, "redis_version:{}\r\nredis_mode:standalone\r\nserver_name:chaoslab\r\n", kRedisVersion);
  fmt::format_to(out, "process_id:{}\r\ntcp_port:{}\r\n", getpid(), ports::kRedis);
  fmt::format_to(out, "uptime_in_seconds:{}\r\nuptime_in_days:{}\r\nhz:10\r\n", up, up / 86400);
  fmt::format_to(out, "lab_time_seconds:{:.3f}\r\nlab_speed:{:g}\r\n", engine.clock.lab_now().seconds(), engine.clock.speed());
}

void clients(Engine& engine, Out out) {
  fmt::format_to(out, "connected_clients:{}\r\nmaxclients:{}\r\n", engine.clients().size(), engine.settings.max_clients);
}

void memory(Engine& engine, Out out) {
  const auto used = engine.keyspace.used_bytes();
  const auto resident = resident_bytes();
  const auto peak = std::max(engine.peak_bytes, used);
  fmt::format_to(out, "used_memory:{}\r\nused_memory_human:{}\r\n", used, human_bytes(used));
  fmt::format_to(out, "used_memory_rss:{}\r\nused_memory_rss_human:{}\r\n", resident, human_bytes(resident));
  fmt::format_to(out, "used_memory_peak:{}\r\nused_memory_peak_human:{}\r\n", peak, human_bytes(peak));
  fmt::format_to(out, "maxmemory:{}\r\nmaxmemory_human:{}\r\n", engine.settings.maxmemory, human_bytes(engine.settings.maxmemory));
  fmt::format_to(out, "maxmemory_policy:{}\r\n", engine.settings.evict ? "allkeys-lru" : "noeviction");
}

void stats(Engine& engine, Out out) {
  const auto& totals = engine.totals;
  const auto& keys = engine.keyspace.counters();
  fmt::format_to(out, "total_connections_received:{}\r\ntotal_commands_processed:{}\r\n", totals.connections, totals.commands);
  fmt::format_to(out, "instantaneous_ops_per_sec:{:.0f}\r\n", engine.ops_per_second());
  fmt::format_to(out, "total_net_input_bytes:{}\r\ntotal_net_output_bytes:{}\r\n", totals.in_bytes, totals.out_bytes);
  fmt::format_to(out, "rejected_connections:{}\r\nexpired_keys:{}\r\nevicted_keys:{}\r\n", totals.rejected, keys.expired, keys.evicted);
  fmt::format_to(out, "keyspace_hits:{}\r\nkeyspace_misses:{}\r\n", keys.hits, keys.misses);
  fmt::format_to(out, "total_error_replies:{}\r\n", totals.error_replies);
}

void replication(Engine&, Out out) { fmt::format_to(out, "role:master\r\nconnected_slaves:0\r\n"); }

void cpu(Engine&, Out out) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::format_to(out, "used_cpu_sys:{}.{:06}\r\nused_cpu_user:{}.{:06}\r\n", usage.ru_stime.tv_sec, usage.ru_stime.tv_usec,
                 usage.ru_utime.tv_sec, usage.ru_utime.tv_usec);
}

void commandstats(Engine& engine, Out out) {
  for (const auto* command : engine.commands()) {
    if (const auto calls = engine.calls(*command)) fmt::format_to(out, "cmdstat_{}:calls={}\r\n", command->name, calls);
  }
}

void keyspace(Engine& engine, Out out) {
  const auto& keys = engine.keyspace;
  if (keys.size() == 0) return;
  const auto ttl_ms = keys.average_ttl(engine.clock.lab_now()).us / 1000;
  fmt::format_to(out, "db0:keys={},expires={},avg_ttl={}\r\n", keys.size(), keys.expiring(), ttl_ms);
}

struct Section {
  std::string_view name;
  std::string_view title;
  bool by_default;
  void (*write)(Engine& engine, Out out);
};

constexpr std::array kSections{
    Section{"server", "Server", true, server},       Section{"clients", "Clients", true, clients},
    Section{"memory", "Memory", true, memory},       Section{"stats", "Stats", true, stats},
    Section{"replication", "Replication", true, replication}, Section{"cpu", "CPU", true, cpu},
    Section{"commandstats", "Commandstats", false, commandstats}, Section{"keyspace", "Keyspace", true, keyspace},
};

bool wanted(const Section& section, const std::vector<std::string>& names) {
  if (names.empty()) return section.by_default;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == section.name || name == "all" || name == "everything" || (name == "default" && section.by_default);
  });
}

}  // namespace

std::string info_text(Engine& engine, const std::vector<std::string>& sections) {
  std::string text;
  for (const auto& section : kSections) {
    if (!wanted(section, sections)) continue;
    if (!text.empty()) text += "\r\n";
    text.append("# ").append(section.title).append("\r\n");
    section.write(engine, std::back_inserter(text));
  }
  return text;
}

}  // namespace chaos::redis
