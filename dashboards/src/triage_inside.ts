// What only servers and workers have.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { graph } from './lib/panels';
import { COLOUR, ROLE_COLOUR } from './lib/path';
import { orNamed, quantile, sumRate } from './lib/promql';
import { dashboard, runbook, UID } from './lib/sources';

const POOLS = { redis: ROLE_COLOUR.redis, replica: ROLE_COLOUR.replica, postgres: ROLE_COLOUR.postgres, queue: ROLE_COLOUR.queue };

const slots = (): Builder<Panel> => graph({
  title: 'Slots', unit: 'short',
  what: 'Requests in service in all servers, each with a slot, and those that wait for one. Waiting for more than a moment: too few servers serve, or each request holds its slot for too long.',
  lines: [
    { expr: 'sum(server_slots_busy)', legend: 'busy', colour: COLOUR.calm },
    { expr: 'sum(server_slots_waiting)', legend: 'waiting', colour: COLOUR.warn },
    { expr: sumRate('server_overload_total'), legend: 'refused', colour: COLOUR.bad, unit: 'reqps' },
  ],
  links: [runbook('ServerQueueing')],
});

const cache = (): Builder<Panel> => graph({
  title: 'Items looked up in Redis', unit: 'ops', stack: true,
  what: 'Hit: Redis had it. Miss: the replica was read. Error: Redis failed, and the replica was read. More misses are more load on the replica and slower answers.',
  lines: [{ expr: sumRate('server_cache_requests_total', 'result'), legend: '{{result}}' }],
  colours: { hit: COLOUR.good, miss: COLOUR.warn, error: COLOUR.bad },
  links: [dashboard(UID.redis), runbook('CacheHitRateLow')],
});

const inUse = (): Builder<Panel> => graph({
  title: 'Connections in use by pool', unit: 'short', decimals: 1,
  what: 'Calls of all servers that are under way, by whom they wait for. The one that grows is the store that got slower, or the way to it.',
  lines: [{ expr: 'sum by (pool) (avg_over_time(server_pool_in_use[$__rate_interval]))', legend: '{{pool}}' }],
  colours: POOLS,
  links: [runbook('PoolWaits')],
});

const waits = (): Builder<Panel> => graph({
  title: 'Waits for a connection', unit: 'ops',
  what: 'Calls a second that found no free connection in their pool. Any for longer than a moment: the store behind is slow or the pool too small.',
  lines: [{ expr: sumRate('server_pool_waits_total', 'pool'), legend: '{{pool}}' }],
  colours: POOLS,
  links: [runbook('PoolWaits')],
});

const upstream = (): Builder<Panel> => graph({
  title: 'Failed calls to the stores', unit: 'ops',
  what: 'Calls of servers that failed, by store and by how: timed out points to waiting, reset and refused to connections, rejected to the store\'s own answer.',
  lines: [{ expr: orNamed(sumRate('server_upstream_errors_total', 'upstream, error'), 'upstream', 'none'), legend: '{{upstream}} {{error}}' }],
  links: [runbook('UpstreamErrors')],
});

const jobs = (): Builder<Panel> => graph({
  title: 'Receipts by result', unit: 'ops', stack: true,
  what: 'Jobs that workers took from the queue. Failed ones go back and are tried again: look at PostgreSQL and the object store. Malformed and unknown orders never succeed.',
  lines: [{ expr: sumRate('worker_jobs_total', 'result'), legend: '{{result}}' }],
  colours: { done: COLOUR.good, failed: COLOUR.bad, malformed: COLOUR.extra, unknown_order: COLOUR.warn },
  links: [runbook('WorkerJobsFail'), dashboard(UID.queue)],
});

const jobTime = (): Builder<Panel> => graph({
  title: 'Time of a receipt', unit: 's',
  what: 'From delivery to acknowledgement: rendering, the object store and PostgreSQL. When it grows the queue will.',
  lines: [
    { expr: quantile(0.5, 'worker_job_seconds'), legend: 'P50', colour: COLOUR.calm },
    { expr: quantile(0.95, 'worker_job_seconds'), legend: 'P95', colour: COLOUR.strong },
  ],
  links: [dashboard(UID.objectStore), dashboard(UID.postgres)],
});

const holding = (): Builder<Panel> => graph({
  title: 'Jobs in hand, and workers at the queue', unit: 'short', decimals: 0,
  what: 'Jobs that workers hold, and how many workers consume. Fewer consumers than workers: a worker has lost the queue. None: receipts pile up.',
  lines: [
    { expr: 'sum(worker_jobs_in_flight)', legend: 'jobs in hand', colour: COLOUR.calm },
    { expr: 'sum(worker_queue_connected)', legend: 'workers consuming', colour: COLOUR.good },
  ],
  links: [runbook('QueueNoConsumer')],
});

export const serverPanels = (): Builder<Panel>[][] => [[slots(), cache(), inUse()], [waits(), upstream()]];
export const workerPanels = (): Builder<Panel>[] => [jobs(), jobTime(), holding()];
