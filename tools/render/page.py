"""The page: Grafana's grid of 24 columns and rows of 30 pixels, 8 between them, in its dark colours."""
import time
from html import escape

import cells
import chart
import legend
import states
import table

ROW_PX, GAP_PX, COLUMNS = 30, 8, 24
SIDE_PX, HEAD_PX = 16, 88               # Grafana's own margin, and its two bars
PANEL_HEAD_PX, PADDING_PX = 32, 8

_STYLE = """
*{box-sizing:border-box}body{margin:0;background:#111217;color:#ccccdc;font:12px/1.4 Inter,Roboto,"Helvetica Neue",Arial,sans-serif}
header{height:88px;padding:0 16px;background:#181b1f;border-bottom:1px solid #2c2f36;display:flex;flex-direction:column;justify-content:center;gap:6px}
header h1{margin:0;font-size:16px;font-weight:500;color:#fff}header p{margin:0;display:flex;gap:14px;color:#9a9aaa;white-space:nowrap;overflow:hidden}
header b{color:#ccccdc;font-weight:500}main{position:relative}
section{position:absolute;background:#181b1f;border:1px solid #25272c;border-radius:2px;overflow:hidden}
section.bare{background:none;border:none}h2{margin:0;padding:0 8px;height:32px;line-height:32px;font-size:14px;font-weight:500;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
h2 i{display:inline-block;width:13px;height:13px;line-height:12px;border:1px solid #7b7b8b;border-radius:50%;text-align:center;color:#7b7b8b;font:10px/11px serif;cursor:help;vertical-align:1px}.body{position:absolute;left:8px;right:8px;bottom:8px;top:32px;overflow:hidden}.bare .body,.untitled .body{top:8px}
.rowtitle{position:absolute;font-size:14px;font-weight:500;line-height:30px}svg{display:block;float:left}svg text{fill:#9a9aaa;font-size:11px}svg text.on{fill:#111217}
svg text.big{font-size:22px;font-weight:500;fill:inherit}.legend{overflow:hidden;line-height:22px;clear:both}.legend span{margin-right:14px;white-space:nowrap;display:inline-block}
.legend.right{float:right;clear:none}.legend.right.list span{display:block}.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
.legend b{font-weight:400;color:#9a9aaa}.legend table{width:100%;border-collapse:collapse}.legend th{font-weight:500;color:#6e9fff}.legend th,.legend td{text-align:right;padding:0 6px;height:22px}
.legend th:first-child,.legend td:first-child{text-align:left}.row{display:flex;gap:8px}.column{display:flex;flex-direction:column;gap:8px}.column:has(.bar){gap:0}.stat{position:relative;display:flex;flex-direction:column;justify-content:center;align-items:center;border-radius:2px;overflow:hidden;line-height:1.15}
.stat.wide{flex-direction:row;justify-content:space-between;padding:0 8px}.stat b{font-weight:500;z-index:1;white-space:nowrap}.stat small{z-index:1;white-space:nowrap;color:#ccccdc}.stat.filled small{color:#fff}.spark{position:absolute;left:4px;bottom:0}
.bar{display:flex;align-items:center;gap:8px;padding:2px 0}.bar span{text-align:right;white-space:nowrap;overflow:hidden}.bar>div{flex:1;background:#22252b;height:60%;min-height:14px;border-radius:2px}.bar>div i{display:block;height:100%;min-height:14px;border-radius:2px}.bar b{min-width:64px;font-weight:500;text-align:right}
table.grid{border-collapse:collapse;table-layout:fixed}.grid th{color:#6e9fff;font-weight:500;padding:0 6px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.grid td{border:1px solid #25272c;padding:0 6px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.grid a{color:#6e9fff}.text{line-height:1.5}.text h1,.text h2,.text h3{height:auto;line-height:1.3;padding:0;margin:0 0 6px}.text p,.text ul{margin:0 0 6px}.text a{color:#6e9fff}code{background:#22252b;padding:1px 4px}
.fault{position:absolute;inset:32px 8px 8px;display:flex;flex-direction:column;align-items:center;justify-content:center;color:#9a9aaa;font-size:14px;text-align:center}
.fault.loud{color:#f2495c}
"""


