// The load balancer, by HAProxy's names: which servers it knows, what it sends them and how they answer.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly, line } from './lib/board';
import { figure, graph, states, words } from './lib/panels';
import { COLOUR } from './lib/path';
import { share, sumRate } from './lib/promql';
import { link, runbook, UID } from './lib/sources';

const STATES = words([1, 'up', COLOUR.good], [2, 'draining', COLOUR.calm], [3, 'maintenance', COLOUR.extra], [4, 'down', COLOUR.bad]);
const CLASSES = { '1xx': COLOUR.faint, '2xx': COLOUR.good, '3xx': COLOUR.calm, '4xx': COLOUR.warn, '5xx': COLOUR.bad, other: COLOUR.extra };
const STATS_PAGE = link('HAProxy\'s statistics page', 'http://127.0.0.1:8404/').targetBlank(true);

const active = (): Builder<Panel> => figure({
  title: 'Servers that take requests', unit: 'none', decimals: 0, spark: true,
  what: 'Servers that are up and not draining. None: every request is answered 503.',
  lines: [{ expr: 'sum(haproxy_backend_active_servers)', legend: 'active' }],
  links: [runbook('BackendDown'), runbook('NoBackends')],
});

const failed = (): Builder<Panel> => figure({
  title: 'Answers 5xx', unit: 'percentunit', decimals: 1, spark: true,
  what: 'Share of the answers to the CDN that were 5xx, the load balancer\'s own included.',
  lines: [{ expr: share(sumRate('haproxy_backend_http_responses_total', '', 'code="5xx"'), sumRate('haproxy_backend_http_responses_total')), legend: '5xx' }],
  steps: [{ from: 0.005, colour: COLOUR.warn }, { from: 0.05, colour: COLOUR.bad }],
  links: [runbook('UpstreamErrors')],
});

const sessions = (): Builder<Panel> => figure({
  title: 'Requests under way', unit: 'none', decimals: 0, spark: true,
  what: 'Requests that the load balancer holds now. It grows when the servers answer more slowly than requests come.',
  lines: [{ expr: 'sum(haproxy_backend_current_sessions)', legend: 'sessions' }],
});

const nobody = (): Builder<Panel> => figure({
  title: 'Refused for lack of a server', unit: 'reqps', decimals: 1, spark: true,
  what: 'Requests answered 503 because no server was usable.',
  lines: [{ expr: sumRate('lb_no_backend_total'), legend: 'no server' }],
  steps: [{ from: 0.01, colour: COLOUR.bad }],
  links: [runbook('NoBackends')],
});

const status = (): Builder<Panel> => states({
  title: 'Servers as the load balancer sees them', unit: 'none', mappings: STATES,
  what: 'By its health checks and by what the runtime API was told. Down: it got no good answer to its checks. A server that is down here and ready in Triage cannot be reached from here.',
  lines: [{
    legend: '{{server}}',
    expr: [...['UP', 'DRAIN', 'MAINT', 'DOWN'].map((state, i) => `max by (server) (haproxy_server_status{state="${state}"}) * ${i + 1}`),
      'max by (server) (haproxy_server_status{state="NOLB"}) * 2'].join(' + '),
  }],
  links: [STATS_PAGE, runbook('BackendDown')],
});

const flaps = (): Builder<Panel> => graph({
  title: 'Failed checks and changes of state', unit: 'short', decimals: 0,
  what: 'Checks that failed, and how often a server or the whole backend went down, all since the load balancer started. A staircase is a server that flaps.',
  lines: [
    { expr: 'sum(haproxy_server_check_failures_total)', legend: 'failed checks', colour: COLOUR.calm },
    { expr: 'sum(haproxy_server_check_up_down_total)', legend: 'servers gone down', colour: COLOUR.warn },
    { expr: 'sum(haproxy_backend_check_up_down_total)', legend: 'no server left', colour: COLOUR.bad },
  ],
  links: [runbook('BackendDown')],
});

