// INFO: what the node is.
#include "redis/identity.hpp"
#include "redis/info.hpp"
#include "redis/memory_figures.hpp"
#include "redis/values/text.hpp"
#include "runtime/ports.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>

namespace chaos::redis {
namespace {

using Out = std::back_insert_iterator<std::string>;

void server(Engine& engine, Out out) {
  const auto up = static_cast<std::int64_t>(to_s(engine.clock.now() - engine.started));
  utsname system{};
  uname(&system);
  fmt::format_to(out, "redis_version:{}\r\nredis_mode:standalone\r\nserver_name:chaoslab\r\n", kRedisVersion);
  fmt::format_to(out, "os:{} {} {}\r\narch_bits:{}\r\nmonotonic_clock:POSIX clock_gettime\r\nmultiplexing_api:epoll\r\n", system.sysname,
                 system.release, system.machine, 8 * sizeof(void*));
  fmt::format_to(out, "process_id:{}\r\nprocess_supervised:no\r\nrun_id:{}\r\ntcp_port:{}\r\n", getpid(), engine.run_id, ports::kRedis);
  fmt::format_to(out, "server_time_usec:{}\r\nuptime_in_seconds:{}\r\nuptime_in_days:{}\r\nhz:10\r\nconfigured_hz:10\r\n", engine.unix_us(), up,
                 up / 86400);
  fmt::format_to(out, "lru_clock:{}\r\nconfig_file:\r\nio_threads_active:0\r\n", engine.clock.lab_now().us / 1'000'000);
  fmt::format_to(out, "lab_time_seconds:{:.3f}\r\nlab_speed:{:g}\r\n", engine.clock.lab_now().seconds(), engine.clock.speed());
}

void clients(Engine& engine, Out out) {
  std::size_t longest_in = 0, longest_out = 0, timed = 0;
  for (const auto& [id, client] : engine.clients()) {
    longest_in = std::max(longest_in, client->unread);
    longest_out = std::max(longest_out, client->output());
    timed += client->blocked && client->blocked->until != RealTime::max();
  }
  fmt::format_to(out, "connected_clients:{}\r\ncluster_connections:0\r\nmaxclients:{}\r\n", engine.clients().size(), engine.settings.max_clients);
  fmt::format_to(out, "client_recent_max_input_buffer:{}\r\nclient_recent_max_output_buffer:{}\r\n", longest_in, longest_out);
  fmt::format_to(out, "blocked_clients:{}\r\ntracking_clients:0\r\nclients_in_timeout_table:{}\r\n", engine.blocked(), timed);
}

void human(Out out, std::string_view name, std::uint64_t bytes) {
  fmt::format_to(out, "{}:{}\r\n{}_human:{}\r\n", name, bytes, name, human_bytes(bytes));
}

void memory(Engine& engine, Out out) {
  const auto m = memory_figures(engine);
  human(out, "used_memory", m.used);
  human(out, "used_memory_rss", m.resident);
  human(out, "used_memory_peak", m.peak);
  fmt::format_to(out, "used_memory_peak_perc:{:.2f}%\r\nused_memory_overhead:{}\r\nused_memory_startup:{}\r\n", m.peak_percent, m.overhead, m.startup);
  fmt::format_to(out, "used_memory_dataset:{}\r\nused_memory_dataset_perc:{:.2f}%\r\n", m.dataset, m.dataset_percent);
  fmt::format_to(out, "allocator_allocated:{}\r\nallocator_active:{}\r\nallocator_resident:{}\r\n", m.allocated, m.active, m.resident);
  human(out, "total_system_memory", m.system);
  for (const char* unused : {"lua", "vm_total", "scripts"}) human(out, std::string("used_memory_") + unused, 0);     // there are no scripts
  for (const char* unused : {"used_memory_vm_eval", "used_memory_scripts_eval", "used_memory_vm_functions", "used_memory_functions",
                             "number_of_cached_scripts", "number_of_functions", "number_of_libraries"}) {
    fmt::format_to(out, "{}:0\r\n", unused);
  }
  human(out, "maxmemory", engine.settings.maxmemory);
  fmt::format_to(out, "maxmemory_policy:{}\r\n", name_of(engine.settings.eviction.policy));
  const auto signed_gap = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b); };
  fmt::format_to(out, "allocator_frag_ratio:{:.2f}\r\nallocator_frag_bytes:{}\r\n", ratio(m.active, m.allocated), signed_gap(m.active, m.allocated));
  fmt::format_to(out, "allocator_rss_ratio:{:.2f}\r\nallocator_rss_bytes:{}\r\n", ratio(m.resident, m.active), signed_gap(m.resident, m.active));
  fmt::format_to(out, "rss_overhead_ratio:1.00\r\nrss_overhead_bytes:0\r\n");     // what the allocator holds is all there is
  fmt::format_to(out, "mem_fragmentation_ratio:{:.2f}\r\nmem_fragmentation_bytes:{}\r\n", ratio(m.resident, m.used), signed_gap(m.resident, m.used));
  fmt::format_to(out, "mem_not_counted_for_evict:0\r\nmem_replication_backlog:0\r\nmem_total_replication_buffers:0\r\n");
  fmt::format_to(out, "mem_clients_slaves:0\r\nmem_clients_normal:{}\r\n", m.clients);
  fmt::format_to(out, "mem_cluster_links:0\r\nmem_aof_buffer:0\r\nmem_allocator:libc\r\nactive_defrag_running:0\r\n");
  fmt::format_to(out, "lazyfree_pending_objects:0\r\nlazyfreed_objects:0\r\n");
}

