// INFO: what the node has done.
#include "redis/info.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <array>

namespace chaos::redis {
namespace {

using Out = std::back_insert_iterator<std::string>;

double us(RealDuration d) { return std::chrono::duration<double, std::micro>(d).count(); }

void stats(Engine& engine, Out out) {
  const auto& totals = engine.totals;
  const auto& keys = engine.keyspace.counters();
  const auto& rates = engine.rates();
  fmt::format_to(out, "total_connections_received:{}\r\ntotal_commands_processed:{}\r\n", totals.connections, totals.commands);
  fmt::format_to(out, "instantaneous_ops_per_sec:{:.0f}\r\n", rates.commands);
  fmt::format_to(out, "total_net_input_bytes:{}\r\ntotal_net_output_bytes:{}\r\n", totals.in_bytes, totals.out_bytes);
  fmt::format_to(out, "total_net_repl_input_bytes:0\r\ntotal_net_repl_output_bytes:0\r\n");
  fmt::format_to(out, "instantaneous_input_kbps:{:.2f}\r\ninstantaneous_output_kbps:{:.2f}\r\n", rates.in_bytes / 1024, rates.out_bytes / 1024);
  fmt::format_to(out, "rejected_connections:{}\r\nsync_full:0\r\nsync_partial_ok:0\r\nsync_partial_err:0\r\n", totals.rejected);
  fmt::format_to(out, "expired_keys:{}\r\nexpired_stale_perc:0.00\r\nexpired_time_cap_reached_count:0\r\n", keys.expired);
  fmt::format_to(out, "expire_cycle_cpu_milliseconds:{}\r\n", std::chrono::duration_cast<std::chrono::milliseconds>(totals.expiring).count());
  fmt::format_to(out, "evicted_keys:{}\r\nevicted_clients:0\r\n", keys.evicted);
  fmt::format_to(out, "keyspace_hits:{}\r\nkeyspace_misses:{}\r\n", keys.hits, keys.misses);
  fmt::format_to(out, "pubsub_channels:{}\r\npubsub_patterns:{}\r\npubsubshard_channels:0\r\n", engine.pubsub.channels().size(),
                 engine.pubsub.patterns().size());
  fmt::format_to(out, "latest_fork_usec:0\r\ntotal_forks:0\r\nmigrate_cached_sockets:0\r\nslave_expires_tracked_keys:0\r\n");
  fmt::format_to(out, "active_defrag_hits:0\r\nactive_defrag_misses:0\r\nactive_defrag_key_hits:0\r\nactive_defrag_key_misses:0\r\n");
  fmt::format_to(out, "tracking_total_keys:0\r\ntracking_total_items:0\r\ntracking_total_prefixes:0\r\nunexpected_error_replies:0\r\n");
  fmt::format_to(out, "total_error_replies:{}\r\ntotal_reads_processed:{}\r\ntotal_writes_processed:{}\r\n", totals.error_replies, totals.reads,
                 totals.writes);
  for (const char* never : {"total_eviction_exceeded_time", "current_eviction_exceeded_time", "total_active_defrag_time",
                            "current_active_defrag_time", "dump_payload_sanitizations", "io_threaded_reads_processed", "io_threaded_writes_processed"}) {
    fmt::format_to(out, "{}:0\r\n", never);
  }
  fmt::format_to(out, "instantaneous_input_repl_kbps:0.00\r\ninstantaneous_output_repl_kbps:0.00\r\n");
  fmt::format_to(out, "client_output_buffer_limit_disconnections:{}\r\n", totals.output_closes);
}

void cpu(Engine&, Out out) {
  constexpr std::array<std::pair<int, std::string_view>, 3> kWhose{{{RUSAGE_SELF, ""}, {RUSAGE_CHILDREN, "_children"}, {RUSAGE_THREAD, "_main_thread"}}};
  for (const auto& [whose, suffix] : kWhose) {
    rusage usage{};
    getrusage(whose, &usage);
    fmt::format_to(out, "used_cpu_sys{}:{}.{:06}\r\nused_cpu_user{}:{}.{:06}\r\n", suffix, usage.ru_stime.tv_sec, usage.ru_stime.tv_usec,
                   suffix, usage.ru_utime.tv_sec, usage.ru_utime.tv_usec);
  }
}

void commandstats(Engine& engine, Out out) {
  for (const auto& row : engine.table().rows()) {
    const auto& c = row->counts;
    if (c.calls == 0 && c.rejected == 0) continue;
    fmt::format_to(out, "cmdstat_{}:calls={},usec={:.0f},usec_per_call={:.2f},rejected_calls={},failed_calls={}\r\n", row->name, c.calls,
                   us(c.spent), c.calls == 0 ? 0 : us(c.spent) / static_cast<double>(c.calls), c.rejected, c.failed);
  }
}

void errorstats(Engine& engine, Out out) {
  for (const auto& [word, count] : engine.totals.errors) fmt::format_to(out, "errorstat_{}:count={}\r\n", word, count);
}

void latencystats(Engine& engine, Out out) {
  for (const auto& row : engine.table().rows()) {
    const auto& latency = row->counts.latency;
    if (!latency || latency->total() == 0) continue;
    fmt::format_to(out, "latency_percentiles_usec_{}:p50={:.3f},p99={:.3f},p99.9={:.3f}\r\n", row->name, latency->quantile_us(0.5),
                   latency->quantile_us(0.99), latency->quantile_us(0.999));
  }
}

constexpr std::array kSections{
    InfoSection{"stats", "Stats", true, stats},
    InfoSection{"cpu", "CPU", true, cpu},
    InfoSection{"commandstats", "Commandstats", false, commandstats},
    InfoSection{"errorstats", "Errorstats", true, errorstats},
    InfoSection{"latencystats", "Latencystats", false, latencystats},
};

}  // namespace

std::span<const InfoSection> stats_sections() { return kSections; }

}  // namespace chaos::redis
