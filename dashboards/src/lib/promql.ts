// Pieces of PromQL. A rate's window is Grafana's $__rate_interval: at least four scrapes, and as wide as a pixel needs.

export const NOW = '[$__rate_interval]';

export const rate = (metric: string, labels = ''): string => `rate(${metric}${braces(labels)}${NOW})`;

export const increase = (metric: string, labels = ''): string => `increase(${metric}${braces(labels)}${NOW})`;

export const meanOf = (gauge: string, labels = ''): string => `avg_over_time(${gauge}${braces(labels)}${NOW})`;

export const sumRate = (metric: string, by = '', labels = ''): string => `sum${grouping(by)}(${rate(metric, labels)})`;

/** Quantile of a classic histogram; `by` without le. */
export const quantile = (q: number, histogram: string, by = '', labels = ''): string =>
  `histogram_quantile(${q}, ${sumRate(`${histogram}_bucket`, by === '' ? 'le' : `${by}, le`, labels)})`;

/** Mean of a histogram. */
export const mean = (histogram: string, by = '', labels = ''): string =>
  share(sumRate(`${histogram}_sum`, by, labels), sumRate(`${histogram}_count`, by, labels));

/** part / whole, and 0 where the whole is 0 instead of a gap. */
export const share = (part: string, whole: string): string => `${part} / (${whole} > 0) or ${whole} * 0`;

/** 0 instead of nothing, for series that exist only once something happened. */
export const orZero = (expr: string): string => `${expr} or on() vector(0)`;

/** The same, with a name to show in its place. */
export const orNamed = (expr: string, label: string, name: string): string =>
  `${expr} or on() label_replace(vector(0), "${label}", "${name}", "", "")`;

/** Alerts that fire. Watchdog always does: it shows that alerts get through. */
export const firing = (labels = ''): string => `ALERTS{alertstate="firing", alertname!="Watchdog"${labels === '' ? '' : `, ${labels}`}}`;

/**
 * What a figure was over the last half hour: a quantile of its values over two minutes each, so that an incident within the half
 * hour does not become the measure. A lab that has not run for two minutes has no past: then the figure itself.
 */
export const usual = (figure: (window: string) => string, q: number): string =>
  `quantile_over_time(${q}, (${figure('[2m]')})[30m:2m]) or ${figure(NOW)}`;

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function grouping(by: string): string {
  return by === '' ? '' : ` by (${by}) `;
}
