// A run, looked back upon: what happened beside what users felt. Opens on a run's window by a link from the lab.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { QueryVariableBuilder, VariableRefresh, VariableSort, type AnnotationQuery, type Dashboard, type Panel, type VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly, heading, line, marks } from './lib/board';
import { ALLOWED_BAD_SHARE, BAD_SHARE, BUDGET, KEPT_SO_FAR, P95, UPTIME } from './lib/contract';
import { errorShare, memoryShare, nodePhases, perNode, perRole, PHASES, requests } from './lib/hops';
import { figure, graph, states, words } from './lib/panels';
import { COLOUR, neutral } from './lib/path';
import { firing, orNamed, quantile, sumRate } from './lib/promql';
import { RECORD, runbook, UID } from './lib/sources';
import { eventTable, runTable } from './postmortem_record';

const run = (): Builder<VariableModel> => new QueryVariableBuilder('run')
  .label('Run').description('The run whose events are shown; the list below leads to its window').datasource(RECORD)
  .query({ qryType: 1, query: 'label_values(lab_runs, run)', refId: 'variable-run' })
  .refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.NumericalDesc);

const OF_RUN = 'run="$run"';

const annotations = (): AnnotationQuery[] => [
  marks('Faults', `kind="fault", ${OF_RUN}`, COLOUR.bad),
  marks('Actions', `kind=~"action|traffic", ${OF_RUN}`, COLOUR.calm),
  marks('Deployments', `kind="deploy", ${OF_RUN}`, COLOUR.extra),
  marks('Alerts', `kind="alert", ${OF_RUN}`, COLOUR.warn),
  marks('Run', `kind="run", ${OF_RUN}`, COLOUR.faint),
];

const verdict = (): Builder<Panel> => figure({
  title: 'Contract at the end', unit: 'none', background: true, mappings: words([0, 'broken', COLOUR.bad], [1, 'kept', COLOUR.good]),
  what: 'Whether uptime, P95 and budget were within the contract at the end of the window.',
  lines: [{ expr: KEPT_SO_FAR, legend: 'contract' }],
});

const uptime = (): Builder<Panel> => graph({
  title: 'Uptime of the run so far', unit: 'percentunit', max: 1, decimals: 1, floating: true,
  what: 'Good requests of all requests since the run began, and the least that was promised. What is lost early is made good by many good requests later; what is lost at the peak is not.',
  lines: [
    { expr: UPTIME.now, legend: 'uptime', colour: COLOUR.good },
    { expr: UPTIME.bound, legend: 'promised', colour: COLOUR.faint, dashed: true },
  ],
});

const p95 = (): Builder<Panel> => graph({
  title: 'P95 of the run so far', unit: 's',
  what: 'Over all answered requests since the run began, and the most that was promised.',
  lines: [
    { expr: P95.now, legend: 'P95', colour: COLOUR.strong },
    { expr: P95.bound, legend: 'promised', colour: COLOUR.faint, dashed: true },
  ],
});

const budget = (): Builder<Panel> => graph({
  title: 'Budget of the run so far', unit: 'currencyUSD', decimals: 0,
  what: 'Monthly price of the active nodes, weighted by lab time, and the most that was promised.',
  lines: [
    { expr: BUDGET.now, legend: 'budget', colour: COLOUR.extra },
    { expr: BUDGET.bound, legend: 'promised', colour: COLOUR.faint, dashed: true },
  ],
});

const failing = (): Builder<Panel> => graph({
  title: 'Requests that failed their users', unit: 'percentunit', softMax: 0.1,
  what: 'At each moment, and what the contract allows over the whole run. The area above the dashed line, weighted by traffic, is what the incident cost.',
  lines: [
    { expr: BAD_SHARE, legend: 'failed', colour: COLOUR.bad },
    { expr: ALLOWED_BAD_SHARE, legend: 'allowed', colour: COLOUR.faint, dashed: true },
  ],
  links: [runbook('AvailabilityBudgetBurn')],
});

const burning = (): Builder<Panel> => graph({
  title: 'How fast the error budget burned', unit: 'none', decimals: 1, softMax: 2,
  what: 'Of the availability, by length of the look back in lab time. 1 just keeps the contract; the alerts page at 4.8 over 15 lab minutes and at 2.4 over an hour. Short looks tell first, long ones tell surely.',
  lines: [{ expr: orNamed('max by (window) (contract:burn_rate:lab{sli="availability"})', 'window', 'no rules'), legend: '{{window}}' }],
  colours: neutral('15m', '1h', '6h', '3m', '5m', '30m'),
  links: [runbook('AvailabilityBudgetBurn')],
});

