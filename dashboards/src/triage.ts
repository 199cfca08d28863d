// From the symptom down to the cause: what users feel, which stretch of the path, which role, which node, what inside it.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { QueryVariableBuilder, VariableRefresh, VariableSort, type Dashboard, type Panel, type VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly, heading, line } from './lib/board';
import { ALLOWED_BAD_SHARE, P95 } from './lib/contract';
import { errorShare, memoryShare, perRole, timeSpent } from './lib/hops';
import { graph, type Line } from './lib/panels';
import { COLOUR, neutral } from './lib/path';
import { quantile, rate, share, sumRate } from './lib/promql';
import { dashboard, PROMETHEUS, runbook, UID } from './lib/sources';
import { alertsNow, nodeStates, nodeTable } from './triage_nodes';
import { serverPanels, workerPanels } from './triage_inside';

const CHOSEN = 'role=~"$role", node=~"$node"';             // of what the controller tells about nodes
const SCRAPED = `job="nodes", ${CHOSEN}`;                  // of what the nodes tell themselves

function variable(name: string, label: string, query: string, what: string, chosen: string): Builder<VariableModel> {
  return new QueryVariableBuilder(name)
    .label(label).description(what).datasource(PROMETHEUS).query({ qryType: 1, query, refId: `variable-${name}` })
    .refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.AlphabeticalAsc).multi(true).includeAll(true).allValue('.+')
    .current({ selected: true, text: [chosen === '$__all' ? 'All' : chosen], value: [chosen] });
}

const variables = (): Builder<VariableModel>[] => [
  variable('role', 'Role', 'label_values(lab_node_up, role)', 'The hop to look at', 'server'),
  variable('node', 'Node', 'label_values(lab_node_up{role=~"$role"}, node)', 'Nodes of that role', '$__all'),
];

const KINDS = neutral('static', 'item', 'order', 'order_status');
const OPERATIONS = neutral('server item', 'server order', 'server place_order', 'lb GET', 'lb POST');

const byKind = (expr: string): Line[] => [{ expr, legend: '{{kind}}' }];

const userErrors = (): Builder<Panel> => graph({
  title: 'Failed requests by kind', colours: KINDS, unit: 'percentunit', softMax: 0.1,
  what: 'Share of each kind of request that failed its user. Which kinds fail says which way is broken: static goes to the CDN and the object store, item to Redis and the replica, order to PostgreSQL and the queue, order_status to the replica. All kinds: the CDN, the load balancer or the servers.',
  lines: [
    ...byKind(share(sumRate('client_requests_total', 'kind', 'outcome!="good"'), sumRate('client_requests_total', 'kind'))),
    { expr: ALLOWED_BAD_SHARE, legend: 'allowed over all', colour: COLOUR.faint, dashed: true },
  ],
  links: [runbook('AvailabilityBudgetBurn')],
});

const userLatency = (): Builder<Panel> => graph({
  title: 'P95 by kind', colours: KINDS, unit: 's',
  what: 'What users wait for each kind of request. A kind that is slow alone points to what only that kind needs.',
  lines: [
    ...byKind(quantile(0.95, 'client_request_seconds', 'kind')),
    { expr: P95.bound, legend: 'allowed over all', colour: COLOUR.faint, dashed: true },
  ],
  links: [runbook('LatencyBudgetBurn')],
});

const userOddities = (): Builder<Panel> => graph({
  title: 'How they fail', unit: 'ops',
  what: 'Retries: attempts of users after the first. Not found: an order that was acknowledged and then answered with 404, as a replica that lags does. Failures by how they look to the user: timeout and late point to waiting, refused and broken to connections, server_error to answers.',
  lines: [
    { expr: sumRate('client_retries_total'), legend: 'retries', colour: COLOUR.warn },
    { expr: sumRate('client_stale_reads_total'), legend: 'orders not found', colour: COLOUR.extra },
    { expr: sumRate('client_requests_total', 'outcome', 'outcome!="good"'), legend: '{{outcome}}' },
  ],
  links: [runbook('ReplicationLag')],
});

const generator = (): Builder<Panel> => graph({
  title: 'Load', unit: 'short',
  what: 'Users by the day\'s plan, as asked for, and as the generator plays them. P99 of how late it sent: when it is late for more than a few milliseconds, the machine is too small and the latencies are the generator\'s own.',
  lines: [
    { expr: 'max(lab_users)', legend: 'users', colour: COLOUR.calm },
    { expr: 'max(lab_planned_users)', legend: 'planned', colour: COLOUR.faint, dashed: true },
    { expr: 'sum(client_users)', legend: 'played', colour: COLOUR.strong },
    { expr: quantile(0.99, 'client_send_lateness_seconds'), legend: 'P99 of lateness', colour: COLOUR.extra, unit: 's', right: true },
  ],
  links: [runbook('UsersGeneratorLate')],
});

const pathErrors = (): Builder<Panel> => graph({
  title: 'Errors by hop', unit: 'percentunit', softMax: 0.05,
  what: 'Share of each hop\'s answers that failed. Errors travel from the stores towards the users; the hop furthest from the users that shows them is where to go on.',
  lines: perRole((role) => errorShare(`role="${role}"`)),
  links: [runbook('UpstreamErrors'), runbook('BackendDown')],
});

