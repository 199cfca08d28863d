// The record's own lists: the runs, and what happened in one.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { dress, query } from './lib/panels';
import { LAB, RECORD, UID } from './lib/sources';

const shown = (names: Record<string, string>, hidden: string[]): unknown => ({
  excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
  indexByName: Object.fromEntries(Object.keys(names).map((name, i) => [name, i])),
  renameByName: names,
});

/** Every run that the data directory holds; its name leads to its window. */
export function runTable(): Builder<Panel> {
  const panel = new table.PanelBuilder()
    .withTarget(query('lab_runs', 0, RECORD).instant().format(PromQueryFormat.Table))
    .transformations([
      { id: 'convertFieldType', options: { fields: {}, conversions: [{ targetField: 'from', destinationType: 'number' }] } },
      { id: 'organize', options: shown(
        { run: 'Run', drill: 'Drill', responder: 'Responder', state: 'State', from: 'Began', to: 'To' }, ['Time', 'Value', '__name__', 'job', 'instance'],
      ) },
    ])
    .showHeader(true).cellHeight(TableCellHeight.Sm).minWidth(60).filterable(false).noValue('–')
    .sortBy([new TableSortByFieldStateBuilder().displayName('Began').desc(true)]);
  dress(panel, {
    title: 'Runs', unit: 'none', lines: [], source: RECORD,
    what: 'The runs of this lab, the newest first. A run\'s name opens this page on its window, and its report.',
  });
  const window = `/d/${UID.postmortem}?from=\${__data.fields.Began.numeric}&to=\${__data.fields.To}&var-run=\${__value.raw}`;
  panel.overrideByName('Run', [{ id: 'links', value: [
    { title: 'This page on the window of ${__value.text}', url: window },
    { title: 'Report of ${__value.text}', url: `${LAB}/runs/\${__value.raw}`, targetBlank: true },
  ] }]);
  panel.overrideByName('Began', [{ id: 'unit', value: 'dateTimeAsIso' }]);
  panel.overrideByName('To', [{ id: 'custom.hidden', value: true }]);       // "now" for a run that goes on: for the link alone
  return panel;
}

// A node's way up and down, which its states show already; what is left of kind "node" are ends that nobody asked for.
const ROUTINE = 'booting|ready|draining|stopping|stopped|standby';

/** What happened in the chosen run, within the window, in its order. */
export function eventTable(ofRun: string): Builder<Panel> {
  const panel = new table.PanelBuilder()
    .withTarget(query(`lab_events{${ofRun}, verb!~"${ROUTINE}"}`, 0, RECORD).range().format(PromQueryFormat.Table))
    .transformations([{ id: 'organize', options: shown(
      { Value: 'When', kind: 'Kind', verb: 'What', subject: 'Whom', text: 'Told as', actor: 'By' }, ['Time', '__name__', 'run', 'seq', 'job', 'instance'],
    ) }])
    .showHeader(true).cellHeight(TableCellHeight.Sm).minWidth(60).filterable(true).noValue('–')
    .sortBy([new TableSortByFieldStateBuilder().displayName('When').desc(false)]);
  dress(panel, {
    title: 'Events', unit: 'none', lines: [], source: RECORD,
    what: 'The run\'s record: faults, actions, alerts, deployments, and nodes that ended without being asked to. Kinds can be filtered in the head of the column.',
  });
  panel.overrideByName('When', [{ id: 'unit', value: 'dateTimeAsIso' }]);
  panel.overrideByName('Told as', [{ id: 'custom.minWidth', value: 500 }]);
  return panel;
}
