// Node by node: what runs, in which state, how old, how full; and what fires.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { memoryShare, nodePhases, PHASES } from './lib/hops';
import { states } from './lib/panels';
import { COLOUR } from './lib/path';
import { firing, orNamed, quantile, sumRate } from './lib/promql';
import { columns } from './lib/tables';
import { LAB, link, runbook } from './lib/sources';

/** The chosen nodes; `chosen` are the matchers of job, role and node. */
export function nodeTable(chosen: string): Builder<Panel> {
  const by = 'role, node';
  return columns({
    title: 'Nodes', rows: ['node as Node', 'version as Version'], drop: ['role'],
    what: 'The chosen nodes. Answers: Prometheus reaches it; a process that hangs does not answer. Ready: it takes new work. Age: since its process started; one that is younger than its siblings was restarted. Version: what was deployed last is the first suspect.',
    columns: [
      { name: 'Answers', expr: `sum by (${by}) (up{${chosen}})`, unit: 'none', decimals: 0, low: [{ from: 0, colour: COLOUR.bad }, { from: 1, colour: COLOUR.nothing }] },
      { name: 'Ready', expr: `sum by (${by}) (node_ready{${chosen}})`, unit: 'none', decimals: 0, low: [{ from: 0, colour: COLOUR.bad }, { from: 1, colour: COLOUR.nothing }] },
      { name: 'Age', expr: `max by (${by}) (time() - process_start_time_seconds{${chosen}})`, unit: 's', decimals: 0 },
      { name: 'Req/s', expr: sumRate('node_requests_total', by, chosen), unit: 'none', decimals: 1 },
      { name: 'P95', expr: quantile(0.95, 'node_request_duration_seconds', by, chosen), unit: 's' },
      { name: 'Memory', expr: memoryShare(chosen, by), unit: 'percentunit', decimals: 0, steps: [{ from: 0.7, colour: COLOUR.warn }, { from: 0.85, colour: COLOUR.bad }] },
      { name: 'CPU', expr: `sum by (${by}) (rate(process_cpu_seconds_total{${chosen}}[$__rate_interval]))`, unit: 'percentunit', decimals: 0, steps: [{ from: 0.8, colour: COLOUR.warn }] },
      { name: 'version', expr: `max by (${by}, version) (node_info{${chosen}})`, unit: 'none', bare: true },
    ],
    links: [runbook('NodeDown'), runbook('TargetMissing')],
  });
}

/** A row a node, in path order. */
export function nodeStates(chosen: string): Builder<Panel> {
  return states({
    title: 'Nodes\' states', unit: 'none', lines: nodePhases(chosen), mappings: PHASES,
    what: 'Each node over time, standbys included. Gone: no process, or one that the controller has lost. Booting again and again: a restart loop. Several at once: a restart of the fleet, or a common cause.',
    links: [runbook('NodeDown'), runbook('RestartLoop')],
  });
}

export function alertsNow(): Builder<Panel> {
  const panel = columns({
    title: 'Alerts that fire', rows: ['alertname as Alert', 'severity as Severity', 'role as Role', 'node as Node'],
    what: 'What fires now; the name leads to its runbook. None: nothing that was foreseen is wrong, which is not the same as nothing.',
    columns: [{
      name: 'alert', unit: 'none', bare: true,
      expr: orNamed(`max by (alertname, severity, role, node) (${firing()})`, 'alertname', 'none'),
    }],
    links: [link('Alerts in Prometheus', 'http://127.0.0.1:9090/alerts').targetBlank(true), link('Alertmanager', 'http://127.0.0.1:9093/').targetBlank(true)],
  });
  return panel.overrideByName('Alert', [{ id: 'links', value: [{ title: 'Runbook', url: `${LAB}/runbooks/\${__value.raw}`, targetBlank: true }] }]);
}
