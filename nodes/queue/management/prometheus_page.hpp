// The figures of RabbitMQ's own Prometheus plugin (rabbitmq_prometheus 3.10: https://www.rabbitmq.com/docs/prometheus) on port
// 15692: /metrics sums over queues, channels and connections, /metrics/per-object tells each, /metrics/detailed?family=F each
// of chosen groups under rabbitmq_detailed_. What is about Erlang, Raft and mirrored queues is not there.
#pragma once

#include "queue/management/management.hpp"

namespace chaos::broker {

/// GET of one of the three pages; 404 otherwise. No password, as the plugin's.
HttpResponse prometheus_page(Desk& desk, const HttpRequest& request);

}  // namespace chaos::broker
