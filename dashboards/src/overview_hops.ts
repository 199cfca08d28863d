// The path as a row a hop, and beside it where a request's time goes and what the stores say of themselves.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import { BarGaugeDisplayMode, BarGaugeValueMode, ReduceDataOptionsBuilder, VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { errorShare, memoryShare, PATH_ORDER, readyShare, requests, slowerThanUsual, timeAdded, wanted } from './lib/hops';
import { dress, figure, query, steps, type Step } from './lib/panels';
import { COLOUR } from './lib/path';
import { orNamed, quantile, sumRate } from './lib/promql';
import { CDN_HITS_OF_USUAL, REDIS_HITS_OF_USUAL } from './lib/stores';
import { columns, type Column } from './lib/tables';
import { dashboard, runbook, UID } from './lib/sources';

const WARN = COLOUR.warn;
const BAD = COLOUR.bad;

const IN_FLIGHT = 'sum by (role) (node_requests_in_flight{role!="queue"}) or sum by (role) (rabbitmq_queue_messages)';

const COLUMNS: Column[] = [
  { name: 'Nodes', expr: wanted(), unit: 'none' },
  { name: 'Ready', expr: readyShare(), unit: 'percentunit', decimals: 0, low: [{ from: 0, colour: BAD }, { from: 0.6, colour: WARN }, { from: 1, colour: COLOUR.nothing }] },
  { name: 'Req/s', expr: requests(), unit: 'none', decimals: 1 },
  { name: 'Errors', expr: errorShare(), unit: 'percentunit', decimals: 1, steps: [{ from: 0.005, colour: WARN }, { from: 0.05, colour: BAD }] },
  { name: 'P95', expr: quantile(0.95, 'node_request_duration_seconds', 'role'), unit: 's' },
  { name: '× usual', expr: slowerThanUsual(), unit: 'none', decimals: 1, steps: [{ from: 1.7, colour: WARN }, { from: 3, colour: BAD }] },
  { name: 'In flight', expr: IN_FLIGHT, unit: 'none', decimals: 0 },
  { name: 'Slowdown', expr: 'max by (role) (node_slowdown_ratio)', unit: 'none', decimals: 1, steps: [{ from: 1.2, colour: WARN }, { from: 2, colour: BAD }] },
  { name: 'Memory', expr: memoryShare(), unit: 'percentunit', decimals: 0, steps: [{ from: 0.7, colour: WARN }, { from: 0.85, colour: BAD }] },
  { name: 'Restarts', expr: 'sum by (role) (changes(lab_node_restarts_total[$__range]))', unit: 'none', decimals: 0, steps: [{ from: 1, colour: WARN }] },
];

export function hopTable(): Builder<Panel> {
  const panel = columns({
    title: 'The path, hop by hop', rows: ['role as Hop'], order: PATH_ORDER, columns: COLUMNS,
    what: 'A row a hop, in the order in which a request meets them. What is coloured hurts. Begin with a row whose Ready is below 100 %; else with the lowest coloured row of client to postgres, for trouble travels upwards. When nothing behind that row is coloured, the bars and signs beside tell what it waits for. Ready: of the nodes that should serve, those that take work and answer. Errors: answers that failed. × usual: the slowest kind of request against the last half hour. In flight: requests in service or waiting; of the queue: messages. Slowdown: what pressure on memory and CPU makes of service times. Memory: of the fullest node. Restarts: within the window.',
    links: [dashboard(UID.triage), runbook('NodeDown'), runbook('MemoryNearLimit')],
  });
  const toTriage = { title: 'Triage of ${__value.text}', url: `/d/${UID.triage}?\${__url_time_range}&var-role=\${__value.raw}` };
  return panel.overrideByName('Hop', [{ id: 'links', value: [toTriage] }, { id: 'custom.minWidth', value: 100 }]);
}

