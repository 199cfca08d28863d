"""The table panel: columns as wide as they are told, cells coloured or drawn as bars."""
import math
from html import escape

import fields
import transforms
import units
from cells import _text

MOST_ROWS = 200          # far more than a panel is high
_ROW_PX = {"sm": 36, "md": 42, "lg": 48}


def _width_of(columns, width):
    """Told widths stand; the others share the rest, none below its least width."""
    widths = {i: one.custom("width") for i, one in enumerate(columns) if one.custom("width")}
    least = {i: one.custom("minWidth") or 150 for i, one in enumerate(columns)}
    free = [i for i in range(len(columns)) if i not in widths]
    while free:
        share = (width - sum(widths.values())) / len(free)
        tight = [i for i in free if least[i] > share]
        for i in tight or free:
            widths[i] = least[i] if tight else share
        free = [i for i in free if i not in widths]
    return [widths[i] for i in range(len(columns))]


def _bar(one, value, color, kind):
    low, high = fields.bounds(one, one.values)
    share = 0 if not isinstance(value, (int, float)) or math.isnan(value) else min(1, max(0, (value - low) / (high - low)))
    label = "" if kind.get("valueDisplayMode") == "hidden" else f'<b style="color:{color}">{escape(_text(one, value))}</b>'
    return f'<div class="bar"><div><i style="width:{share * 100:.1f}%;background:{color}"></i></div>{label}</div>'


def _cell(one, value):
    """(style, html) of one cell."""
    kind = one.custom("cellOptions") or {"type": one.custom("displayMode", "auto")}
    align = one.custom("align") or "auto"
    align = ("right" if one.kind == "number" else "left") if align == "auto" else align
    style = f"text-align:{align}"
    color = fields.value_color(one, value)
    body = escape(_text(one, value))
    if one.kind == "time":
        body = escape(units.formatted(value * 1000 if value else None, "dateTimeAsIso"))
    if kind["type"] == "color-text":
        style += f";color:{color}"
    elif kind["type"] in ("color-background", "color-background-solid") and color != "transparent":
        style += f";background:{color};color:#fff"
    elif kind["type"] in ("gauge", "basic", "gradient-gauge", "lcd-gauge"):
        body = _bar(one, value, color, kind)
    return style, f'<a>{body}</a>' if one.config.get("links") else body


def _row_style(columns, row):
    for one in columns:
        kind = one.custom("cellOptions") or {}
        if kind.get("applyToRow") and kind.get("type", "").startswith("color-background"):
            return f' style="background:{fields.value_color(one, one.values[row])}"'
    return ""


def draw(panel, _window, width, height):
    if not panel.frames:
        return ""
    if len(panel.frames) > 1:
        panel.faults.append(f"a table shows one of its {len(panel.frames)} frames at a time; merge them")
    frame = panel.frames[0]
    for rule in reversed(panel.option("sortBy", default=[])):
        frame = transforms.sort(frame, rule.get("displayName"), rule.get("desc", False))
    columns = [one for one in frame.fields if not one.custom("hidden", False)]
    widths = _width_of(columns, width)
    row_px = _ROW_PX.get(panel.option("cellHeight", default="sm"), 36)
    head = "".join(f'<th style="width:{w:.0f}px;text-align:{"right" if one.kind == "number" and (one.custom("align") or "auto") == "auto" else one.custom("align") or "left"}">'
                   f'{escape(one.title)}</th>' for one, w in zip(columns, widths))
    body = []
    for row in range(min(frame.rows(), MOST_ROWS)):
        cells = "".join('<td style="{}">{}</td>'.format(*_cell(one, one.values[row] if row < len(one.values) else None)) for one in columns)
        body.append(f'<tr style="height:{row_px}px"{_row_style(columns, row)}>{cells}</tr>'.replace('px" style="', "px;"))
    needed = (frame.rows() + (1 if panel.option("showHeader", default=True) else 0)) * row_px
    if needed > height:
        panel.notes.append(f"{frame.rows()} rows need {needed} px, the panel has {height:.0f}: one must scroll")
    if sum(widths) > width + 1:
        panel.notes.append(f"the columns need {sum(widths):.0f} px, the panel has {width:.0f}: one must scroll sideways")
    header = f'<tr style="height:{row_px}px">{head}</tr>' if panel.option("showHeader", default=True) else ""
    return f'<table class="grid" style="width:{sum(widths):.0f}px">{header}{"".join(body)}</table>'
