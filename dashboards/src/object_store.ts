// The object store: who reads and writes, how fast, and how much it holds.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly } from './lib/board';
import { figure, graph } from './lib/panels';
import { COLOUR, neutral } from './lib/path';
import { quantile, share, sumRate } from './lib/promql';
import { dashboard, runbook, UID } from './lib/sources';

const MINE = 'role="object_store"';
const FAILED = `sum(rate(s3_requests_total{status="5xx"}[$__rate_interval])) or on() vector(0)`;

const OPERATIONS = neutral('GetObject', 'PutObject');

const rate = (): Builder<Panel> => figure({
  title: 'Requests', unit: 'reqps', decimals: 1, spark: true,
  what: 'Reads by the CDN\'s misses and writes by the workers, a second.',
  lines: [{ expr: sumRate('s3_requests_total'), legend: 'requests' }],
});

const failed = (): Builder<Panel> => figure({
  title: 'Answers 5xx', unit: 'percentunit', decimals: 1, spark: true,
  what: 'Share of the answers that are 5xx. The CDN then serves old copies, and workers try their receipts again: users may not notice yet.',
  lines: [{ expr: `(${FAILED}) / sum(rate(s3_requests_total[$__rate_interval]))`, legend: '5xx' }],
  steps: [{ from: 0.005, colour: COLOUR.warn }, { from: 0.05, colour: COLOUR.bad }],
  links: [runbook('ObjectStoreErrors')],
});

const slow = (): Builder<Panel> => figure({
  title: 'P95', unit: 's', decimals: 0, spark: true,
  what: 'From receipt to answer, over all operations.',
  lines: [{ expr: quantile(0.95, 'node_request_duration_seconds', '', MINE), legend: 'P95' }],
});

const held = (): Builder<Panel> => figure({
  title: 'Objects', unit: 'bytes', named: true, spark: true,
  what: 'What all buckets hold. Objects grow by one a receipt; a fall is a deletion.',
  lines: [{ expr: 'sum(s3_bytes)', legend: 'bytes' }, { expr: 'sum(s3_objects)', legend: 'objects', unit: 'short' }],
});

const operations = (): Builder<Panel> => graph({
  title: 'Requests by operation and class', unit: 'reqps',
  what: 'GetObject: the CDN\'s misses. PutObject: receipts. 4xx: asked for what is not there, or a wrong signature; 5xx: failures.',
  lines: [{ expr: sumRate('s3_requests_total', 'operation, status'), legend: '{{operation}} {{status}}' }],
  colours: { ...neutral('GetObject 2xx', 'PutObject 2xx', 'GetObject 3xx'), 'GetObject 5xx': COLOUR.bad, 'PutObject 5xx': COLOUR.warn },
  links: [runbook('ObjectStoreErrors'), dashboard(UID.cdn)],
});

const errors = (): Builder<Panel> => graph({
  title: 'Failed by operation', colours: OPERATIONS, unit: 'percentunit', softMax: 0.05,
  what: 'Share of each operation that failed. Reads alone: users feel it once the CDN\'s copies are old. Writes alone: receipts wait.',
  lines: [{
    expr: share(sumRate('node_requests_total', 'operation', `${MINE}, outcome="error"`), sumRate('node_requests_total', 'operation', MINE)),
    legend: '{{operation}}',
  }],
  links: [runbook('ObjectStoreErrors')],
});

const time = (): Builder<Panel> => graph({
  title: 'P95 by operation', colours: OPERATIONS, unit: 's',
  what: 'From receipt to answer. Slow reads slow down the CDN\'s misses, slow writes the workers.',
  lines: [{ expr: quantile(0.95, 'node_request_duration_seconds', 'operation', MINE), legend: '{{operation}}' }],
});

const growth = (): Builder<Panel> => graph({
  title: 'Objects and bytes', unit: 'bytes',
  what: 'In all buckets. A steady climb is the day\'s receipts.',
  lines: [
    { expr: 'sum(s3_bytes)', legend: 'bytes', colour: COLOUR.strong },
    { expr: 'sum(s3_objects)', legend: 'objects', colour: COLOUR.calm, unit: 'short', right: true },
  ],
});

const uploads = (): Builder<Panel> => graph({
  title: 'Multipart uploads under way', unit: 'bytes',
  what: 'Parts on disk that wait for the end of their upload. What stays for hours belongs to a client that died; it expires after a day.',
  lines: [
    { expr: 'sum(s3_multipart_upload_bytes)', legend: 'bytes', colour: COLOUR.strong },
    { expr: 'sum(s3_multipart_uploads)', legend: 'uploads', colour: COLOUR.calm, unit: 'short', right: true },
  ],
});

const busy = (): Builder<Panel> => graph({
  title: 'Requests in flight', nodes: true, unit: 'short',
  what: 'In service or waiting. It grows when the store is slower than requests come.',
  lines: [{ expr: `sum by (node) (node_requests_in_flight{${MINE}})`, legend: '{{node}}' }],
});

const memory = (): Builder<Panel> => graph({
  title: 'Memory of the process', unit: 'bytes',
  what: 'Resident memory against the limit at which the process is killed.',
  lines: [
    { expr: `max(process_resident_memory_bytes{${MINE}})`, legend: 'resident', colour: COLOUR.strong },
    { expr: `max(node_memory_limit_bytes{${MINE}})`, legend: 'limit', colour: COLOUR.bad, dashed: true },
  ],
  links: [runbook('MemoryNearLimit')],
});

export function objectStore(): Dashboard {
  return build({
    uid: UID.objectStore, what: 'The object store in its own terms: reads and writes, failures, time, and how much it holds.',
    parts: [
      evenly(4, rate(), failed(), slow(), held()),
      evenly(8, operations(), errors(), time()),
      evenly(8, growth(), uploads(), busy(), memory()),
    ],
  });
}