def box(place, width):
    """(left, top, width, height) of a panel in pixels."""
    column = (width - 2 * SIDE_PX + GAP_PX) / COLUMNS
    return (SIDE_PX + place["x"] * column, place["y"] * (ROW_PX + GAP_PX), place["w"] * column - GAP_PX, place["h"] * (ROW_PX + GAP_PX) - GAP_PX)


def body_size(panel, width):
    _, _, wide, high = box(panel.place, width)
    head = PANEL_HEAD_PX if panel.title and not panel.json.get("transparent") else PADDING_PX
    return wide - 2 * PADDING_PX - 2, high - head - PADDING_PX - 2


def _time_series(panel, window, width, height, marks):
    html, wide, high = legend.place(panel, width, height)
    return chart.TimeChart(panel, window, round(wide), round(high), marks).draw() + html


def _timeline(panel, window, width, height, _marks):
    known = states.legend_entries(panel) if panel.option("legend", "showLegend", default=True) else {}
    html = "".join(f'<span><i style="background:{color}"></i>{escape(text)}</span>' for text, color in known.items())
    below = legend.ROW_PX if known else 0
    return states.draw(panel, window, round(width), round(height - below)) + (f'<div class="legend">{html}</div>' if known else "")


def _single(draw):
    return lambda panel, window, width, height, _marks: draw(panel, window, width, height)


KINDS = {"timeseries": _time_series, "state-timeline": _timeline, "status-history": _timeline, "stat": _single(cells.stat), "gauge": _single(cells.gauge),
         "bargauge": _single(cells.bar_gauge), "table": _single(table.draw), "text": _single(cells.text)}


def _panel(panel, window, width, marks):
    left, top, wide, high = box(panel.place, width)
    where = f"left:{left:.1f}px;top:{top:.0f}px;width:{wide:.1f}px;height:{high:.0f}px"
    if panel.type == "row":
        folded = " (folded)" if panel.json.get("collapsed") else ""
        return f'<div class="rowtitle" style="{where}">&#9662; {escape(panel.title)}{folded}</div>'
    body = ""
    if panel.type not in KINDS:
        panel.faults.append(f"the renderer does not draw panels of type '{panel.type}'")
    elif not panel.faults:
        body = KINDS[panel.type](panel, window, *body_size(panel, width), marks)
    kind = "bare" if panel.json.get("transparent") else "" if panel.title else "untitled"
    about = panel.json.get("description", "")
    head = f'<h2>{escape(panel.title)}{f" <i title={chr(34)}{escape(about)}{chr(34)}>i</i>" if about else ""}</h2>' if panel.title else ""
    faults = "".join(f"<div>{escape(one)}</div>" for one in panel.faults)
    if faults and not body:
        body = f'<div class="fault{"" if panel.faults == ["no data"] else " loud"}">{faults}</div>'
        return f'<section class="{kind}" style="{where}">{head}{body}</section>'
    return f'<section class="{kind}" style="{where}">{head}<div class="body">{body}</div></section>'


def page(board, panels, width):
    marks = board.annotations()
    window = board.window
    drawn = "".join(_panel(panel, window, width, marks) for panel in panels)
    bottom = max((panel.place["y"] + panel.place["h"] for panel in panels), default=0) * (ROW_PX + GAP_PX)
    clock = "%Y-%m-%d %H:%M:%S"
    shown = "".join(f"<span>{escape(name)} <b>{escape(value[1])}</b></span>" for name, value in board.variables.items())
    span = f"{time.strftime(clock, time.localtime(window.start))} to {time.strftime(clock, time.localtime(window.end))}"
    title = escape(board.board.get("title", ""))
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
            f"<title>{title}</title><style>{_STYLE}</style></head><body style=\"width:{width}px\"><header><h1>{title}</h1><p><span>{span}</span>{shown}"
            f'<span>drawn without Grafana by tools/render-dashboard.py</span></p></header><main style="height:{bottom + GAP_PX}px;margin-top:{GAP_PX}px">{drawn}</main></body></html>')