const pathLatency = (): Builder<Panel> => graph({
  title: 'P95 by hop', unit: 's', log: true,
  what: 'From the receipt of a request to its answer, what is behind it included. The hop furthest from the users that got slower is where to go on; when none behind it did, the way to it is slow. The axis is logarithmic: the same step up is the same factor.',
  lines: perRole((role) => quantile(0.95, 'node_request_duration_seconds', 'role', `role="${role}"`)),
  links: [runbook('LatencyBudgetBurn')],
});

const pathTime = (): Builder<Panel> => graph({
  title: 'Where a request\'s time goes', unit: 's', stack: true,
  what: 'The mean time of a user\'s request, split by where it was spent. The band that grew is the hop that hurts. "to redis": a server\'s whole wait for Redis, the way there included.',
  lines: timeSpent(),
  links: [dashboard(UID.overview)],
});

const roleRate = (): Builder<Panel> => graph({
  title: 'Rate by operation', unit: 'reqps',
  what: 'Requests that the chosen nodes served, by operation. An operation that vanishes is one that nobody calls any more, or that nobody gets through with.',
  lines: [{ expr: sumRate('node_requests_total', 'role, operation', SCRAPED), legend: '{{role}} {{operation}}' }],
  colours: OPERATIONS,
});

const roleErrors = (): Builder<Panel> => graph({
  title: 'Errors by node', nodes: true, unit: 'percentunit', softMax: 0.05,
  what: 'Share of failed answers of each chosen node. One node alone: that node. All: what they have in common.',
  lines: [{
    expr: share(sumRate('node_requests_total', 'role, node', `${SCRAPED}, outcome="error"`), sumRate('node_requests_total', 'role, node', SCRAPED)),
    legend: '{{node}}',
  }],
  links: [runbook('UpstreamErrors')],
});

const roleDuration = (): Builder<Panel> => graph({
  title: 'P95 by node', nodes: true, unit: 's',
  what: 'Time from receipt to answer of each chosen node. One node alone: that node. All: load, or what is behind them.',
  lines: [{ expr: quantile(0.95, 'node_request_duration_seconds', 'role, node', SCRAPED), legend: '{{node}}' }],
});

const memory = (): Builder<Panel> => graph({
  title: 'Utilisation: memory', nodes: true, unit: 'percentunit', max: 1,
  what: 'Resident memory against the limit of each chosen node. From 70 % up it slows down, at 100 % it is killed. The slope says when.',
  lines: [{ expr: memoryShare(SCRAPED, 'role, node'), legend: '{{node}}' }],
  links: [runbook('MemoryNearLimit')],
});

const cpu = (): Builder<Panel> => graph({
  title: 'Utilisation: CPU and file descriptors', nodes: true, unit: 'percentunit', max: 1,
  what: 'CPU: of one core; above 80 % a node slows down. Open files: the share of the limit that the fullest chosen node uses.',
  lines: [
    { expr: `sum by (role, node) (${rate('process_cpu_seconds_total', SCRAPED)})`, legend: '{{node}}' },
    { expr: `max(process_open_fds{${SCRAPED}} / process_max_fds{${SCRAPED}})`, legend: 'open files, at most', colour: COLOUR.faint },
  ],
});

const inFlight = (): Builder<Panel> => graph({
  title: 'Saturation: requests in flight', nodes: true, unit: 'short',
  what: 'Requests in service or waiting in each chosen node. It grows when they come faster than they are served, or when what is behind got slower.',
  lines: [{ expr: `sum by (role, node) (node_requests_in_flight{${SCRAPED}})`, legend: '{{node}}' }],
  links: [runbook('ServerQueueing')],
});

const slowdown = (): Builder<Panel> => graph({
  title: 'Saturation: slowdown by pressure', nodes: true, unit: 'none', min: 1, softMax: 2, decimals: 1,
  what: 'By what service times are multiplied because memory is nearly full or the data thread is busy. 1: nothing presses.',
  lines: [{ expr: `max by (role, node) (node_slowdown_ratio{${SCRAPED}})`, legend: '{{node}}' }],
  links: [runbook('MemoryNearLimit')],
});

const restarts = (): Builder<Panel> => graph({
  title: 'Errors: restarts', nodes: true, unit: 'short', decimals: 0, softMax: 2,
  what: 'Processes that each chosen node has had after its first. A staircase is a restart loop.',
  lines: [{ expr: `sum by (role, node) (lab_node_restarts_total{${CHOSEN}})`, legend: '{{node}}' }],
  links: [runbook('RestartLoop'), runbook('NodeDown')],
});

export function triage(): Dashboard {
  return build({
    uid: UID.triage, variables: variables(),
    what: 'From the symptom down to the cause. Read it from the top: what users feel, which stretch of the path, then choose that role above and compare its nodes.',
    parts: [
      heading('1. The symptom: what users feel'),
      line(8, [alertsNow(), 5], [userErrors(), 5], [userLatency(), 5], [userOddities(), 5], [generator(), 4]),
      heading('2. The stretch of the path'),
      evenly(8, pathTime(), pathLatency(), pathErrors()),
      heading('3. The chosen role: rate, errors, duration'),
      evenly(7, roleRate(), roleErrors(), roleDuration()),
      heading('4. The chosen role: utilisation, saturation, errors'),
      evenly(7, memory(), cpu(), inFlight(), slowdown()),
      line(9, [nodeTable(SCRAPED), 11], [nodeStates(CHOSEN), 7], [restarts(), 6]),
      heading('5. Inside the servers'),
      ...serverPanels().map((panels) => evenly(7, ...panels)),
      heading('6. Inside the workers'),
      evenly(7, ...workerPanels()),
    ],
  });
}