const waiting = (): Builder<Panel> => graph({
  title: 'What users waited', unit: 's',
  what: 'P50 and P95 at each moment, from the moment at which users meant to send, and the contract\'s bound on P95.',
  lines: [
    { expr: quantile(0.5, 'client_request_seconds'), legend: 'P50', colour: COLOUR.calm },
    { expr: quantile(0.95, 'client_request_seconds'), legend: 'P95', colour: COLOUR.strong },
    { expr: P95.bound, legend: 'allowed P95', colour: COLOUR.faint, dashed: true },
  ],
  links: [runbook('LatencyBudgetBurn')],
});

const users = (): Builder<Panel> => graph({
  title: 'Users, and their requests by outcome', unit: 'reqps', stack: true,
  what: 'How much was asked of the shop and what became of it. The users are on the right.',
  lines: [
    { expr: sumRate('client_requests_total', 'outcome'), legend: '{{outcome}}' },
    { expr: 'max(lab_users)', legend: 'users', colour: COLOUR.faint, unit: 'short', right: true, dashed: true },
  ],
  colours: { good: COLOUR.good, server_error: COLOUR.bad, timeout: COLOUR.extra, late: COLOUR.warn, refused: '#FF9830', broken: '#A0785A', overload: '#B0304A' },
});

const labTime = (): Builder<Panel> => graph({
  title: 'Lab time and speed', unit: 'clocks', decimals: 1,
  what: 'The hour of the shop\'s day at each moment, for comparison with the record, and how many lab seconds there were in a real one.',
  lines: [
    { expr: 'max(lab_time_seconds)', legend: 'lab time', colour: COLOUR.calm },
    { expr: 'max(lab_speed_ratio)', legend: 'speed', colour: COLOUR.faint, unit: 'none', right: true },
  ],
});

const hopErrors = (): Builder<Panel> => graph({
  title: 'Errors by hop', unit: 'percentunit', softMax: 0.05,
  what: 'Share of each hop\'s answers that failed. The hop furthest from the users that shows them first is nearest to the cause.',
  lines: perRole((role) => errorShare(`role="${role}"`)),
});

const hopLatency = (): Builder<Panel> => graph({
  title: 'P95 by hop', unit: 's', log: true,
  what: 'From receipt to answer, what is behind included. The hop furthest from the users that slowed down first is nearest to the cause.',
  lines: perRole((role) => quantile(0.95, 'node_request_duration_seconds', 'role', `role="${role}"`)),
});

const hopRate = (): Builder<Panel> => graph({
  title: 'Requests by hop', unit: 'reqps',
  what: 'What reached each hop. A hop that stops early in the path starves all behind it.',
  lines: perRole((role) => requests(`role="${role}"`)),
});

const memory = (): Builder<Panel> => graph({
  title: 'Memory against the limit', unit: 'percentunit', max: 1, legend: 'right',
  what: 'Of every node. A sawtooth is a leak and its restarts; the moment at which lines reach 70 % is when the trouble could have been seen.',
  lines: perNode((role) => memoryShare(`role="${role}"`, 'node')),
  links: [runbook('MemoryNearLimit')],
});

const phases = (): Builder<Panel> => states({
  title: 'Nodes\' states', unit: 'none', lines: nodePhases(), mappings: PHASES,
  what: 'Every node in path order. How many of a role were away at the same time decides what users felt.',
});

const restarts = (): Builder<Panel> => graph({
  title: 'Restarts', unit: 'short', decimals: 0, softMax: 2, legend: 'right',
  what: 'Processes that each node had after its first.',
  lines: perNode((role) => `sum by (node) (lab_node_restarts_total{role="${role}"})`),
  links: [runbook('RestartLoop')],
});

const alerts = (): Builder<Panel> => states({
  title: 'Alerts', unit: 'none', mappings: words([0, 'nothing fires', COLOUR.nothing], [1, 'fires', COLOUR.bad]),
  what: 'Which alerts fired when. The time from the fault to the first of them is the time to detect; one that fired all day told nobody anything.',
  lines: [{ expr: orNamed(`max by (alertname) (${firing()})`, 'alertname', 'none'), legend: '{{alertname}}' }],
});

export function postmortem(): Dashboard {
  return build({
    uid: UID.postmortem, from: 'now-30m', refresh: '', variables: [run()], annotations: annotations(),
    what: 'A run, looked back upon. Open it by a run\'s link in the list, which sets the window too. Marks: faults red, actions blue, deployments purple, alerts yellow; what is hidden in a blind drill appears once it is revealed.',
    parts: [
      line(6, [runTable(), 20], [verdict(), 4]),
      heading('What users felt'),
      evenly(8, failing(), burning(), waiting(), users()),
      evenly(6, uptime(), p95(), budget(), labTime()),
      heading('The path'),
      evenly(8, hopErrors(), hopLatency(), hopRate()),
      heading('Nodes and alerts'),
      line(10, [phases(), 12], [memory(), 12]),
      line(7, [alerts(), 12], [restarts(), 12]),
      heading('What happened'),
      line(14, [eventTable(OF_RUN), 24]),
    ],
  });
}
