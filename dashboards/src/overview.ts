// "Is the contract kept, and which hop hurts?" on one screen.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, DynamicConfigValue, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly, line } from './lib/board';
import { ALLOWED_BAD_SHARE, BAD_SHARE, BUDGET, judged, KEPT_NOW, KEPT_SO_FAR, P95, UPTIME, type Term } from './lib/contract';
import { memoryShare, perRole } from './lib/hops';
import { figure, graph, words } from './lib/panels';
import { COLOUR } from './lib/path';
import { firing, orZero, quantile, sumRate } from './lib/promql';
import { dashboard, link, runbook, UID } from './lib/sources';
import { hopTable, storeSigns, whereTimeIsLost } from './overview_hops';

const contract = (): Builder<Panel> => figure({
  title: 'Contract', unit: 'none', named: true, background: true,
  mappings: words([0, 'broken', COLOUR.bad], [1, 'kept', COLOUR.good]),
  what: 'Now: errors and P95 of the last seconds against what was promised. Run: uptime, P95 and budget since the run began, against the same bounds. Now broken, run kept: users suffer, and there is still time.',
  lines: [{ expr: KEPT_NOW, legend: 'now' }, { expr: KEPT_SO_FAR, legend: 'run' }],
  links: [runbook('AvailabilityBudgetBurn'), runbook('LatencyBudgetBurn')],
});

function term(title: string, of: Term, unit: string, decimals: number, what: string): Builder<Panel> {
  return figure({
    title, unit, what, named: true, decimals,
    lines: [
      { expr: judged(of), legend: '{{verdict}}' },
      { expr: of.bound, legend: of.holds === '>=' ? 'at least' : 'at most', colour: COLOUR.faint },
    ],
    colours: { kept: COLOUR.good, broken: COLOUR.bad },
  });
}

const users = (): Builder<Panel> => figure({
  title: 'Users', unit: 'none', decimals: 0, spark: true,
  what: 'Users now, and how their number went. Many users are no failure; they are the first explanation of one.',
  lines: [{ expr: 'max(lab_users)', legend: 'users' }],
});

function alerts(): Builder<Panel> {
  const count = (severity: string): string => orZero(`count(${firing(`severity="${severity}"`)})`);
  const coloured = (colour: string): DynamicConfigValue[] => [{ id: 'thresholds', value: { mode: 'absolute', steps: [{ value: null, color: COLOUR.nothing }, { value: 1, color: colour }] } }];
  const panel = figure({
    title: 'Alerts', unit: 'none', named: true, background: true,
    what: 'Alerts that fire now: pages want somebody at once, tickets within the day. Triage names them.',
    lines: [{ expr: count('page'), legend: 'pages' }, { expr: count('ticket'), legend: 'tickets' }],
    links: [dashboard(UID.triage), link('Alerts in Prometheus', 'http://127.0.0.1:9090/alerts').targetBlank(true)],
  });
  return panel.overrideByName('pages', coloured(COLOUR.bad)).overrideByName('tickets', coloured(COLOUR.warn));
}

const labTime = (): Builder<Panel> => figure({
  title: 'Lab time', unit: 'clocks', decimals: 1,
  what: 'The hour of the shop\'s day. Graphs run in real time; the lab\'s day is faster by the lab\'s speed.',
  lines: [{ expr: 'max(lab_time_seconds)', legend: 'lab time' }],
});

const traffic = (): Builder<Panel> => graph({
  title: 'Traffic', unit: 'reqps', stack: true,
  what: 'Requests of users a second by what became of them. Good: answered in time without a server error. Everything else failed a user. It should follow the users; a dip that they do not have is requests that never got through.',
  lines: [{ expr: sumRate('client_requests_total', 'outcome'), legend: '{{outcome}}' }],
  colours: {
    good: COLOUR.good, server_error: COLOUR.bad, timeout: COLOUR.extra, late: COLOUR.warn, refused: '#FF9830', broken: '#A0785A', overload: '#B0304A',
  },
  links: [runbook('AvailabilityBudgetBurn')],
});

const errors = (): Builder<Panel> => graph({
  title: 'Errors', unit: 'percentunit', softMax: 0.1,
  what: 'Share of the requests that failed their users. The dashed line is what the contract allows over the whole run: above it the error budget shrinks faster than the day.',
  lines: [
    { expr: BAD_SHARE, legend: 'failed', colour: COLOUR.bad },
    { expr: ALLOWED_BAD_SHARE, legend: 'allowed', colour: COLOUR.faint, dashed: true },
  ],
  links: [runbook('AvailabilityBudgetBurn')],
});

const latency = (): Builder<Panel> => graph({
  title: 'Latency', unit: 's',
  what: 'What users wait, from the moment at which they meant to send. The dashed line is the contract\'s bound on P95. P95 up and P50 not: one kind of request or one node; both up: everything.',
  lines: [
    { expr: quantile(0.5, 'client_request_seconds'), legend: 'P50', colour: COLOUR.calm },
    { expr: quantile(0.95, 'client_request_seconds'), legend: 'P95', colour: COLOUR.strong },
    { expr: P95.bound, legend: 'allowed P95', colour: COLOUR.faint, dashed: true },
  ],
  links: [runbook('LatencyBudgetBurn')],
});

const saturation = (): Builder<Panel> => graph({
  title: 'Memory: each hop\'s fullest node', unit: 'percentunit', max: 1, legend: 'none',
  what: 'Resident memory against the limit at which the process is killed. From 70 % up a node slows down, at 100 % it dies. Lines that climb without traffic climbing are a leak.',
  lines: perRole((role) => memoryShare(`role="${role}"`)),
  links: [runbook('MemoryNearLimit')],
});

export function overview(): Dashboard {
  return build({
    uid: UID.overview,
    what: 'Is the contract kept, and which hop hurts? Top: the contract. Middle: the four golden signals as users feel them. Below: a row a hop of the path; colour is where it hurts.',
    parts: [
      line(3,
        [contract(), 4],
        [term('Uptime', UPTIME, 'percentunit', 2, 'Good requests of all requests of the run, and the least that was promised.'), 4],
        [term('P95', P95, 's', 0, '95th percentile over all answered requests of the run, and the most that was promised.'), 4],
        [term('Budget', BUDGET, 'currencyUSD', 0, 'Monthly price of the active nodes, weighted by lab time, and the most that was promised. A further node raises it.'), 4],
        [users(), 2], [labTime(), 3], [alerts(), 3]),
      evenly(5, traffic(), errors(), latency(), saturation()),
      line(12, [hopTable(), 15], [whereTimeIsLost(), 5], [storeSigns(), 4]),
    ],
  });
}
