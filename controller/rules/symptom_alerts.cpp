#include "rules/alert_spec.hpp"

namespace chaos::rules {

namespace {

constexpr const char* kPage = "page";
constexpr const char* kTicket = "ticket";

std::vector<AlertSpec> of_processes() {
  return {
      {"MemoryNearLimit", R"(process_resident_memory_bytes{job="nodes"} / (node_memory_limit_bytes{job="nodes"} > 0) > 0.85)", 60, kPage,
       "a process is close to its memory limit", "{{ $labels.node }} holds {{ $value | humanizePercentage }} of its limit; at the limit it is killed",
       "chaoslab-triage"},
      {"NodeDown", R"(lab_node_duty == 1 unless on (node) lab_node_up == 1)", 300, kPage, "a node that should serve is gone",
       "{{ $labels.node }} has no process that the controller can talk to", "chaoslab-triage"},
      {"TargetMissing",
       R"((lab_node_duty == 1 and on (node) lab_node_phase == 2 and on (node) lab_node_up == 1) unless on (node) (up{job="nodes"} == 1))", 120, kPage,
       "a node that says it is ready cannot be scraped", "{{ $labels.node }}: no /metrics; a hung process looks like this", "chaoslab-triage"},
      {"RestartLoop", R"(increase(lab_node_deaths_total[lab:7200]) > 2.5)", 0, kTicket, "a node dies again and again",
       "{{ $labels.node }} died {{ $value | humanize }} times within two hours of lab time", "chaoslab-triage"},
      {"UsersGeneratorLate",
       R"(histogram_quantile(0.99, sum by (le) (rate(client_send_lateness_seconds_bucket[lab:300]))) > 0.05)", 120, kTicket,
       "this machine is too busy to be the users", "1 % of the requests leave {{ $value | humanizeDuration }} late or more: the lab's figures are not to be trusted",
       "chaoslab-overview"},
      {"LabSilent", R"(absent(up{job="controller"} == 1))", 1800, kPage, "the controller cannot be scraped",
       "nodes go on serving; nothing is recorded, and no alert reaches the record", "chaoslab-overview"},
  };
}

std::vector<AlertSpec> of_the_path() {
  return {
      {"OriginErrors", R"(sum by (role, node, origin) (rate(cdn_origin_errors_total[lab:300])) > 0.5)", 60, kTicket, "the CDN's origin fails",
       "{{ $labels.node }}: {{ $value | humanize }} failed calls a second to {{ $labels.origin }}", "chaoslab-cdn"},
      {"CdnErrors",
       R"(sum by (role, node) (rate(node_requests_total{role="cdn",outcome="error"}[lab:300])) - sum by (role, node) (rate(cdn_requests_total{result="error"}[lab:300])) > 0.5)",
       60, kTicket, "the CDN itself fails", "{{ $labels.node }}: {{ $value | humanize }} answers a second are errors that come from no origin", "chaoslab-cdn"},
      {"LoadBalancerErrors",
       R"(sum by (role, node) (rate(haproxy_frontend_http_responses_total{code="5xx"}[lab:300])) - sum by (role, node) (rate(haproxy_backend_http_responses_total{code="5xx"}[lab:300])) > 0.5)",
       60, kTicket, "the load balancer itself fails", "{{ $labels.node }}: {{ $value | humanize }} answers a second are errors that it gave before any server was asked",
       "chaoslab-lb"},
      {"BackendDown", R"(haproxy_server_status{state="DOWN"} == 1)", 60, kTicket, "a server does not pass its checks",
       "{{ $labels.node }} sends {{ $labels.server }} no requests", "chaoslab-lb"},
      {"NoBackends", R"(haproxy_backend_active_servers == 0)", 0, kPage, "the load balancer has nobody to send requests to",
       "{{ $labels.node }} answers every request with 503", "chaoslab-lb"},
      {"ServerQueueing", R"(avg_over_time(server_slots_waiting[lab:300]) > 4)", 0, kTicket, "requests queue up in a server",
       "{{ $labels.node }}: {{ $value | humanize }} requests wait for a slot on average", "chaoslab-triage"},
      {"PoolWaits", R"(rate(server_pool_waits_total[lab:300]) > 1)", 60, kTicket, "a server runs out of connections",
       "{{ $labels.node }}: {{ $value | humanize }} calls a second wait for a connection of the pool {{ $labels.pool }}", "chaoslab-triage"},
      {"UpstreamErrors", R"(sum by (role, node, upstream) (rate(server_upstream_errors_total[lab:300])) > 0.5)", 60, kTicket,
       "a server's calls to a store fail", "{{ $labels.node }}: {{ $value | humanize }} failed calls a second to {{ $labels.upstream }}", "chaoslab-triage"},
      {"CacheHitRateLow",
       R"(sum(rate(server_cache_requests_total{result="hit"}[lab:900])) / sum(rate(server_cache_requests_total[lab:900])) < 0.1)", 300, kTicket,
       "the cache answers hardly anything", "{{ $value | humanizePercentage }} of the items come from Redis; the rest goes to the database", "chaoslab-redis"},
  };
}

std::vector<AlertSpec> of_stores() {
  return {
      {"EvictionStorm", R"(rate(redis_evicted_keys_total[lab:300]) > 5)", 120, kTicket, "Redis throws keys out as fast as they come",
       "{{ $labels.node }} evicts {{ $value | humanize }} keys a second: maxmemory is too small for what is asked", "chaoslab-redis"},
      {"RedisRefusesWrites", R"(rate(redis_oom_errors_total[lab:300]) > 0)", 60, kPage, "Redis is full and refuses writes",
       "{{ $labels.node }}: {{ $value | humanize }} OOM errors a second; its policy evicts nothing", "chaoslab-redis"},
      {"ReplicationLag", R"(postgres_replication_lag_seconds > 1 and on (job, node) postgres_in_recovery == 1)", 60, kTicket, "a replica shows the past",
       "{{ $labels.node }} is {{ $value | humanizeDuration }} behind its primary", "chaoslab-postgres"},
      {"TwoPrimaries", R"(count(postgres_in_recovery == 0) > 1)", 60, kPage, "two databases take writes",
       "{{ $value }} nodes believe that they are the primary: what is written to the wrong one is lost when it comes back", "chaoslab-postgres"},
      {"PostgresRefusesConnections", R"(rate(postgres_connections_refused_total[lab:300]) > 0)", 0, kPage, "PostgreSQL refuses connections",
       "{{ $labels.node }}: {{ $value | humanize }} sessions a second are refused at startup", "chaoslab-postgres"},
      {"PostgresLockWaits", R"(rate(postgres_lock_waits_total[lab:300]) > 5)", 60, kTicket, "statements wait for locks",
       "{{ $labels.node }}: {{ $value | humanize }} statements a second wait for somebody's lock", "chaoslab-postgres"},
      {"PostgresIdleInTransaction",
       R"(min_over_time(sum by (role, node) (postgres_sessions{state=~"idle in transaction.*"})[lab:900:1s]) > 0)", 0, kTicket,
       "a session sits in an open transaction", "{{ $labels.node }}: {{ $value }} of them all the time; their locks and their snapshot stay", "chaoslab-postgres"},
      {"QueueNoConsumer", R"(rabbitmq_queue_messages_ready > 0 and on (instance, vhost, queue) rabbitmq_queue_consumers == 0)", 60, kPage,
       "nobody takes from a queue that fills", "{{ $labels.queue }} on {{ $labels.node }}: {{ $value }} messages and no consumer", "chaoslab-queue"},
      {"QueueBacklogGrowing", R"(rabbitmq_queue_messages_ready > 100 and deriv(rabbitmq_queue_messages_ready[lab:600]) > 0)", 300, kTicket,
       "a queue fills faster than it is emptied", "{{ $labels.queue }} on {{ $labels.node }}: {{ $value }} messages wait, and more come than go", "chaoslab-queue"},
      {"QueueMemoryAlarm", R"(rabbitmq_alarms_memory_used_watermark == 1)", 0, kPage, "the queue blocks its publishers",
       "{{ $labels.node }} is over its memory high watermark", "chaoslab-queue"},
      {"WorkerJobsFail", R"(sum by (role, node) (rate(worker_jobs_total{result="failed"}[lab:600])) > 0.1)", 60, kTicket, "workers' jobs fail",
       "{{ $labels.node }}: {{ $value | humanize }} jobs a second fail and are tried again", "chaoslab-queue"},
      {"ObjectStoreErrors", R"(sum by (role, node) (rate(node_requests_total{role="object_store",outcome="error"}[lab:300])) > 0.5)", 60, kTicket, "the object store fails",
       "{{ $labels.node }}: {{ $value | humanize }} answers a second are errors", "chaoslab-object-store"},
  };
}

}  // namespace

const std::vector<AlertSpec>& symptom_alerts() {
  static const std::vector<AlertSpec> all = [] {
    std::vector<AlertSpec> out;
    for (const auto& part : {of_processes(), of_the_path(), of_stores()}) out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace chaos::rules
