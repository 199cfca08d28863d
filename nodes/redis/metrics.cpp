#include "redis/metrics.hpp"

namespace chaos::redis {
namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

Metrics::Metrics(prometheus::Registry& r)
    : hits_{counter(r, "redis_keyspace_hits_total", "Lookups that found a key.")},
      misses_{counter(r, "redis_keyspace_misses_total", "Lookups that found none.")},
      evicted_{counter(r, "redis_evicted_keys_total", "Keys removed because memory was full.")},
      expired_{counter(r, "redis_expired_keys_total", "Keys removed because their time was over.")},
      commands_{counter(r, "redis_commands_processed_total", "Commands carried out.")},
      connections_{counter(r, "redis_connections_received_total", "Connections accepted.")},
      rejected_{counter(r, "redis_rejected_connections_total", "Connections refused over maxclients.")},
      errors_{counter(r, "redis_error_replies_total", "Commands answered with an error.")},
      oom_{counter(r, "redis_oom_errors_total", "Writes refused because memory was full.")},
      in_bytes_{counter(r, "redis_net_input_bytes_total", "Bytes received from clients.")},
      out_bytes_{counter(r, "redis_net_output_bytes_total", "Bytes sent to clients.")},
      output_closes_{counter(r, "redis_output_limit_closes_total", "Clients closed over their output buffer limit.")},
      memory_(gauge(r, "redis_memory_used_bytes", "Memory of keys, values and their table.")),
      memory_max_(gauge(r, "redis_memory_max_bytes", "maxmemory; 0 is no limit.")),
      clients_(gauge(r, "redis_connected_clients", "Connections open now.")),
      blocked_(gauge(r, "redis_blocked_clients", "Clients that wait in a blocking command now.")),
      slow_(gauge(r, "redis_slowlog_entries", "Entries of the slow log now.")),
      keys_(gauge(r, "redis_keys", "Keys held now.")),
      expiring_(gauge(r, "redis_expiring_keys", "Keys held now that have a TTL.")) {}

void Metrics::Followed::follow(std::uint64_t count) {
  counter.Increment(static_cast<double>(count >= seen ? count - seen : count));
  seen = count;
}

void Metrics::update(Engine& engine) {
  const auto& keys = engine.keyspace.counters();
  const auto& totals = engine.totals;
  hits_.follow(keys.hits);
  misses_.follow(keys.misses);
  evicted_.follow(keys.evicted);
  expired_.follow(keys.expired);
  commands_.follow(totals.commands);
  connections_.follow(totals.connections);
  rejected_.follow(totals.rejected);
  errors_.follow(totals.error_replies);
  oom_.follow(totals.oom);
  in_bytes_.follow(totals.in_bytes);
  out_bytes_.follow(totals.out_bytes);
  output_closes_.follow(totals.output_closes);
  memory_.Set(static_cast<double>(engine.keyspace.used_bytes()));
  memory_max_.Set(static_cast<double>(engine.settings.maxmemory));
  clients_.Set(static_cast<double>(engine.clients().size()));
  blocked_.Set(static_cast<double>(engine.blocked()));
  slow_.Set(static_cast<double>(engine.slowlog.entries().size()));
  keys_.Set(static_cast<double>(engine.keyspace.size()));
  expiring_.Set(static_cast<double>(engine.keyspace.expiring()));
}

}  // namespace chaos::redis
