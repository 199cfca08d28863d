// Panels with the lab's habits: a description on each, one unit, calm colours unless something hurts.
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode, BigValueGraphMode, BigValueTextMode, GraphGradientMode, LegendDisplayMode, LegendPlacement,
  ReduceDataOptionsBuilder, ScaleDistribution, ScaleDistributionConfigBuilder, StackingConfigBuilder, StackingMode, TooltipDisplayMode, SortOrder, VisibilityMode, VizLegendOptionsBuilder,
  VizOrientation, VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder, FieldColorModeId, MappingType, ThresholdsConfigBuilder, ThresholdsMode,
  type DashboardLinkBuilder, type DataSourceRef, type DynamicConfigValue, type Panel, type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { BY_NUMBER, COLOUR } from './path';
import { PROMETHEUS } from './sources';

// A point each 3 s at most, so that $__rate_interval is at least 12 s: shorter windows show chance, not the system.
const MIN_STEP = '3s';

/** One query of a panel and how its line looks. `legend` may hold {{label}}. */
export interface Line {
  expr: string;
  legend: string;
  colour?: string;
  dashed?: boolean;       // a bound
  unit?: string;          // where it differs from the panel's
  right?: boolean;        // scaled on an axis of its own
}

export interface Spec {
  title: string;
  what: string;           // what it tells, and what is bad
  unit: string;
  lines: Line[];
  source?: DataSourceRef;
  links?: DashboardLinkBuilder[];
  decimals?: number;
  min?: number;
  max?: number;
  softMax?: number;
  floating?: boolean;     // the axis need not begin at 0
  log?: boolean;          // a logarithmic axis: for values that lie far apart, where a factor matters
  stack?: boolean;
  legend?: 'bottom' | 'right' | 'none';
  colours?: Record<string, string>;   // by the name of a series
  nodes?: boolean;                    // lines are nodes: coloured by the number in their name
}

export interface Step {
  from: number;
  colour: string;
}

const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

export function query(expr: string, index: number, source: DataSourceRef = PROMETHEUS): DataqueryBuilder {
  return new DataqueryBuilder().datasource(source).expr(expr).refId(refId(index)).interval(MIN_STEP);
}

function ranges(spec: Spec): Builder<Dataquery>[] {
  return spec.lines.map((line, i) => query(line.expr, i, spec.source).range().legendFormat(line.legend));
}

function instants(spec: Spec): Builder<Dataquery>[] {
  return spec.lines.map((line, i) => query(line.expr, i, spec.source).instant().legendFormat(line.legend));
}

export function tableQuery(expr: string, index: number, source: DataSourceRef = PROMETHEUS): DataqueryBuilder {
  return query(expr, index, source).instant().format(PromQueryFormat.Table);
}

const fixed = (colour: string): DynamicConfigValue => ({ id: 'color', value: { mode: 'fixed', fixedColor: colour } });

function lineProperties(line: Line): DynamicConfigValue[] {
  const out: DynamicConfigValue[] = [];
  if (line.colour !== undefined) out.push(fixed(line.colour));
  if (line.unit !== undefined) out.push({ id: 'unit', value: line.unit });
  if (line.right === true) out.push({ id: 'custom.axisPlacement', value: 'right' });
  if (line.dashed === true) {
    out.push({ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }, { id: 'custom.fillOpacity', value: 0 });
    out.push({ id: 'custom.stacking', value: { mode: 'none', group: 'bound' } });
  }
  return out;
}

/** Every panel kind of the SDK has these; it gives them no common type. */
interface AnyPanel {
  title(title: string): unknown;
  description(text: string): unknown;
  datasource(source: DataSourceRef): unknown;
  unit(unit: string): unknown;
  links(links: DashboardLinkBuilder[]): unknown;
  decimals(decimals: number): unknown;
  min(min: number): unknown;
  max(max: number): unknown;
  overrideByQuery(refId: string, properties: DynamicConfigValue[]): unknown;
  overrideByName(name: string, properties: DynamicConfigValue[]): unknown;
  overrideByRegexp(pattern: string, properties: DynamicConfigValue[]): unknown;
}