const rate = (): Builder<Panel> => graph({
  title: 'Requests, and answers by class', unit: 'reqps',
  what: 'What came in and what went out. 4xx are wrong questions (an unknown item), 5xx are failures.',
  lines: [
    { expr: sumRate('haproxy_backend_http_requests_total'), legend: 'requests', colour: COLOUR.strong },
    { expr: sumRate('haproxy_backend_http_responses_total', 'code'), legend: '{{code}}' },
  ],
  colours: CLASSES,
});

const balance = (): Builder<Panel> => graph({
  title: 'Requests to each server', nodes: true, unit: 'reqps',
  what: 'How requests are spread. A server that gets fewer than its siblings is slower or was away; one that gets none is down or draining.',
  lines: [{ expr: sumRate('haproxy_server_sessions_total', 'server'), legend: '{{server}}' }],
});

const open = (): Builder<Panel> => graph({
  title: 'Under way at each server', nodes: true, unit: 'short',
  what: 'Requests that each server holds. By least connections they should be equal; the one that stands out is slow or hangs.',
  lines: [
    { expr: 'sum by (server) (haproxy_server_current_sessions)', legend: '{{server}}' },
    { expr: 'sum(haproxy_backend_current_queue)', legend: 'wait for a place' },
  ],
  links: [runbook('ServerQueueing')],
});

const time = (): Builder<Panel> => graph({
  title: 'Mean answer time of each server', nodes: true, unit: 's',
  what: 'Over its last 1,024 answers, so it moves slowly. One that stands out: that server. All: what is behind them.',
  lines: [{ expr: 'max by (server) (haproxy_server_response_time_average_seconds)', legend: '{{server}}' }],
});

const serverErrors = (): Builder<Panel> => graph({
  title: 'Failures by server', nodes: true, unit: 'reqps',
  what: 'Connections that could not be opened, answers that failed, and answers 5xx, added up by server. One server: restart or drain it. All: look behind them.',
  lines: [{
    legend: '{{server}}',
    expr: `${sumRate('haproxy_server_connection_errors_total', 'server')} + ${sumRate('haproxy_server_response_errors_total', 'server')} + ${sumRate('haproxy_server_http_responses_total', 'server', 'code="5xx"')}`,
  }],
  links: [runbook('BackendDown')],
});

const seconds = (): Builder<Panel> => graph({
  title: 'Second attempts', unit: 'reqps',
  what: 'Requests that were tried again, at the same server or at another, and attempts that failed. These hide failures from users; when they rise something is going wrong that the users do not feel yet.',
  lines: [
    { expr: sumRate('haproxy_backend_retry_warnings_total'), legend: 'tried again', colour: COLOUR.warn },
    { expr: sumRate('haproxy_backend_redispatch_warnings_total'), legend: 'at another server', colour: COLOUR.extra },
    { expr: sumRate('haproxy_backend_connection_errors_total'), legend: 'no connection', colour: COLOUR.bad },
    { expr: sumRate('haproxy_backend_response_errors_total'), legend: 'no answer', colour: '#B0304A' },
  ],
});

const attempts = (): Builder<Panel> => graph({
  title: 'Attempts taken from each server', nodes: true, unit: 'reqps',
  what: 'Attempts at each server that were followed by another one, at the same or at another server.',
  lines: [
    { expr: `${sumRate('haproxy_server_retry_warnings_total', 'server')} + ${sumRate('haproxy_server_redispatch_warnings_total', 'server')}`, legend: '{{server}}' },
  ],
});

export function loadBalancer(): Dashboard {
  return build({
    uid: UID.lb, what: 'The load balancer by HAProxy\'s names: which servers it uses, how it spreads requests, and what it hides by trying again.',
    parts: [
      evenly(4, active(), failed(), sessions(), nobody()),
      line(8, [status(), 12], [flaps(), 6], [rate(), 6]),
      evenly(8, balance(), open(), time()),
      evenly(8, serverErrors(), seconds(), attempts()),
    ],
  });
}
