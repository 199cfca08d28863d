// Figures of the stores that more than one dashboard shows.
import { NOW, usual } from './promql';

const sum = (selector: string, window: string): string => `sum(rate(${selector}${window}))`;

// Of what could have been a hit; what the cache only passes on could not.
const cdnHits = (window: string): string => `${sum('cdn_requests_total{result=~"hit|stale"}', window)} / (${sum('cdn_requests_total{result!="pass"}', window)} > 0)`;

const redisHits = (window: string): string =>
  `${sum('redis_keyspace_hits_total', window)} / (${sum('redis_keyspace_hits_total', window)} + ${sum('redis_keyspace_misses_total', window)} > 0)`;

const ofUsual = (figure: (window: string) => string): string => `(${figure(NOW)}) / (${usual(figure, 0.5)})`;

export const CDN_HITS = cdnHits(NOW);
export const REDIS_HITS = redisHits(NOW);

/** 1 while the hit ratio is that of the last half hour, whatever the drill makes of it. */
export const CDN_HITS_OF_USUAL = ofUsual(cdnHits);
export const REDIS_HITS_OF_USUAL = ofUsual(redisHits);
