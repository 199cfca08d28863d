// What every hop of the path has in common: RED and USE per role, and where a request's time goes.
import { COLOUR, PATH, ROLE_COLOUR, type Role } from './path';
import { NOW, share, sumRate, usual } from './promql';
import { words, type Line } from './panels';

/** A line a role, in path order. */
export function perRole(expr: (role: Role) => string): Line[] {
  return PATH.map((role) => ({ expr: expr(role), legend: role, colour: ROLE_COLOUR[role] }));
}

/** Lines of nodes, in path order; each role's query tells its nodes apart by their label. */
export function perNode(expr: (role: Role) => string): Line[] {
  return PATH.map((role) => ({ expr: expr(role), legend: '{{node}}', colour: ROLE_COLOUR[role] }));
}

/** Values 1 to 10 by role, which sort a table into path order; a role that the drill lacks has none. */
export const PATH_ORDER = PATH.map((role, i) => `sum by (role) (lab_node_up{role="${role}"} * 0 + ${i + 1}) / count by (role) (lab_node_up{role="${role}"})`).join(' or ');

export const requests = (labels = ''): string => sumRate('node_requests_total', 'role', labels);
export const errorShare = (labels = ''): string =>
  share(sumRate('node_requests_total', 'role', join(labels, 'outcome="error"')), requests(labels));

// Service times this much apart are chance on a busy machine, however large the factor.
const CHANCE_S = 0.005;

/** How much slower the slowest kind of request is than usual; kinds that are rare are left out. */
export function slowerThanUsual(): string {
  const part = (name: string, window: string): string => `sum by (role, operation) (rate(node_request_duration_seconds_${name}${window}))`;
  const time = (window: string): string => `${part('sum', window)} / (${part('count', window)} > 0.3)`;
  return `max by (role) ((${time(NOW)} + ${CHANCE_S}) / ((${usual(time, 0.25)}) + ${CHANCE_S}))`;
}

export const memoryShare = (labels = '', by = 'role'): string => {
  const braces = labels === '' ? '' : `{${labels}}`;
  return `max by (${by}) (process_resident_memory_bytes${braces} / node_memory_limit_bytes${braces})`;
};

export const wanted = (by = 'role'): string => `sum by (${by}) (lab_node_duty == bool 1)`;
/** Ready is what takes work and answers: a process that hangs has its link to the controller, and Prometheus gets no answer. */
export const readyShare = (): string => {
  const answering = 'max by (role, node) (lab_node_ready * (lab_node_duty == bool 1)) * on (role, node) max by (role, node) (up{job="nodes"})';
  return `(sum by (role) (${answering}) or ${wanted()} * 0) / (${wanted()} > 0)`;
};

const inside = (role: Role, labels = '') => (window: string): string =>
  `sum(rate(node_request_duration_seconds_sum{${join(`role="${role}"`, labels)}}${window}))`;
const fetching = (origin: string) => (window: string): string => `sum(rate(cdn_origin_seconds_sum{${origin}}${window}))`;
const calling = (upstream: string) => (window: string): string => `sum(rate(server_upstream_seconds_sum{${upstream}}${window}))`;
const queueing = (window: string): string => `sum(avg_over_time(server_slots_waiting${window}))`;
type Busy = (window: string) => string;
const less = (whole: Busy, part: Busy): Busy => (window) => `${whole(window)} - ${part(window)}`;

// What is under way in a hop, on average, less what is under way behind it, is the hop's own and that of the way there.
// Seconds a second are under way on average. Of the requests that wait for a slot the mean number is sampled: by Little's law it is
// the time that those wait because others hold theirs for long.
const OWN: [name: string, colour: string, busy: Busy][] = [
  ['users to cdn', ROLE_COLOUR.client, less(inside('client'), inside('cdn'))],
  ['cdn', ROLE_COLOUR.cdn, less(inside('cdn'), fetching(''))],
  ['cdn to lb', '#5B8DEF', less(fetching('origin="lb"'), inside('lb'))],
  ['lb to server', ROLE_COLOUR.lb, less(inside('lb'), inside('server'))],
  ['for a server\'s slot', '#FFD9A8', queueing],
  ['server', ROLE_COLOUR.server, less(less(inside('server'), calling('')), queueing)],
  ['to redis', ROLE_COLOUR.redis, calling('upstream="redis"')],
  ['to replica', ROLE_COLOUR.replica, calling('upstream="replica"')],
  ['to postgres', ROLE_COLOUR.postgres, calling('upstream="postgres"')],
  ['to queue', ROLE_COLOUR.queue, calling('upstream="queue"')],
  ['to object store', ROLE_COLOUR.object_store, fetching('origin="object_store"')],
];

const perRequest = (busy: Busy): Busy => (window) => `clamp_min(${busy(window)}, 0) / (sum(rate(client_requests_total${window})) > 0)`;

/** The mean time of a user's request, split by where it was spent. */
export const timeSpent = (): Line[] => OWN.map(([legend, colour, busy]) => ({ legend, colour, expr: perRequest(busy)(NOW) }));

/** What each stretch of the way adds to it now, compared with what it usually takes. */
export const timeAdded = (): Line[] =>
  OWN.map(([legend, , busy]) => ({ legend, expr: `clamp_min(${perRequest(busy)(NOW)} - (${usual(perRequest(busy), 0.25)}), 0)` }));

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
