// The contract's three figures against their bounds, all as the controller counts them.

export interface Term {
  now: string;        // the run so far
  bound: string;
  holds: string;      // how `now` stands to `bound` while it is kept
}

export const UPTIME: Term = { now: 'max(lab_uptime_ratio)', bound: 'max(lab_uptime_objective_ratio)', holds: '>=' };
export const P95: Term = { now: 'max(lab_latency_p95_seconds)', bound: 'max(lab_latency_p95_objective_seconds)', holds: '<=' };
export const BUDGET: Term = { now: 'max(lab_budget_usd_per_month)', bound: 'max(lab_budget_objective_usd_per_month)', holds: '<=' };

/** 1 while all three are kept over the run. */
export const KEPT_SO_FAR = [UPTIME, P95, BUDGET].map((term) => `(${term.now} ${term.holds} bool ${term.bound})`).join(' * ');

/** The share of requests that failed their users within the window. */
export const BAD_SHARE = '1 - sum(rate(lab_user_requests_good_total[$__rate_interval])) / sum(rate(lab_user_requests_total[$__rate_interval]))';
export const ALLOWED_BAD_SHARE = '1 - max(lab_uptime_objective_ratio)';

const P95_NOW = 'histogram_quantile(0.95, sum by (le) (rate(client_request_seconds_bucket[$__rate_interval])))';

/** 1 while the users of the last seconds get what was promised. */
export const KEPT_NOW = `(${BAD_SHARE} <= bool scalar(${ALLOWED_BAD_SHARE})) * (${P95_NOW} <= bool scalar(${P95.bound}))`;

/** The figure, named "kept" or "broken", so that its colour follows from the bound that the lab itself tells. */
export function judged(term: Term): string {
  const named = (comparison: string, word: string): string =>
    `label_replace(${term.now} ${comparison} ${term.bound}, "verdict", "${word}", "", "")`;
  const broken = term.holds === '>=' ? '<' : '>';
  return `${named(term.holds, 'kept')} or ${named(broken, 'broken')}`;
}
