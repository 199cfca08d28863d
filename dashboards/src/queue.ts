// The queue, by RabbitMQ's names: what waits, who takes it, and whether publishers are held.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly } from './lib/board';
import { figure, graph, words } from './lib/panels';
import { COLOUR } from './lib/path';
import { quantile, sumRate } from './lib/promql';
import { runbook, UID } from './lib/sources';

const flow = (name: string): string => sumRate(`rabbitmq_global_messages_${name}_total`);

const ready = (): Builder<Panel> => figure({
  title: 'Messages ready', unit: 'short', decimals: 0, spark: true,
  what: 'Messages that wait for a consumer. Near 0 on a healthy day; the backlog divided by the rate at which workers are faster than orders is the time to catch up.',
  lines: [{ expr: 'sum(rabbitmq_queue_messages_ready)', legend: 'ready' }],
  steps: [{ from: 50, colour: COLOUR.warn }, { from: 200, colour: COLOUR.bad }],
  links: [runbook('QueueBacklogGrowing'), runbook('OrdersPileUp')],
});

const unacked = (): Builder<Panel> => figure({
  title: 'Unacknowledged', unit: 'short', decimals: 0, spark: true,
  what: 'Messages that workers hold. At the workers\' prefetch in all: they have as much as they may and are the bottleneck.',
  lines: [{ expr: 'sum(rabbitmq_queue_messages_unacked)', legend: 'unacknowledged' }],
});

const consumers = (): Builder<Panel> => figure({
  title: 'Consumers', unit: 'none', decimals: 0, spark: true, base: COLOUR.bad,
  what: 'Workers that consume. None: nothing leaves the queue.',
  lines: [{ expr: 'sum(rabbitmq_queue_consumers)', legend: 'consumers' }], steps: [{ from: 1, colour: COLOUR.calm }],
  links: [runbook('QueueNoConsumer')],
});

const alarm = (): Builder<Panel> => figure({
  title: 'Memory alarm', unit: 'none', background: true, mappings: words([0, 'off', COLOUR.nothing], [1, 'publishers blocked', COLOUR.bad]),
  what: 'While it is on, publishers are blocked: orders are taken and their receipts are not asked for in time.',
  lines: [{ expr: 'max(rabbitmq_alarms_memory_used_watermark)', legend: 'alarm' }],
  links: [runbook('QueueMemoryAlarm')],
});

const depth = (): Builder<Panel> => graph({
  title: 'Messages', unit: 'short', stack: true, decimals: 0,
  what: 'Waiting and held. Ready grows: more orders than the workers can take. Unacknowledged grows to its bound first.',
  lines: [
    { expr: 'sum by (queue) (rabbitmq_queue_messages_ready)', legend: '{{queue}} ready', colour: COLOUR.warn },
    { expr: 'sum by (queue) (rabbitmq_queue_messages_unacked)', legend: '{{queue}} unacknowledged', colour: COLOUR.calm },
  ],
  links: [runbook('QueueBacklogGrowing')],
});

const rates = (): Builder<Panel> => graph({
  title: 'In and out', unit: 'ops',
  what: 'Published against acknowledged: the distance is the speed at which the queue grows or shrinks.',
  lines: [
    { expr: flow('received'), legend: 'published', colour: COLOUR.strong },
    { expr: flow('delivered'), legend: 'delivered', colour: COLOUR.calm },
    { expr: flow('acknowledged'), legend: 'acknowledged', colour: COLOUR.good },
  ],
  links: [runbook('QueueBacklogGrowing')],
});

const again = (): Builder<Panel> => graph({
  title: 'Delivered again', unit: 'ops',
  what: 'Messages that a worker gave back or lost, and another got. Many: jobs fail, or workers die with jobs in hand.',
  lines: [{ expr: flow('redelivered'), legend: 'redelivered', colour: COLOUR.warn }],
  links: [runbook('WorkerJobsFail')],
});

const publishing = (): Builder<Panel> => graph({
  title: 'Published, routed, confirmed', unit: 'ops',
  what: 'The three are equal on a healthy day. Routed below published: no queue took them. Confirmed below routed: the queue is slow to write them down, or its memory alarm holds publishers.',
  lines: [
    { expr: flow('received'), legend: 'published', colour: COLOUR.strong },
    { expr: flow('routed'), legend: 'routed', colour: COLOUR.calm },
    { expr: flow('confirmed'), legend: 'confirmed', colour: COLOUR.good },
  ],
  links: [runbook('QueueMemoryAlarm')],
});

const lost = (): Builder<Panel> => graph({
  title: 'Messages that no queue took', unit: 'ops',
  what: 'Dropped without a word, or returned to the publisher. Any: a publisher sends to a queue that is not there.',
  lines: [
    { expr: flow('unroutable_dropped'), legend: 'dropped', colour: COLOUR.bad },
    { expr: flow('unroutable_returned'), legend: 'returned', colour: COLOUR.warn },
  ],
});

const time = (): Builder<Panel> => graph({
  title: 'Time of a publish', unit: 's',
  what: 'From receipt to confirmation; the message is on disk by then. An order waits for this.',
  lines: [
    { expr: quantile(0.5, 'node_request_duration_seconds', '', 'role="queue"'), legend: 'P50', colour: COLOUR.calm },
    { expr: quantile(0.95, 'node_request_duration_seconds', '', 'role="queue"'), legend: 'P95', colour: COLOUR.strong },
  ],
});

const memory = (): Builder<Panel> => graph({
  title: 'Memory', unit: 'bytes',
  what: 'Resident memory against the limit at which the process is killed. At 40 % of the limit the memory alarm goes on and publishers are blocked.',
  lines: [
    { expr: 'max(process_resident_memory_bytes{role="queue"})', legend: 'resident', colour: COLOUR.strong },
    { expr: 'max(node_memory_limit_bytes{role="queue"}) * 0.4', legend: 'alarm', colour: COLOUR.warn, dashed: true },
    { expr: 'max(node_memory_limit_bytes{role="queue"})', legend: 'limit', colour: COLOUR.bad, dashed: true },
  ],
  links: [runbook('QueueMemoryAlarm'), runbook('MemoryNearLimit')],
});

const connections = (): Builder<Panel> => graph({
  title: 'Connections, channels, queues', unit: 'short',
  what: 'Open now. Each server and each worker keeps some; fewer: one of them has lost the queue.',
  lines: [
    { expr: 'sum(rabbitmq_connections)', legend: 'connections', colour: COLOUR.strong },
    { expr: 'sum(rabbitmq_channels)', legend: 'channels', colour: COLOUR.calm },
    { expr: 'sum(rabbitmq_queues)', legend: 'queues', colour: COLOUR.faint },
  ],
});

const churn = (): Builder<Panel> => graph({
  title: 'Connections opened and closed', unit: 'ops',
  what: 'A second. Both high: clients that connect again and again.',
  lines: [
    { expr: sumRate('rabbitmq_connections_opened_total'), legend: 'opened', colour: COLOUR.calm },
    { expr: sumRate('rabbitmq_connections_closed_total'), legend: 'closed', colour: COLOUR.warn },
  ],
});

export function queue(): Dashboard {
  return build({
    uid: UID.queue, what: 'The queue by RabbitMQ\'s names: ready and unacknowledged messages, consumers, rates, the memory alarm.',
    parts: [
      evenly(4, ready(), unacked(), consumers(), alarm()),
      evenly(8, depth(), rates(), again()),
      evenly(8, publishing(), lost(), time()),
      evenly(8, memory(), connections(), churn()),
    ],
  });
}
