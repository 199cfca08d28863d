// Data sources, dashboards and pages that panels lead to.
import { DashboardLinkBuilder, DashboardLinkType, type DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard';

/** What Prometheus has scraped. */
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: 'prometheus' };

/** The record of the runs, which the controller answers for through Prometheus' query API. */
export const RECORD: DataSourceRef = { type: 'prometheus', uid: 'lab-record' };

export const LAB = 'http://127.0.0.1:7070';

export const UID = {
  overview: 'chaoslab-overview',
  triage: 'chaoslab-triage',
  cdn: 'chaoslab-cdn',
  lb: 'chaoslab-lb',
  redis: 'chaoslab-redis',
  postgres: 'chaoslab-postgres',
  queue: 'chaoslab-queue',
  objectStore: 'chaoslab-object-store',
  postmortem: 'chaoslab-postmortem',
} as const;
export type Uid = (typeof UID)[keyof typeof UID];

export const TITLE: Record<Uid, string> = {
  'chaoslab-overview': 'Overview',
  'chaoslab-triage': 'Triage',
  'chaoslab-cdn': 'CDN',
  'chaoslab-lb': 'Load balancer',
  'chaoslab-redis': 'Redis',
  'chaoslab-postgres': 'PostgreSQL',
  'chaoslab-queue': 'Queue',
  'chaoslab-object-store': 'Object store',
  'chaoslab-postmortem': 'Post-mortem',
};

/** The row of links below a dashboard's name: all the others, and the lab's own page. */
export function linksFrom(own: Uid): DashboardLinkBuilder[] {
  const others = Object.values(UID).filter((uid) => uid !== own);
  const links = others.map((uid) => link(TITLE[uid], `/d/${uid}`).keepTime(true).icon('dashboard'));
  return [...links, link('Lab', `${LAB}/`).targetBlank(true).icon('external link')];
}

/** A panel's link to the page that tells what to do about an alert. */
export function runbook(alert: string): DashboardLinkBuilder {
  return link(`Runbook: ${alert}`, `${LAB}/runbooks/${alert}`).targetBlank(true);
}

/** A panel's link to another dashboard, the window kept. */
export function dashboard(uid: Uid): DashboardLinkBuilder {
  return link(TITLE[uid], `/d/${uid}?\${__url_time_range}`);
}

export function link(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url);
}
