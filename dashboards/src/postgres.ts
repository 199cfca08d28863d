// PostgreSQL, the primary and its replicas: sessions, transactions, locks, and how far the replicas are behind.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly } from './lib/board';
import { figure, graph, type Line } from './lib/panels';
import { COLOUR, neutral, ROLE_COLOUR } from './lib/path';
import { quantile, sumRate } from './lib/promql';
import { runbook, UID } from './lib/sources';

const BY_NODE = { 'postgres-1': ROLE_COLOUR.postgres, 'replica-1': ROLE_COLOUR.replica };
const STATES = {
  active: COLOUR.good, idle: COLOUR.faint, starting: COLOUR.calm, 'idle in transaction': COLOUR.warn, 'idle in transaction (aborted)': COLOUR.bad,
};
const LAG_S = 'max(postgres_replication_lag_seconds)';

const perNode = (expr: string): Line[] => [{ expr, legend: '{{node}}' }];

const lag = (): Builder<Panel> => figure({
  title: 'Replica behind', unit: 's', decimals: 1, spark: true,
  what: 'How old the newest applied change is while others wait, of the replica that is furthest behind, in real seconds. Users read their orders there: an order of this second is not found.',
  lines: [{ expr: LAG_S, legend: 'lag' }], steps: [{ from: 1, colour: COLOUR.warn }, { from: 5, colour: COLOUR.bad }],
  links: [runbook('ReplicationLag')],
});

const active = (): Builder<Panel> => figure({
  title: 'Sessions at work', unit: 'none', decimals: 0, spark: true,
  what: 'Sessions of the primary that run a statement or wait for a lock now.',
  lines: [{ expr: 'sum(postgres_sessions{role="postgres", state="active"})', legend: 'active' }],
});

const idleInTransaction = (): Builder<Panel> => figure({
  title: 'Idle in a transaction', unit: 'none', decimals: 0, spark: true,
  what: 'Sessions that hold a transaction open and do nothing. One that holds the write lock stops every writer: find it in pg_stat_activity and end it.',
  lines: [{ expr: 'sum(postgres_sessions{state=~"idle in transaction.*"})', legend: 'idle in transaction' }],
  steps: [{ from: 1, colour: COLOUR.warn }], links: [runbook('PostgresIdleInTransaction')],
});

const refused = (): Builder<Panel> => figure({
  title: 'Sessions refused', unit: 'ops', decimals: 1, spark: true,
  what: 'Sessions refused at their start: too many of them, or a node that starts or ends.',
  lines: [{ expr: sumRate('postgres_connections_refused_total'), legend: 'refused' }],
  steps: [{ from: 0.01, colour: COLOUR.bad }], links: [runbook('PostgresRefusesConnections')],
});

function sessions(role: 'postgres' | 'replica', title: string): Builder<Panel> {
  return graph({
    title, unit: 'short', decimals: 0, stack: true, colours: STATES,
    what: 'Sessions by state. Idle ones are the clients\' pools. Active ones that pile up wait for a lock or for a slow statement; idle in transaction is a client that forgot to commit.',
    lines: [{ expr: `sum by (state) (postgres_sessions{role="${role}"})`, legend: '{{state}}' }],
    links: [runbook('PostgresIdleInTransaction'), runbook('PostgresRefusesConnections')],
  });
}

const transactions = (): Builder<Panel> => graph({
  title: 'Transactions', unit: 'ops',
  what: 'Transactions that ended, by node. Rollbacks are failures or clients that gave up.',
  lines: [{ expr: sumRate('postgres_transactions_total', 'node, result'), legend: '{{node}} {{result}}' }],
  colours: { 'postgres-1 commit': ROLE_COLOUR.postgres, 'replica-1 commit': ROLE_COLOUR.replica, 'postgres-1 rollback': COLOUR.bad, 'replica-1 rollback': COLOUR.warn },
});

const statements = (): Builder<Panel> => graph({
  title: 'Statements of the primary', unit: 'ops', stack: true,
  what: 'By their first word. INSERT: orders. UPDATE: receipts that are done. SELECT: workers, and the shop\'s reads when no replica serves; those make it grow.',
  lines: [{ expr: sumRate('node_requests_total', 'operation', 'role="postgres"'), legend: '{{operation}}' }],
  colours: neutral('SELECT', 'INSERT', 'UPDATE', 'DELETE'),
});

const time = (): Builder<Panel> => graph({
  title: 'P95 of a statement', unit: 's', colours: BY_NODE,
  what: 'From receipt to answer, waiting for locks included. The primary alone: writes. The replica alone: reads.',
  lines: perNode(quantile(0.95, 'node_request_duration_seconds', 'node', 'role=~"postgres|replica"')),
  links: [runbook('PostgresLockWaits')],
});

const lockWaits = (): Builder<Panel> => graph({
  title: 'Waits for the write lock', unit: 'ops', colours: BY_NODE,
  what: 'Statements a second that waited for the write lock. A few are chance; many, with sessions that pile up: one transaction holds it for too long.',
  lines: perNode(sumRate('postgres_lock_waits_total', 'node')),
  links: [runbook('PostgresLockWaits')],
});

const slow = (): Builder<Panel> => graph({
  title: 'Slow queries', unit: 'ops', colours: BY_NODE,
  what: 'Queries that took long enough to get a thread of their own. The shop has none: somebody scans a table.',
  lines: perNode(sumRate('postgres_slow_queries_total', 'node')),
});

const wal = (): Builder<Panel> => graph({
  title: 'Change log written and applied', unit: 'Bps', colours: BY_NODE,
  what: 'Bytes a second by which the primary\'s log grows and by which the replica gets on with it. A replica that stands still while the primary writes falls behind.',
  lines: perNode('sum by (node) (deriv(postgres_wal_lsn_bytes[$__rate_interval]))'),
  links: [runbook('ReplicationLag')],
});

const lagSeconds = (): Builder<Panel> => graph({
  title: 'Replication lag in time', unit: 's', softMax: 1,
  what: 'How old the newest applied change is while others wait, by replica, in real seconds.',
  lines: perNode('max by (node) (postgres_replication_lag_seconds)'), colours: BY_NODE,
  links: [runbook('ReplicationLag')],
});

const lagBytes = (): Builder<Panel> => graph({
  title: 'Replication lag in bytes', unit: 'bytes', softMax: 1024,
  what: 'Bytes of the primary\'s log that a replica has not applied. It grows with every write while the replica is held up, and tells how much there is to catch up.',
  lines: perNode('max by (node) (postgres_replication_lag_bytes)'), colours: BY_NODE,
  links: [runbook('ReplicationLag')],
});

export function postgres(): Dashboard {
  return build({
    uid: UID.postgres, what: 'PostgreSQL in its own terms, primary and replicas: sessions by state, transactions, the write lock, replication.',
    parts: [
      evenly(4, lag(), active(), idleInTransaction(), refused()),
      evenly(8, sessions('postgres', 'Sessions of the primary'), sessions('replica', 'Sessions of the replicas'), transactions(), statements()),
      evenly(8, time(), lockWaits(), slow()),
      evenly(8, lagSeconds(), lagBytes(), wal()),
    ],
  });
}
