// The CDN: what the cache spares the shop, and what its origins answer.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { build, evenly, line } from './lib/board';
import { figure, graph } from './lib/panels';
import { COLOUR, ROLE_COLOUR } from './lib/path';
import { quantile, share, sumRate } from './lib/promql';
import { runbook, UID } from './lib/sources';
import { CDN_HITS } from './lib/stores';

const RESULTS = { hit: COLOUR.good, miss: COLOUR.calm, pass: COLOUR.faint, stale: COLOUR.warn, revalidated: COLOUR.calm, refused: COLOUR.faint, error: COLOUR.bad };
const ORIGINS = { lb: ROLE_COLOUR.lb, object_store: ROLE_COLOUR.object_store };

const hitRatio = (): Builder<Panel> => figure({
  title: 'Hit ratio', unit: 'percentunit', decimals: 0, spark: true,
  what: 'Share of the requests for static files that the cache answered, old copies included. It falls after a purge, a cold start or when more objects are asked for than fit; the object store then gets the rest.',
  lines: [{ expr: CDN_HITS, legend: 'hit ratio' }],
  links: [runbook('CacheHitRateLow')],
});

const stale = (): Builder<Panel> => figure({
  title: 'Old copies served', unit: 'reqps', decimals: 1, spark: true,
  what: 'Answers from copies whose time was over, given because the object store failed. Users are served, and the object store needs help.',
  lines: [{ expr: sumRate('cdn_requests_total', '', 'result="stale"'), legend: 'stale' }],
  steps: [{ from: 0.1, colour: COLOUR.warn }],
  links: [runbook('OriginErrors')],
});

const originErrors = (): Builder<Panel> => figure({
  title: 'Failed calls to origins', unit: 'percentunit', decimals: 1, spark: true,
  what: 'Share of the calls to the load balancer and the object store that brought no answer or a 5xx.',
  lines: [{ expr: share(sumRate('cdn_origin_errors_total'), sumRate('cdn_origin_seconds_count')), legend: 'failed' }],
  steps: [{ from: 0.005, colour: COLOUR.warn }, { from: 0.05, colour: COLOUR.bad }],
  links: [runbook('OriginErrors')],
});

const kept = (): Builder<Panel> => figure({
  title: 'Kept', unit: 'bytes', named: true, spark: true,
  what: 'What the cache holds. Empty after a restart.',
  lines: [{ expr: 'sum(cdn_cache_bytes)', legend: 'bytes' }, { expr: 'sum(cdn_cache_objects)', legend: 'objects', unit: 'short' }],
});

const results = (): Builder<Panel> => graph({
  title: 'Requests by what the cache did', unit: 'reqps', stack: true,
  what: 'Hit: from the cache. Miss: fetched. Pass: never cached (items and orders). Stale: an old copy in place of a failure. Error: none of these.',
  lines: [{ expr: sumRate('cdn_requests_total', 'result'), legend: '{{result}}' }], colours: RESULTS,
});

const sharing = (): Builder<Panel> => graph({
  title: 'Requests that shared a fetch', unit: 'reqps',
  what: 'Requests that waited for another one\'s fetch of the same object instead of making their own. High while many users ask for what has just gone: the object store is spared a stampede.',
  lines: [{ expr: sumRate('cdn_coalesced_total'), legend: 'coalesced', colour: COLOUR.calm }],
});

const removals = (): Builder<Panel> => graph({
  title: 'Objects removed', unit: 'ops',
  what: 'Evicted: removed to make room; the cache is too small. Purged: removed by PURGE, which somebody sent.',
  lines: [
    { expr: sumRate('cdn_evicted_objects_total'), legend: 'evicted', colour: COLOUR.warn },
    { expr: sumRate('cdn_purged_objects_total'), legend: 'purged', colour: COLOUR.extra },
  ],
});

const originRate = (): Builder<Panel> => graph({
  title: 'Calls to origins', unit: 'reqps',
  what: 'Calls that the CDN made. To the object store: misses alone, so this moves against the hit ratio.',
  lines: [{ expr: sumRate('cdn_origin_seconds_count', 'origin'), legend: '{{origin}}' }], colours: ORIGINS,
});

const originTime = (): Builder<Panel> => graph({
  title: 'P95 of origins', unit: 's',
  what: 'Time of one call to an origin, a retry included, as the CDN waits for it: the way there counts.',
  lines: [{ expr: quantile(0.95, 'cdn_origin_seconds', 'origin'), legend: '{{origin}}' }], colours: ORIGINS,
  links: [runbook('LatencyBudgetBurn')],
});

const originFailures = (): Builder<Panel> => graph({
  title: 'Failures of origins', unit: 'reqps',
  what: 'Calls without an answer or with a 5xx. The load balancer: look at the servers. The object store: static files come from old copies while there are any.',
  lines: [{ expr: sumRate('cdn_origin_errors_total', 'origin'), legend: '{{origin}}' }], colours: ORIGINS,
  links: [runbook('OriginErrors')],
});

export function cdn(): Dashboard {
  return build({
    uid: UID.cdn, what: 'The CDN in its own terms: hits, what it keeps, and how its two origins answer.',
    parts: [
      evenly(4, hitRatio(), stale(), originErrors(), kept()),
      line(8, [results(), 12], [sharing(), 6], [removals(), 6]),
      evenly(8, originRate(), originTime(), originFailures()),
    ],
  });
}
