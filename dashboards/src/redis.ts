// Redis: does it have what is asked for, is there room, does it answer.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly } from './lib/board';
import { figure, graph } from './lib/panels';
import { COLOUR, neutral } from './lib/path';
import { quantile, sumRate } from './lib/promql';
import { runbook, UID } from './lib/sources';
import { REDIS_HITS } from './lib/stores';

const FULL = 'max(redis_memory_used_bytes / (redis_memory_max_bytes > 0))';

const hitRate = (): Builder<Panel> => figure({
  title: 'Hit rate', unit: 'percentunit', decimals: 0, spark: true,
  what: 'Lookups that found their key. It is low after a restart and after a flush, and recovers as items are read; when it does not, keys expire or are evicted sooner than they are asked for again.',
  lines: [{ expr: REDIS_HITS, legend: 'hit rate' }],
  links: [runbook('CacheHitRateLow')],
});

const full = (): Builder<Panel> => figure({
  title: 'Memory of maxmemory', unit: 'percentunit', decimals: 0, spark: true,
  what: 'At 100 % each write evicts a key, or is refused under noeviction. A full cache that evicts slowly is well.',
  lines: [{ expr: FULL, legend: 'full' }], steps: [{ from: 0.95, colour: COLOUR.warn }],
  links: [runbook('EvictionStorm'), runbook('RedisRefusesWrites')],
});

const evictions = (): Builder<Panel> => figure({
  title: 'Evictions', unit: 'ops', decimals: 1, spark: true,
  what: 'Keys removed because memory was full. Many, with a hit rate that falls: the working set no longer fits.',
  lines: [{ expr: sumRate('redis_evicted_keys_total'), legend: 'evicted' }], steps: [{ from: 1, colour: COLOUR.warn }, { from: 20, colour: COLOUR.bad }],
  links: [runbook('EvictionStorm')],
});

const refused = (): Builder<Panel> => figure({
  title: 'Writes refused', unit: 'ops', decimals: 1, spark: true,
  what: 'Writes refused with OOM because memory was full under noeviction. The cache then serves what it has and learns nothing new.',
  lines: [{ expr: sumRate('redis_oom_errors_total'), legend: 'refused' }], steps: [{ from: 0.01, colour: COLOUR.bad }],
  links: [runbook('RedisRefusesWrites')],
});

const lookups = (): Builder<Panel> => graph({
  title: 'Lookups', unit: 'ops', stack: true,
  what: 'Hits and misses. Every miss is a read of the replica and a write here.',
  lines: [
    { expr: sumRate('redis_keyspace_hits_total'), legend: 'hits', colour: COLOUR.good },
    { expr: sumRate('redis_keyspace_misses_total'), legend: 'misses', colour: COLOUR.warn },
  ],
  links: [runbook('CacheHitRateLow')],
});

const memory = (): Builder<Panel> => graph({
  title: 'Memory', unit: 'bytes',
  what: 'Keys, values and their table against maxmemory, and what the whole process takes against the limit at which it is killed.',
  lines: [
    { expr: 'sum(redis_memory_used_bytes)', legend: 'used', colour: COLOUR.strong },
    { expr: 'sum(redis_memory_max_bytes)', legend: 'maxmemory', colour: COLOUR.faint, dashed: true },
    { expr: 'max(process_resident_memory_bytes{role="redis"})', legend: 'process', colour: COLOUR.calm },
    { expr: 'max(node_memory_limit_bytes{role="redis"})', legend: 'limit of the process', colour: COLOUR.bad, dashed: true },
  ],
  links: [runbook('MemoryNearLimit')],
});

const keys = (): Builder<Panel> => graph({
  title: 'Keys', unit: 'short', decimals: 0,
  what: 'Keys held, and those of them that have a time to live. Keys without one never leave but by eviction.',
  lines: [
    { expr: 'sum(redis_keys)', legend: 'keys', colour: COLOUR.strong },
    { expr: 'sum(redis_expiring_keys)', legend: 'with a time to live', colour: COLOUR.calm },
  ],
});

const leaving = (): Builder<Panel> => graph({
  title: 'Keys that left', unit: 'ops',
  what: 'Expired: their time was over, as it should be; many at once are a stampede on the replica. Evicted: there was no room.',
  lines: [
    { expr: sumRate('redis_expired_keys_total'), legend: 'expired', colour: COLOUR.calm },
    { expr: sumRate('redis_evicted_keys_total'), legend: 'evicted', colour: COLOUR.warn },
  ],
  links: [runbook('EvictionStorm')],
});

const commands = (): Builder<Panel> => graph({
  title: 'Commands', unit: 'ops',
  what: 'Commands served, in all and by name. Commands that the shop does not send (it sends get and set) were sent by somebody else.',
  lines: [
    { expr: sumRate('redis_commands_processed_total'), legend: 'all', colour: COLOUR.faint },
    { expr: sumRate('node_requests_total', 'operation', 'role="redis"'), legend: '{{operation}}' },
  ],
  colours: neutral('get', 'set', 'client'),
});

const time = (): Builder<Panel> => graph({
  title: 'Time of a command', unit: 's',
  what: 'From receipt to answer, waiting for the one that serves included. One slow command (keys, a big scan) makes all others wait.',
  lines: [
    { expr: quantile(0.5, 'node_request_duration_seconds', '', 'role="redis"'), legend: 'P50', colour: COLOUR.calm },
    { expr: quantile(0.95, 'node_request_duration_seconds', '', 'role="redis"'), legend: 'P95', colour: COLOUR.strong },
  ],
});

const errors = (): Builder<Panel> => graph({
  title: 'Errors', unit: 'ops',
  what: 'Commands answered with an error, writes refused for lack of memory among them, connections refused over maxclients, and clients closed over their output limit.',
  lines: [
    { expr: sumRate('redis_error_replies_total'), legend: 'error replies', colour: COLOUR.bad },
    { expr: sumRate('redis_oom_errors_total'), legend: 'refused: memory', colour: COLOUR.extra },
    { expr: sumRate('redis_rejected_connections_total'), legend: 'refused: maxclients', colour: COLOUR.warn },
    { expr: sumRate('redis_output_limit_closes_total'), legend: 'closed: reads too slowly', colour: COLOUR.calm },
  ],
  links: [runbook('RedisRefusesWrites')],
});

const clients = (): Builder<Panel> => graph({
  title: 'Clients', unit: 'short',
  what: 'Connections open now, and new ones a second. Many new ones: clients that cannot keep theirs.',
  lines: [
    { expr: 'sum(redis_connected_clients)', legend: 'open', colour: COLOUR.strong },
    { expr: sumRate('redis_connections_received_total'), legend: 'new', colour: COLOUR.calm, unit: 'ops', right: true },
  ],
});

const network = (): Builder<Panel> => graph({
  title: 'Bytes', unit: 'Bps',
  what: 'Received from clients and sent to them. Sent without hits: somebody reads what the shop does not.',
  lines: [
    { expr: sumRate('redis_net_input_bytes_total'), legend: 'received', colour: COLOUR.calm },
    { expr: sumRate('redis_net_output_bytes_total'), legend: 'sent', colour: COLOUR.strong },
  ],
});

export function redis(): Dashboard {
  return build({
    uid: UID.redis, what: 'Redis in its own terms: hit rate, memory and evictions, commands and clients.',
    parts: [
      evenly(4, hitRate(), full(), evictions(), refused()),
      evenly(8, lookups(), memory(), keys(), leaving()),
      evenly(8, commands(), time(), errors()),
      evenly(7, clients(), network()),
    ],
  });
}
