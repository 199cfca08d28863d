"""The time series panel and the state timeline as SVG."""
import math
from html import escape

import fields
import scale
import units

AXIS_PX = 20
GRID = "rgba(204,204,220,0.09)"
CHAR_PX = 6.7


def _known(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def lines_of(panel):
    """[(times, field)] of every numeric field that is drawn."""
    found = []
    for frame in panel.frames:
        clock = next((one for one in frame.fields if one.kind == "time"), None)
        for one in frame.fields:
            hidden = (one.custom("hideFrom") or {}).get("viz")
            if clock and one.kind == "number" and not hidden:
                found.append((clock.values, one))
    return found


def _stacked(lines):
    """Each line's lower and upper edge: values as they are, or on top of the lines before in the same stack."""
    sums, out = {}, []
    for times, one in lines:
        stacking = one.custom("stacking") or {}
        if stacking.get("mode", "none") == "none":
            out.append([(t, None, v) for t, v in zip(times, one.values)])
            continue
        below = sums.setdefault(stacking.get("group", "A"), {})
        edges = []
        for t, v in zip(times, one.values):
            low = below.get(t, 0.0)
            edges.append((t, low, low + v if _known(v) else math.nan))
            below[t] = low + (v if _known(v) else 0)
        out.append(edges)
    return out


def _pieces(edges, span_gaps):
    """Parts of a line without a hole; a point is missing where the usual distance is exceeded."""
    points = [edge for edge in edges if _known(edge[2])]
    if span_gaps or len(points) < 3:
        return [points] if points else []
    usual = min(b[0] - a[0] for a, b in zip(points, points[1:]))
    pieces = [[points[0]]]
    for before, point in zip(points, points[1:]):
        if point[0] - before[0] > usual * 1.5:
            pieces.append([])
        pieces[-1].append(point)
    return pieces


class TimeChart:
    """One panel's plot: margins, scales, then layer upon layer of SVG."""

    def __init__(self, panel, window, width, height, marks):
        self.panel, self.window, self.marks = panel, window, marks
        self.lines = lines_of(panel)
        self.edges = _stacked(self.lines)
        self.height = height - AXIS_PX
        self.scales = self._scales()
        self.left = self._margin("left")
        right = self._margin("right")
        self.width = max(10, width - self.left - right)
        self.x, self.x_ticks = scale.time_scale(window, self.width)
        self.out = [f'<svg width="{width}" height="{height}" role="img" aria-label="{escape(panel.title)}">']

    def _side_of(self, one):
        placement = one.custom("axisPlacement", "auto")
        if placement in ("left", "right"):
            return placement
        first = self.lines[0][1].config.get("unit", "")
        return "left" if one.config.get("unit", "") == first else "right"

    def _scales(self):
        made = {}
        for side in ("left", "right"):
            members = [(one, edges) for (_, one), edges in zip(self.lines, self.edges) if self._side_of(one) == side]
            if not members:
                continue
            values = [v for _, edges in members for _, low, high in edges for v in (low, high) if _known(v)]
            head = members[0][0]
            if any(one.custom("drawStyle") == "bars" or one.custom("stacking", {}).get("mode", "none") != "none" for one, _ in members):
                values.append(0.0)
            lows = [one.config["min"] for one, _ in members if one.config.get("min") is not None]
            highs = [one.config["max"] for one, _ in members if one.config.get("max") is not None]
            soft = (head.custom("axisSoftMin"), head.custom("axisSoftMax"))
            made[side] = (*scale.value_scale(values, self.height, min(lows, default=None), max(highs, default=None), soft, head.config.get("unit", "")), head)
        return made

    def _tick_text(self, side, value):
        head = self.scales[side][2]
        text, _ = fields.mapped(head, value)
        return text or units.formatted(value, head.config.get("unit", ""), head.config.get("decimals") if value else None)

    def _margin(self, side):
        if side not in self.scales:
            return 8
        return 12 + CHAR_PX * max((len(self._tick_text(side, tick)) for tick in self.scales[side][1]), default=3)

    def draw(self):
        self._axes()
        for side in self.scales:
            self._thresholds(side)
        for index, ((_, one), edges) in enumerate(zip(self.lines, self.edges)):
            self._line(one, edges, fields.series_color(one, index))
        for at, title, text, color in self.marks:
            x = self.left + self.x.at(at)
            self.out.append(f'<g><title>{escape(title)} {escape(text)}</title><line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{self.height}" stroke="{color}" '
                            f'stroke-dasharray="4 3"/><path d="M{x - 5:.1f} {self.height + 5}h10l-5 -6z" fill="{color}"/></g>')
        self.out.append("</svg>")
        return "".join(self.out)

    def _axes(self):
        for x, label in self.x_ticks:
            self.out.append(f'<line x1="{self.left + x:.1f}" x2="{self.left + x:.1f}" y1="0" y2="{self.height}" stroke="{GRID}"/>')
            if x < self.width - len(label) * CHAR_PX / 2 + 8:
                self.out.append(f'<text x="{self.left + x:.1f}" y="{self.height + 15}" text-anchor="middle">{label}</text>')
        for side, (axis, ticks, _) in self.scales.items():
            written = [self._tick_text(side, tick) for tick in ticks]
            for tick, text, before in zip(ticks, written, [None] + written):
                if text == before:
                    continue                  # too few decimals to tell them apart
                y = axis.at(tick)
                x, anchor = (self.left - 6, "end") if side == "left" else (self.left + self.width + 6, "start")
                if side == "left" or len(self.scales) == 1:
                    self.out.append(f'<line x1="{self.left}" x2="{self.left + self.width}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>')
                self.out.append(f'<text x="{x:.1f}" y="{min(max(y + 4, 9), self.height):.1f}" text-anchor="{anchor}">{escape(text)}</text>')

    def _thresholds(self, side):
        axis, _, head = self.scales[side]
        style = (head.custom("thresholdsStyle") or {}).get("mode", "off")
        steps = (head.config.get("thresholds") or {}).get("steps") or []
        if style == "off":
            return
        for i, step in enumerate(steps):
            low = step.get("value")
            high = steps[i + 1]["value"] if i + 1 < len(steps) else axis.high
            color = fields.color(step.get("color"))
            if "area" in style and color != "transparent":
                top, bottom = axis.at(min(high, axis.high)), axis.at(max(axis.low if low is None else low, axis.low))
                if bottom > top:
                    self.out.append(f'<rect x="{self.left}" y="{top:.1f}" width="{self.width}" height="{bottom - top:.1f}" fill="{color}" opacity="0.1"/>')
            if ("line" in style or "dashed" in style) and low is not None and axis.low <= low <= axis.high:
                dash = ' stroke-dasharray="10 8"' if "dashed" in style else ""
                self.out.append(f'<line x1="{self.left}" x2="{self.left + self.width}" y1="{axis.at(low):.1f}" y2="{axis.at(low):.1f}" stroke="{color}"{dash}/>')

    def _line(self, one, edges, color):
        axis = self.scales[self._side_of(one)][0]
        style = one.custom("drawStyle", "line")
        for piece in _pieces(edges, one.custom("spanNulls", False)):
            points = [(self.left + self.x.at(t), axis.at(min(max(high, axis.low), axis.high)), axis.at(max(low or 0, axis.low))) for t, low, high in piece]
            if style == "bars":
                self._bars(points, color)
            elif style == "points" or len(points) == 1:
                self.out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{color}"/>' for x, y, _ in points]
            else:
                self._path(one, points, color)

    def _bars(self, points, color):
        width = max(1.0, min((b[0] - a[0] for a, b in zip(points, points[1:])), default=6) * 0.7)
        self.out += [f'<rect x="{x - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(0, base - y):.1f}" fill="{color}"/>' for x, y, base in points]

    def _path(self, one, points, color):
        step = one.custom("lineInterpolation") in ("stepAfter", "stepBefore")
        line = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
        for x, y, _ in points[1:]:
            line += f"H{x:.1f}V{y:.1f}" if step else f"L{x:.1f} {y:.1f}"
        opacity = one.custom("fillOpacity", 0) / 100
        if opacity:
            back = "".join(f"L{x:.1f} {base:.1f}" for x, _, base in reversed(points))
            self.out.append(f'<path d="{line}{back}Z" fill="{color}" opacity="{opacity:.2f}"/>')
        dash = (one.custom("lineStyle") or {}).get("fill") == "dash"
        self.out.append(f'<path d="{line}" fill="none" stroke="{color}" stroke-width="{one.custom("lineWidth", 1)}"' +
                        (' stroke-dasharray="8 6"' if dash else "") + f'><title>{escape(one.title)}</title></path>')
