#include "queue/connection_rule.hpp"
#include "queue/management/management_handlers.hpp"

#include <fmt/format.h>

namespace chaos::broker {

// What somebody sees who opens the port in a browser.
HttpResponse landing_page(const Desk& desk) {
  HttpResponse response;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.body = fmt::format(R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{0}: queue</title>
<style>body{{font:16px/1.5 sans-serif;max-width:44em;margin:2em auto;padding:0 1em}}code{{background:#eee;padding:.1em .3em}}</style></head>
<body><h1>{0}</h1>
<p>The queue of a chaos lab. It speaks AMQP 0-9-1 at <code>{1}:5672</code> and answers RabbitMQ's management API ({2}) here.
The pages of RabbitMQ's own console are not part of it; its command line is:</p>
<pre>rabbitmqadmin -H {1} list queues name messages messages_ready messages_unacknowledged consumers
rabbitmqadmin -H {1} list connections
rabbitmqadmin -H {1} get queue=receipts</pre>
<p>By hand, with user and password guest:
<a href="/api/overview">overview</a>, <a href="/api/queues">queues</a>, <a href="/api/exchanges">exchanges</a>,
<a href="/api/bindings">bindings</a>, <a href="/api/connections">connections</a>, <a href="/api/channels">channels</a>,
<a href="/api/consumers">consumers</a>, <a href="/api/definitions">definitions</a>,
<a href="/api/health/checks/alarms">alarms</a>. Figures for Prometheus: <code>{1}:15692/metrics</code>.</p>
</body></html>
)", desk.node, desk.address, kSpeaksAs);
  return response;
}

}  // namespace chaos::broker
