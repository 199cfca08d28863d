// A dashboard from lines of panels on Grafana's grid of 24 columns, with what all dashboards of the lab share.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder, DashboardBuilder, DashboardCursorSync, RowBuilder, TimePickerBuilder,
  type AnnotationQuery, type Dashboard, type Panel, type RowPanel, type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { linksFrom, RECORD, TITLE, type Uid } from './sources';

const COLUMNS = 24;

/** Panels beside each other, each with its width; all of one height. */
export interface PanelLine {
  height: number;
  panels: [Builder<Panel>, number][];
}

export type Heading = { heading: string };
export type Part = PanelLine | Heading;

export const heading = (text: string): Heading => ({ heading: text });
export const line = (height: number, ...panels: [Builder<Panel>, number][]): PanelLine => ({ height, panels });
/** Panels of the same width. */
export const evenly = (height: number, ...panels: Builder<Panel>[]): PanelLine => ({
  height,
  panels: panels.map((panel) => [panel, Math.floor(COLUMNS / panels.length)]),
});

export interface Board {
  uid: Uid;
  what: string;
  parts: Part[];
  from?: string;                       // the window it opens on
  refresh?: string;
  variables?: Builder<VariableModel>[];
  annotations?: AnnotationQuery[];
}

/** Events of the record as marks on the graphs. A mark stands where the event happened, not where a step of the graph is. */
export function marks(name: string, matchers: string, colour: string, more: { hidden?: boolean } = {}): AnnotationQuery {
  const base = new AnnotationQueryBuilder()
    .name(name).datasource(RECORD).enable(true).hide(more.hidden === true).iconColor(colour).expr(`lab_events{${matchers}}`)
    .build();
  const prometheusOnly = {
    step: '1s', titleFormat: '{{verb}} {{subject}}', textFormat: '{{text}}', tagKeys: 'kind,actor', useValueForTime: true,
  };
  return { ...base, ...prometheusOnly };
}

/** What people, deployments and planned traffic changed: the first thing to compare a symptom with. */
const CHANGES = marks('Changes', 'kind=~"action|deploy|traffic"', '#5794F2');

export function build(board: Board): Dashboard {
  const builder = new DashboardBuilder(TITLE[board.uid])
    .uid(board.uid).description(board.what).tags(['chaoslab']).editable().tooltip(DashboardCursorSync.Crosshair)
    .time({ from: board.from ?? 'now-15m', to: 'now' }).timezone('browser').refresh(board.refresh ?? '5s')
    .timepicker(new TimePickerBuilder().refreshIntervals(['1s', '2s', '5s', '10s', '30s']))
    .links(linksFrom(board.uid)).variables(board.variables ?? []);
  const out = builder.build();
  out.annotations = { list: board.annotations ?? [CHANGES] };
  out.panels = place(board.parts);
  return out;
}

function place(parts: Part[]): (Panel | RowPanel)[] {
  const out: (Panel | RowPanel)[] = [];
  let y = 0;
  const add = (panel: Panel | RowPanel): void => {
    panel.id = out.length + 1;
    out.push(panel);
  };
  for (const part of parts) {
    if ('heading' in part) {
      add(new RowBuilder(part.heading).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).build());
      y += 1;
      continue;
    }
    let x = 0;
    for (const [panel, w] of part.panels) {
      add({ ...panel.build(), gridPos: { x, y, w, h: part.height } });
      x += w;
    }
    if (x > COLUMNS) throw new Error(`${x} columns in one line, and there are ${COLUMNS}`);
    y += part.height;
  }
  return out;
}
