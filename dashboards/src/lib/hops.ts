// What every hop of the path has in common: RED and USE per role, and where a request's time goes.
import { COLOUR, PATH, ROLE_COLOUR, type Role } from './path';
import { rate, share, sumRate } from './promql';
import { words, type Line } from './panels';

/** A line a role, in path order. */
export function perRole(expr: (role: Role) => string): Line[] {
  return PATH.map((role) => ({ expr: expr(role), legend: role, colour: ROLE_COLOUR[role] }));
}

/** Values 1 to 10 by role, which sort a table into path order; a role that the drill lacks has none. */
export const PATH_ORDER = PATH.map((role, i) => `sum by (role) (lab_node_up{role="${role}"} * 0 + ${i + 1}) / count by (role) (lab_node_up{role="${role}"})`).join(' or ');

export const requests = (labels = ''): string => sumRate('node_requests_total', 'role', labels);
export const errorShare = (labels = ''): string =>
  share(sumRate('node_requests_total', 'role', join(labels, 'outcome="error"')), requests(labels));

/** How much slower the slowest kind of request is than it was over the last half hour; kinds that are rare are left out. */
export function slowerThanUsual(labels = ''): string {
  const by = 'sum by (role, operation)';
  const now = `${by} (${rate('node_request_duration_seconds_sum', labels)}) / (${by} (${rate('node_request_duration_seconds_count', labels)}) > 0.3)`;
  const window = (part: string): string => `${by} (rate(node_request_duration_seconds_${part}${labels === '' ? '' : `{${labels}}`}[30m]))`;
  return `max by (role) ((${now}) / (${window('sum')} / ${window('count')}))`;
}

export const memoryShare = (labels = '', by = 'role'): string => {
  const braces = labels === '' ? '' : `{${labels}}`;
  return `max by (${by}) (process_resident_memory_bytes{${join('job="nodes"', labels)}} / node_memory_limit_bytes${braces})`;
};

export const wanted = (by = 'role'): string => `sum by (${by}) (lab_node_duty == bool 1)`;
export const ready = (by = 'role'): string => `sum by (${by}) (lab_node_ready * (lab_node_duty == bool 1))`;

const inside = (role: Role, labels = ''): string => sumRate('node_request_duration_seconds_sum', '', join(`role="${role}"`, labels));
const fetching = (origin: string): string => sumRate('cdn_origin_seconds_sum', '', `origin="${origin}"`);
const calling = (pool: string): string => `sum(avg_over_time(server_pool_in_use{pool="${pool}"}[$__rate_interval]))`;

// What is under way in a hop, on average, less what is under way behind it, is the hop's own and that of the way there.
// By Little's law the mean number of connections in use, by the rate of requests, is the time that servers wait for a store.
const OWN: [name: string, colour: string, busy: string][] = [
  ['users to cdn', ROLE_COLOUR.client, `${inside('client')} - ${inside('cdn')}`],
  ['cdn', ROLE_COLOUR.cdn, `${inside('cdn')} - sum(${rate('cdn_origin_seconds_sum')})`],
  ['cdn to lb', '#5B8DEF', `${fetching('lb')} - ${inside('lb')}`],
  ['lb, to server', ROLE_COLOUR.lb, `${inside('lb')} - ${inside('server')}`],
  ['server', ROLE_COLOUR.server, `${inside('server')} - sum(avg_over_time(server_pool_in_use[$__rate_interval]))`],
  ['to redis', ROLE_COLOUR.redis, calling('redis')],
  ['to replica', ROLE_COLOUR.replica, calling('replica')],
  ['to postgres', ROLE_COLOUR.postgres, calling('postgres')],
  ['to queue', ROLE_COLOUR.queue, calling('queue')],
  ['to object store', ROLE_COLOUR.object_store, fetching('object_store')],
];

/** The mean time of a user's request, split by where it was spent. */
export const timeSpent = (): Line[] =>
  OWN.map(([legend, colour, busy]) => ({ legend, colour, expr: `clamp_min(${busy}, 0) / ${sumRate('client_requests_total')}` }));

/** -1 where the controller has no link to the node's process, else its phase; in path order. */
export const nodePhases = (labels = ''): Line[] => PATH.map((role) => {
  const chosen = `{${join(`role="${role}"`, labels)}}`;
  return { legend: '{{node}}', expr: `max by (role, node) (lab_node_phase${chosen} * lab_node_up${chosen} + lab_node_up${chosen} - 1)` };
});

export const PHASES = words(
  [-1, 'gone', COLOUR.bad], [0, 'standby', '#44464F'], [1, 'booting', COLOUR.warn], [2, 'ready', COLOUR.good],
  [3, 'draining', COLOUR.calm], [4, 'stopping', '#FF9830'],
);

export function join(...labels: string[]): string {
  return labels.filter((label) => label !== '').join(', ');
}
