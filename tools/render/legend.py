"""The legend of a time series panel: a list or a table, below or beside."""
from html import escape

import chart
import fields
import units

_NAMES = {"lastNotNull": "Last *", "last": "Last", "min": "Min", "max": "Max", "mean": "Mean", "sum": "Total", "first": "First"}
ROW_PX = 22


def _entries(panel):
    return [(fields.series_color(one, i), one) for i, (_, one) in enumerate(chart.lines_of(panel)) if not (one.custom("hideFrom") or {}).get("legend")]


def _figure(one, calculation):
    return units.formatted(fields.reduced(one.values, calculation), one.config.get("unit", ""), one.config.get("decimals"))


def _label(color, one):
    return f'<i style="background:{color}"></i>{escape(one.title)}'


def _table(entries, calculations):
    head = "".join(f"<th>{_NAMES.get(name, name)}</th>" for name in calculations)
    rows = "".join("<tr><td>" + _label(color, one) + "</td>" + "".join(f"<td>{escape(_figure(one, name))}</td>" for name in calculations) + "</tr>"
                   for color, one in entries)
    return f"<table><tr><th>Name</th>{head}</tr>{rows}</table>"


def place(panel, width, height):
    """(html, width and height that are left for the plot)."""
    options = panel.option("legend", default={})
    entries = _entries(panel)
    mode = options.get("displayMode", "list")
    if not options.get("showLegend", True) or mode == "hidden" or not entries:
        return "", width, height
    calculations = options.get("calcs") or []
    if mode == "table":
        body, needed = _table(entries, calculations), ROW_PX * (len(entries) + 1)
    else:
        shown = [_label(color, one) + "".join(f" <b>{_NAMES.get(name, name)}: {escape(_figure(one, name))}</b>" for name in calculations) for color, one in entries]
        body = "".join(f"<span>{one}</span>" for one in shown)
        room, rows = width, 1
        for _, one in entries:
            length = 28 + chart.CHAR_PX * (len(one.title) + 14 * len(calculations))
            rows, room = (rows, room - length) if room >= length else (rows + 1, width - length)
        needed = ROW_PX * rows
    if options.get("placement", "bottom") == "right":
        longest = max(len(one.title) for _, one in entries)
        beside = min(width * 0.4, options.get("width") or 30 + chart.CHAR_PX * (longest + 9 * len(calculations)))
        return f'<div class="legend right {mode}" style="width:{beside:.0f}px;max-height:{height}px">{body}</div>', width - beside, height
    below = min(needed, height * 0.4)
    return f'<div class="legend {mode}" style="height:{below:.0f}px">{body}</div>', width, height - below