export function dress(panel: AnyPanel, spec: Spec): void {
  panel.title(spec.title);
  panel.description(spec.what);
  panel.datasource(spec.source ?? PROMETHEUS);
  panel.unit(spec.unit);
  if (spec.links) panel.links(spec.links);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  spec.lines.forEach((line, i) => {
    const properties = lineProperties(line);
    if (properties.length > 0) panel.overrideByQuery(refId(i), properties);
  });
  if (spec.nodes === true) for (const [pattern, colour] of BY_NUMBER) panel.overrideByRegexp(pattern, [fixed(colour)]);
  for (const [name, colour] of Object.entries(spec.colours ?? {})) panel.overrideByName(name, [fixed(colour)]);
}

function legend(spec: Spec): VizLegendOptionsBuilder {
  const out = new VizLegendOptionsBuilder().showLegend(spec.legend !== 'none').calcs([]);
  out.displayMode(LegendDisplayMode.List);
  return out.placement(spec.legend === 'right' ? LegendPlacement.Right : LegendPlacement.Bottom);
}

/** Lines over time. */
export function graph(spec: Spec): Builder<Panel> {
  const panel = new timeseries.PanelBuilder().targets(ranges(spec)).legend(legend(spec));
  panel.tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None));
  panel.lineWidth(1).fillOpacity(spec.stack === true ? 40 : 0).gradientMode(GraphGradientMode.None).showPoints(VisibilityMode.Never);
  panel.spanNulls(false).colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic));
  panel.stacking(new StackingConfigBuilder().mode(spec.stack === true ? StackingMode.Normal : StackingMode.None).group('A'));
  if (spec.softMax !== undefined) panel.axisSoftMax(spec.softMax);
  if (spec.log === true) panel.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  dress(panel, spec.floating === true || spec.log === true ? spec : { ...spec, min: spec.min ?? 0 });
  return panel;
}

export interface StatSpec extends Spec {
  steps?: Step[];                      // colours by value; none: calm
  mappings?: ValueMapping[];
  spark?: boolean;                     // with its way over the window
  background?: boolean;                // the whole field in the colour
  named?: boolean;                     // with the series' name beside the value
  stacked?: boolean;                   // values below each other
  base?: string;                       // colour below the first step
}

/** Figures as of now. */
export function figure(spec: StatSpec): stat.PanelBuilder {
  const spark = spec.spark === true;
  const panel = new stat.PanelBuilder().targets(spark ? ranges(spec) : instants(spec));
  panel.reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
  panel.graphMode(spark ? BigValueGraphMode.Area : BigValueGraphMode.None);
  panel.colorMode(spec.background === true ? BigValueColorMode.Background : BigValueColorMode.Value);
  panel.textMode(spec.named === true ? BigValueTextMode.ValueAndName : BigValueTextMode.Value);
  panel.orientation(spec.stacked === true ? VizOrientation.Horizontal : VizOrientation.Auto).wideLayout(true);
  panel.thresholds(steps(spec.steps ?? [], spec.base)).colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  if (spec.mappings) panel.mappings(spec.mappings);
  dress(panel, spec);
  return panel;
}

export interface StateSpec extends Spec {
  mappings: ValueMapping[];
}

/** States over time, a row a series. */
export function states(spec: StateSpec): Builder<Panel> {
  const panel = new statetimeline.PanelBuilder().targets(ranges(spec)).mappings(spec.mappings);
  panel.legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs([]));
  panel.mergeValues(true).showValue(VisibilityMode.Never).rowHeight(0.85).fillOpacity(80).lineWidth(0);
  panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds)).thresholds(steps([]));
  dress(panel, spec);
  return panel;
}

/** Thresholds over a calm base. */
export function steps(rising: Step[], base: string = COLOUR.calm): ThresholdsConfigBuilder {
  const all = [{ value: null, color: base }, ...rising.map((step) => ({ value: step.from, color: step.colour }))];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

/** Words for whole numbers: [value, word, colour]. */
export function words(...entries: [number, string, string][]): ValueMapping[] {
  const options = Object.fromEntries(entries.map(([value, text, color], index) => [String(value), { text, color, index }]));
  return [{ type: MappingType.ValueToText, options }];
}
