"""The state timeline and status history: a bar a series, coloured by mapping or threshold."""
import math
from html import escape

import chart
import fields
import scale
import units


def _runs(times, values, end):
    """[(from, to, value)]: equal neighbours are one run; a value holds until the next sample."""
    usual = min((b - a for a, b in zip(times, times[1:])), default=1)
    runs = []
    for i, (at, value) in enumerate(zip(times, values)):
        until = min(at + usual, times[i + 1]) if i + 1 < len(times) else min(at + usual, end)
        if value is None or isinstance(value, float) and math.isnan(value):
            continue
        if runs and runs[-1][2] == value and at - runs[-1][1] < usual * 0.51:
            runs[-1][1] = until
        else:
            runs.append([at, until, value])
    return runs


def draw(panel, window, width, height):
    rows = chart.lines_of(panel)
    label_px = 14 + chart.CHAR_PX * max((len(one.title) for _, one in rows), default=0)
    plot = max(10, width - label_px - 8)
    x, ticks = scale.time_scale(window, plot)
    pitch = (height - chart.AXIS_PX) / max(1, len(rows))
    thick = pitch * panel.option("rowHeight", default=0.9)
    out = [f'<svg width="{width}" height="{height}" role="img" aria-label="{escape(panel.title)}">']
    for i, (times, one) in enumerate(rows):
        y = i * pitch
        out.append(f'<text x="{label_px - 8:.1f}" y="{y + pitch / 2 + 4:.1f}" text-anchor="end">{escape(one.title)}</text>')
        for begin, end, value in _runs(times, one.values, window.end):
            left, right = label_px + x.at(max(begin, window.start)), label_px + x.at(min(end, window.end))
            text, _ = fields.mapped(one, value)
            text = text or units.formatted(value, one.config.get("unit", ""), one.config.get("decimals"))
            out.append(f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(1, right - left):.1f}" height="{thick:.1f}" fill="{fields.value_color(one, value, i)}" '
                       f'opacity="0.85"><title>{escape(one.title)}: {escape(text)}</title></rect>')
            if panel.option("showValue", default="auto") != "never" and right - left > len(text) * chart.CHAR_PX + 6 and thick >= 12:
                out.append(f'<text class="on" x="{left + 4:.1f}" y="{y + thick / 2 + 4:.1f}">{escape(text)}</text>')
    out += [f'<text x="{label_px + at:.1f}" y="{height - 5}" text-anchor="middle">{label}</text>' for at, label in ticks]
    return "".join(out) + "</svg>"


def legend_entries(panel):
    """What each colour means: the mappings' texts, without those that say nothing more than a colour."""
    seen = {}
    for _, one in chart.lines_of(panel):
        for mapping in one.config.get("mappings") or []:
            options = mapping.get("options", {})
            for result in options.values() if mapping["type"] == "value" else [options.get("result", {})]:
                if isinstance(result, dict) and result.get("text") and result.get("color"):
                    seen[result["text"]] = fields.color(result["color"])
    return seen
