// Pieces of PromQL. A rate's window is Grafana's $__rate_interval: at least four scrapes, and as wide as a pixel needs.

const WINDOW = '[$__rate_interval]';

export const rate = (metric: string, labels = ''): string => `rate(${metric}${braces(labels)}${WINDOW})`;

export const increase = (metric: string, labels = ''): string => `increase(${metric}${braces(labels)}${WINDOW})`;

export const meanOf = (gauge: string, labels = ''): string => `avg_over_time(${gauge}${braces(labels)}${WINDOW})`;

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

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function grouping(by: string): string {
  return by === '' ? '' : ` by (${by}) `;
}