void persistence(Engine& engine, Out out) {
  const auto up = std::chrono::duration_cast<std::chrono::microseconds>(engine.clock.now() - engine.started).count();
  fmt::format_to(out, "loading:0\r\nasync_loading:0\r\nrdb_changes_since_last_save:{}\r\nrdb_bgsave_in_progress:0\r\n", engine.keyspace.changes());
  fmt::format_to(out, "rdb_last_save_time:{}\r\nrdb_last_bgsave_status:ok\r\nrdb_last_bgsave_time_sec:-1\r\n", (engine.unix_us() - up) / 1'000'000);
  fmt::format_to(out, "rdb_current_bgsave_time_sec:-1\r\nrdb_saves:0\r\nrdb_last_cow_size:0\r\naof_enabled:0\r\naof_rewrite_in_progress:0\r\n");
  fmt::format_to(out, "aof_rewrite_scheduled:0\r\naof_last_rewrite_time_sec:-1\r\naof_current_rewrite_time_sec:-1\r\n");
  fmt::format_to(out, "aof_last_bgrewrite_status:ok\r\naof_last_write_status:ok\r\n");
  for (const char* never : {"aof_last_cow_size", "aof_rewrites", "aof_rewrites_consecutive_failures", "current_cow_peak", "current_cow_size",
                            "current_cow_size_age", "current_save_keys_processed", "current_save_keys_total", "rdb_last_load_keys_expired",
                            "rdb_last_load_keys_loaded", "module_fork_in_progress", "module_fork_last_cow_size"}) {
    fmt::format_to(out, "{}:0\r\n", never);
  }
  fmt::format_to(out, "current_fork_perc:0.00\r\n");
}

void replication(Engine& engine, Out out) {
  fmt::format_to(out, "role:master\r\nconnected_slaves:0\r\nmaster_failover_state:no-failover\r\nmaster_replid:{}\r\n", engine.run_id);
  fmt::format_to(out, "master_replid2:{}\r\nmaster_repl_offset:0\r\nsecond_repl_offset:-1\r\nrepl_backlog_active:0\r\n", std::string(40, '0'));
  fmt::format_to(out, "repl_backlog_size:0\r\nrepl_backlog_first_byte_offset:0\r\nrepl_backlog_histlen:0\r\n");
}

void cluster(Engine&, Out out) { fmt::format_to(out, "cluster_enabled:0\r\n"); }
void modules(Engine&, Out) {}

void keyspace(Engine& engine, Out out) {
  const auto& keys = engine.keyspace;
  if (keys.size() == 0) return;
  const auto ttl_ms = keys.average_ttl(engine.clock.lab_now()).us / 1000;
  fmt::format_to(out, "db0:keys={},expires={},avg_ttl={}\r\n", keys.size(), keys.expiring(), ttl_ms);
}

constexpr std::array kSections{
    InfoSection{"server", "Server", true, server},          InfoSection{"clients", "Clients", true, clients},
    InfoSection{"memory", "Memory", true, memory},          InfoSection{"persistence", "Persistence", true, persistence},
    InfoSection{"replication", "Replication", true, replication}, InfoSection{"modules", "Modules", true, modules},
    InfoSection{"cluster", "Cluster", true, cluster},       InfoSection{"keyspace", "Keyspace", true, keyspace},
};

}  // namespace

std::span<const InfoSection> state_sections() { return kSections; }

}  // namespace chaos::redis