/** Bars in path order, one a stretch of the way. */
export function whereTimeIsLost(): Builder<Panel> {
  const lines = timeAdded();
  const panel = new bargauge.PanelBuilder()
    .targets(lines.map((one, i) => query(one.expr, i).instant().legendFormat(one.legend)))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .orientation(VizOrientation.Horizontal).displayMode(BarGaugeDisplayMode.Basic).valueMode(BarGaugeValueMode.Color).showUnfilled(true)
    .thresholds(steps([{ from: 0.008, colour: WARN }, { from: 0.04, colour: BAD }]))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  dress(panel, {
    title: 'Where requests lose time', unit: 's', lines, min: 0, max: 0.1, decimals: 0,
    what: 'What each stretch of the way adds now to the mean time of a user\'s request, compared with the last half hour. The time for a slot is what requests wait because others hold theirs for long. A way counts to the hop that waits: "to redis" is a server\'s whole wait for Redis. The lowest long bar is where to begin: what waits above it waits for it. Triage shows the whole time.',
    links: [dashboard(UID.triage), runbook('LatencyBudgetBurn')],
  });
  return panel;
}

interface Sign {
  legend: string;
  expr: string;
  unit: string;
  decimals: number;
  steps: Step[];        // from low to high; the first reaches down to nothing
}

const FINE = COLOUR.nothing;
const low = (warn: number, bad: number): Step[] => [{ from: 0, colour: BAD }, { from: bad, colour: WARN }, { from: warn, colour: FINE }];
const high = (warn: number, bad: number): Step[] => [{ from: 0, colour: FINE }, { from: warn, colour: WARN }, { from: bad, colour: BAD }];

const FAILED_CALLS = orNamed('topk(1, sum by (upstream) (rate(server_upstream_errors_total[$__rate_interval])) > 0)', 'upstream', 'none');

const OUT_OF_LB = 'clamp_min(sum(lab_node_ready{role="server"} * (lab_node_duty{role="server"} == bool 1)) - sum(haproxy_backend_active_servers), 0)';

const SIGNS: Sign[] = [
  { legend: 'CDN hits / usual', expr: CDN_HITS_OF_USUAL, unit: 'percentunit', decimals: 0, steps: low(0.5, 0.25) },
  { legend: 'Servers out of lb', expr: OUT_OF_LB, unit: 'none', decimals: 0, steps: high(1, 2) },
  { legend: 'Redis hits / usual', expr: REDIS_HITS_OF_USUAL, unit: 'percentunit', decimals: 0, steps: low(0.75, 0.5) },
  { legend: 'Evictions /s', expr: sumRate('redis_evicted_keys_total'), unit: 'none', decimals: 1, steps: high(1, 20) },
  { legend: 'Replica behind', expr: 'max(postgres_replication_lag_seconds)', unit: 's', decimals: 1, steps: high(1, 5) },
  { legend: 'Lock waits /s', expr: sumRate('postgres_lock_waits_total'), unit: 'none', decimals: 1, steps: high(5, 20) },
  { legend: 'Pool waits /s', expr: sumRate('server_pool_waits_total'), unit: 'none', decimals: 1, steps: high(0.5, 5) },
  { legend: 'Lost /s: {{upstream}}', expr: FAILED_CALLS, unit: 'none', decimals: 1, steps: high(0.1, 2) },
  { legend: 'Receipts waiting', expr: 'sum(rabbitmq_queue_messages_ready)', unit: 'none', decimals: 0, steps: high(50, 200) },
];

/** What goes wrong in and around the stores without an error and without a slow answer of theirs. */
export function storeSigns(): Builder<Panel> {
  const panel = figure({
    title: 'Signs', unit: 'none', named: true, stacked: true, background: true, lines: SIGNS,
    what: 'What can go wrong in a store, or on the way to it, without errors and without slow answers of its own. Coloured: beyond what a healthy day shows. Hits are compared with the last half hour. Out of lb: servers that are ready and that the load balancer does not use. Lost: calls of servers that failed, to the store that fails most. Each store has a dashboard.',
    links: [
      dashboard(UID.cdn), dashboard(UID.redis), dashboard(UID.postgres), dashboard(UID.queue), runbook('CacheHitRateLow'),
      runbook('BackendDown'), runbook('ReplicationLag'), runbook('PoolWaits'), runbook('UpstreamErrors'), runbook('QueueBacklogGrowing'),
    ],
  });
  SIGNS.forEach((sign, i) => {
    const rising = sign.steps.map((step, at) => ({ value: at === 0 ? null : step.from, color: step.colour }));
    panel.overrideByQuery(String.fromCharCode('A'.charCodeAt(0) + i), [
      { id: 'unit', value: sign.unit }, { id: 'decimals', value: sign.decimals }, { id: 'thresholds', value: { mode: 'absolute', steps: rising } },
    ]);
  });
  return panel;
}
