// Tables of which each column is a query: frames are joined by their labels.
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { dress, tableQuery, type Spec, type Step } from './panels';
import { COLOUR } from './path';

export interface Column {
  name: string;
  expr: string;
  unit: string;
  decimals?: number;
  steps?: Step[];       // colours from a value up; below the first: none
  low?: Step[];         // the same where low values hurt: the first colour reaches down to nothing
  words?: unknown;      // value mappings
  bare?: boolean;       // wanted for its labels; the value is not shown
}

export interface TableSpec extends Omit<Spec, 'lines' | 'unit'> {
  rows: string[];                       // labels that make a row, and the columns that they become: "role as Hop"
  order?: string;                       // a query that sorts the rows and is not shown
  columns: Column[];
  drop?: string[];                      // labels that are not shown
}

function background(column: Column): DynamicConfigValue[] {
  const rising = (column.low ?? column.steps ?? []).map((step, i) => ({
    value: column.low !== undefined && i === 0 ? null : step.from, color: step.colour,
  }));
  const steps = column.low !== undefined ? rising : [{ value: null, color: COLOUR.nothing }, ...rising];
  return [
    { id: 'thresholds', value: { mode: 'absolute', steps } },
    { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
  ];
}

function cell(column: Column): DynamicConfigValue[] {
  const out: DynamicConfigValue[] = [{ id: 'unit', value: column.unit }, { id: 'custom.align', value: 'right' }];
  if (column.decimals !== undefined) out.push({ id: 'decimals', value: column.decimals });
  if (column.words !== undefined) out.push({ id: 'mappings', value: column.words });
  return column.steps === undefined && column.low === undefined && column.words === undefined ? out : [...out, ...background(column)];
}

/** The name that Grafana gives a query's values: "Value #A" for the first of several. */
const valueName = (index: number, of: number): string => (of === 1 ? 'Value' : `Value #${String.fromCharCode('A'.charCodeAt(0) + index)}`);

export function columns(spec: TableSpec): table.PanelBuilder {
  const queries = [...(spec.order === undefined ? [] : [spec.order]), ...spec.columns.map((column) => column.expr)];
  const names = queries.map((_, i) => valueName(i, queries.length));
  const own = names.slice(queries.length - spec.columns.length);
  const orderName = spec.order === undefined ? [] : names.slice(0, 1);
  const labels = spec.rows.map((row) => row.split(' as ') as [string, string]);
  const shown = spec.columns.flatMap((column, i) => (column.bare === true ? [] : [[own[i], column.name] as [string, string]]));
  const bare = own.filter((_, i) => spec.columns[i]?.bare === true);
  const renamed = Object.fromEntries([...labels, ...shown]);
  const panel = new table.PanelBuilder()
    .targets(queries.map((expr, i) => tableQuery(expr, i, spec.source)))
    .transformations([
      { id: 'merge', options: {} },
      ...orderName.map((field) => ({ id: 'sortBy', options: { fields: {}, sort: [{ field, desc: false }] } })),
      { id: 'organize', options: {
        excludeByName: Object.fromEntries(['Time', ...(spec.drop ?? []), ...orderName, ...bare].map((name) => [name, true])),
        indexByName: Object.fromEntries(Object.keys(renamed).map((name, i) => [name, i])),
        renameByName: renamed,
      } },
    ])
    .showHeader(true).cellHeight(TableCellHeight.Sm).minWidth(50).filterable(false).noValue('–');
  dress(panel, { ...spec, unit: 'none', lines: [] });
  for (const column of spec.columns) if (column.bare !== true) panel.overrideByName(column.name, cell(column));
  return panel;
}
