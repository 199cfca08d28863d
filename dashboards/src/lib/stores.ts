// Figures of the stores that more than one dashboard shows.
import { sumRate } from './promql';

// What could have been a hit; what the cache only passes on could not.
const CACHEABLE = sumRate('cdn_requests_total', '', 'result!="pass"');
export const CDN_HITS = `${sumRate('cdn_requests_total', '', 'result=~"hit|stale"')} / ${CACHEABLE}`;

export const REDIS_HITS = `${sumRate('redis_keyspace_hits_total')} / (${sumRate('redis_keyspace_hits_total')} + ${sumRate('redis_keyspace_misses_total')})`;
