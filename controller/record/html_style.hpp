// The page's style sheet: light and dark, wide and narrow, screen and paper. Colours of lines after Okabe and Ito.
#pragma once

namespace chaos::record {

inline constexpr char kStyle[] = R"css(
:root { color-scheme: light dark;
  --bg: #ffffff; --fg: #1c2128; --soft: #59636e; --line: #d5dae0; --card: #f6f8fa; --grid: #e6e9ed;
  --good: #116b3a; --good-bg: #dff5e6; --bad: #a31621; --bad-bg: #fde5e5; --warn: #7a4d00; --warn-bg: #fdf0d2;
  --k0: #0072b2; --k1: #d55e00; --k2: #00805c; --k3: #b0528b; --k4: #7a5c00; --k5: #3a9bdc; --k6: #5d3a9b; --k7: #868e96;
  --limit: #a31621; --window: #d5332a1c;
  --m-fault: #a31621; --m-node: #5b2333; --m-deploy: #5d3a9b; --m-action: #0a5d8f; --m-alert: #8a5a00; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #14181d; --fg: #e4e8ed; --soft: #9aa5b1; --line: #343c46; --card: #1b2128; --grid: #29313a;
  --good: #63d297; --good-bg: #14351f; --bad: #ff8f8f; --bad-bg: #451a1d; --warn: #f0c063; --warn-bg: #3d2e0c;
  --k0: #56b4e9; --k1: #f08a3c; --k2: #2ec4a0; --k3: #e08fc0; --k4: #e0c341; --k5: #3d7fb0; --k6: #b39ddb; --k7: #7d8894;
  --limit: #ff7b7b; --window: #ff5c5c26;
  --m-fault: #d64550; --m-node: #9c4a63; --m-deploy: #7d5fc0; --m-action: #2b7fb5; --m-alert: #a8741a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 16px/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
main { max-width: 1128px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; } h2 { font-size: 1.3rem; margin: 2.6rem 0 .8rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .2rem; } p { margin: .5rem 0; max-width: 78ch; }
.soft, .note { color: var(--soft); } .note { font-size: .86rem; margin: 0 0 .3rem; }
.badge { display: inline-block; border-radius: 999px; padding: .1rem .75rem; font-weight: 600; font-size: .92rem; }
.kept { color: var(--good); background: var(--good-bg); } .missed { color: var(--bad); background: var(--bad-bg); } .open { color: var(--warn); background: var(--warn-bg); }
.run { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin: .9rem 0 0; padding: 0; font-size: .9rem; }
.run div { display: flex; gap: .45rem; } .run dt { color: var(--soft); } .run dd { margin: 0; }
.summary { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--k0); border-radius: 6px; padding: .7rem 1.1rem; margin: 1.2rem 0; }
.summary p { max-width: none; margin: .3rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(152px, 1fr)); gap: .8rem; margin: .8rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .9rem; }
.card b { display: block; font-size: 1.32rem; line-height: 1.3; font-weight: 650; } .card span { display: block; font-size: .86rem; color: var(--soft); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93rem; }
.contract { max-width: 760px; }
th, td { text-align: left; vertical-align: top; padding: .38rem 1.4rem .38rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: .86rem; } td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; } .count { color: var(--soft); white-space: nowrap; } .brk { overflow-wrap: anywhere; }
.no { display: inline-block; min-width: 1.7rem; text-align: center; border-radius: 999px; font-size: .78rem; font-weight: 650; line-height: 1.35rem; color: #fff; background: var(--k7); padding: 0 .35rem; }
.no.plain { background: none; color: var(--soft); }
.fault { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--m-fault); border-radius: 6px; padding: .6rem 1.1rem; margin: .8rem 0; }
.fault dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.1rem; margin: .4rem 0; } .fault dt { color: var(--soft); } .fault dd { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .86rem; margin: .1rem 0; } .legend span { display: inline-flex; align-items: center; gap: .4rem; }
.legend svg { width: 26px; height: 10px; flex: none; } .legend .thin { stroke-width: 2.4; opacity: .75; } .key { color: var(--soft); }
figure { margin: 1.3rem 0 1.9rem; break-inside: avoid; } figcaption h3 { margin: 0; }
svg.chart { display: block; width: 100%; height: auto; } svg.narrow { display: none; }
.chart text { font: 12px system-ui, "Segoe UI", "Liberation Sans", sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
.chart .end { text-anchor: end; } .chart .mid { text-anchor: middle; } .grid { stroke: var(--grid); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; } .thin { stroke-width: 1; opacity: .55; }
.k0 { stroke: var(--k0); } .k1 { stroke: var(--k1); } .k2 { stroke: var(--k2); } .k3 { stroke: var(--k3); }
.k4 { stroke: var(--k4); stroke-dasharray: 7 3; } .k5 { stroke: var(--k5); } .k6 { stroke: var(--k6); stroke-dasharray: 2 3; } .k7 { stroke: var(--k7); stroke-dasharray: 5 4; }
.limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 8 4; } .chart .limit-name { fill: var(--limit); font-weight: 600; paint-order: stroke; stroke: var(--bg); stroke-width: 4px; stroke-linejoin: round; }
.window { fill: var(--window); } .hover rect { fill: transparent; } .hover rect:hover { fill: var(--soft); fill-opacity: .14; }
.mark line { stroke-width: 1; stroke-dasharray: 3 3; opacity: .8; } .chart .mark text { fill: #fff; font-size: 11px; font-weight: 650; text-anchor: middle; }
.mark-fault line { stroke: var(--m-fault); } .mark-fault rect, .no.mark-fault { fill: var(--m-fault); background: var(--m-fault); }
.mark-node line { stroke: var(--m-node); } .mark-node rect, .no.mark-node { fill: var(--m-node); background: var(--m-node); }
.mark-deploy line { stroke: var(--m-deploy); } .mark-deploy rect, .no.mark-deploy { fill: var(--m-deploy); background: var(--m-deploy); }
.mark-action line { stroke: var(--m-action); } .mark-action rect, .no.mark-action { fill: var(--m-action); background: var(--m-action); }
.mark-alert line { stroke: var(--m-alert); } .mark-alert rect, .no.mark-alert { fill: var(--m-alert); background: var(--m-alert); }
.fill { border: 1px dashed var(--line); border-radius: 6px; padding: .5rem 1.1rem; margin: .5rem 0; min-height: 4.5rem; } .fill:focus { outline: 2px solid var(--k0); }
.fill li { margin: .35rem 0; } details summary { cursor: pointer; margin: .8rem 0; color: var(--soft); } footer { margin-top: 3rem; font-size: .86rem; }
@media (max-width: 860px) { main { padding: 20px 16px 48px; } svg.wide-svg { display: none; } svg.narrow { display: block; } h1 { font-size: 1.55rem; } }
@media print { :root { color-scheme: light; } body { font-size: 11pt; } main { max-width: none; padding: 0; } h2 { break-after: avoid; } tr, .card, .fault { break-inside: avoid; } .screen { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

}  // namespace chaos::record
