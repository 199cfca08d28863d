"""Panels of single values: stat, gauge, bar gauge, table, text."""
import math
import re
from html import escape

import fields
import units

GAP_PX = 8


def _text(one, value):
    text, _ = fields.mapped(one, value)
    if text is not None:
        return text
    if value is None or isinstance(value, float) and math.isnan(value):
        return one.config.get("noValue") or "-"
    return units.formatted(value, one.config.get("unit", ""), one.config.get("decimals"))


def single_values(panel):
    """[(field, value)]: one a numeric field, or one a row where the panel asks for all values."""
    options = panel.option("reduceOptions", default={})
    pattern = (options.get("fields") or "").strip("/")
    found = []
    for frame in panel.frames:
        names = next((one.values for one in frame.fields if one.kind == "string"), None)
        for one in frame.fields:
            chosen = re.search(pattern, one.title) if pattern else one.kind == "number"
            if not chosen:
                continue
            if options.get("values"):
                found += [(_row_field(one, names, i), value) for i, value in enumerate(one.values)]
            else:
                found.append((one, fields.reduced(one.values, (options.get("calcs") or ["lastNotNull"])[0])))
    return found


def _row_field(one, names, i):
    made = fields.Field(names[i] if names else one.name, [one.values[i]], one.kind, ref=one.ref, config=one.config)
    return made


def _spark(one, width, height, color):
    values = [v for v in one.values if isinstance(v, (int, float)) and math.isfinite(v)]
    if len(values) < 2:
        return ""
    low, high = fields.bounds(one, values)
    points = " ".join(f"{i * width / (len(values) - 1):.1f},{height - (v - low) / (high - low) * height * 0.9:.1f}" for i, v in enumerate(values))
    return (f'<svg class="spark" width="{width:.0f}" height="{height:.0f}"><polygon points="0,{height:.1f} {points} {width:.1f},{height:.1f}" fill="{color}" '
            f'opacity="0.18"/><polyline points="{points}" fill="none" stroke="{color}"/></svg>')


def _stat_sizes(panel, texts, titles, cell, wide):
    """Pixels of the titles and of the values; all values of a panel have one size."""
    width, height = cell
    title = panel.option("text", "titleSize") or max(11, min(14, height * (0.5 if wide else 0.2)))
    longest = max((len(one) for one in texts), default=1)
    room = width - 16 - title * 0.54 * max(map(len, titles), default=0) if wide else width - 8
    value = panel.option("text", "valueSize") or max(12, min(height * (0.6 if wide or not titles else 0.42), room / max(3, longest) * 1.65, 60))
    return title, value


def stat(panel, _window, width, height):
    shown = single_values(panel)
    orientation = panel.option("orientation", default="auto")
    side_by_side = orientation == "vertical" or orientation != "horizontal" and width > height
    mode, text_mode = panel.option("colorMode", default="value"), panel.option("textMode", default="auto")
    count = max(1, len(shown))
    gaps = GAP_PX * (count - 1)
    cell = ((width - gaps) / count, height) if side_by_side else (width, (height - gaps) / count)
    named = text_mode in ("value_and_name", "name") or text_mode == "auto" and len(shown) > 1
    wide = named and cell[0] > cell[1] * 2.5 and panel.option("wideLayout", default=True)
    texts = [_text(one, value) for one, value in shown]
    sparks = panel.option("graphMode", default="area") == "area" and not wide
    room = (cell[0], cell[1] * 0.7) if sparks else cell        # the figure stands above its line
    title_px, value_px = _stat_sizes(panel, texts, [one.title for one, _ in shown] if named else [], room, wide)
    filled = mode.startswith("background")
    out = []
    for index, ((one, value), text) in enumerate(zip(shown, texts)):
        color = fields.value_color(one, value, index)
        spark = _spark(one, cell[0] - 8, cell[1] * 0.35, "#ffffff" if filled else color) if sparks else ""
        style = f"background:{color};color:#fff" if filled else f"color:{color if mode == 'value' else fields.TEXT}"
        style += f";padding-bottom:{cell[1] * 0.3:.0f}px" if spark else ""
        label = f'<small style="font-size:{title_px:.0f}px">{escape(one.title)}</small>' if named else ""
        body = "" if text_mode in ("none", "name") else f'<b style="font-size:{value_px:.0f}px">{escape(text)}</b>'
        out.append(f'<div class="stat{" wide" if wide else ""}{" filled" if filled else ""}" style="width:{cell[0]:.1f}px;height:{cell[1]:.1f}px;{style}">{spark}{label}{body}</div>')
    return f'<div class="{"row" if side_by_side else "column"}">{"".join(out)}</div>'


def gauge(panel, _window, width, height):
    shown = single_values(panel)
    cell = width / max(1, len(shown))
    out = []
    for one, value in shown:
        low, high = fields.bounds(one, [value or 0])
        share = 0 if value is None or math.isnan(value) else min(1, max(0, (value - low) / (high - low)))
        radius = min(cell, height * 1.2) * 0.38
        color = fields.value_color(one, value)
        name = escape(one.title) if len(shown) > 1 else ""
        out.append(f'<svg width="{cell:.0f}" height="{height:.0f}">{_arc(cell / 2, height * 0.58, radius, 1, "#2c3235")}{_arc(cell / 2, height * 0.58, radius, share, color)}'
                   f'<text class="big" x="{cell / 2:.0f}" y="{height * 0.62:.0f}" text-anchor="middle" fill="{color}">{escape(_text(one, value))}</text>'
                   f'<text x="{cell / 2:.0f}" y="{height - 4:.0f}" text-anchor="middle">{name}</text></svg>')
    return "".join(out)


def _arc(x, y, radius, share, color):
    begin, end = math.radians(150), math.radians(150 + 240 * share)
    large = 1 if share * 240 > 180 else 0
    at = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in (begin, end)]
    return (f'<path d="M{at[0][0]:.1f} {at[0][1]:.1f}A{radius:.1f} {radius:.1f} 0 {large} 1 {at[1][0]:.1f} {at[1][1]:.1f}" fill="none" stroke="{color}" '
            f'stroke-width="{radius * 0.22:.1f}"/>') if share > 0 else ""


def bar_gauge(panel, _window, width, height):
    shown = single_values(panel)
    everything = [value for _, value in shown if value is not None]
    pitch = height / max(1, len(shown))
    label = min(width * 0.4, 10 + 7 * max((len(one.title) for one, _ in shown), default=0))
    out = []
    for index, (one, value) in enumerate(shown):
        low, high = fields.bounds(one, everything)
        share = 0 if value is None or math.isnan(value) else min(1, max(0, (value - low) / (high - low)))
        color = fields.value_color(one, value, index)
        back = "" if panel.option("showUnfilled", default=True) else ' style="background:none"'
        ink = fields.TEXT if panel.option("valueMode", default="color") == "text" else color
        number = "" if panel.option("valueMode") == "hidden" else f'<b style="color:{ink}">{escape(_text(one, value))}</b>'
        out.append(f'<div class="bar" style="height:{pitch:.1f}px"><span style="width:{label:.0f}px">{escape(one.title)}</span>'
                   f'<div{back}><i style="width:{share * 100:.1f}%;background:{color}"></i></div>{number}</div>')
    return f'<div class="column">{"".join(out)}</div>'


def text(panel, _window, _width, _height):
    content = panel.option("content", default="")
    return f'<div class="text">{content if panel.option("mode") == "html" else markdown(content)}</div>'


def markdown(source):
    """Headings, lists, paragraphs, bold, code and links: what a panel's note needs."""
    out, listing = [], False
    for line in source.splitlines():
        item = re.match(r"\s*[-*] (.*)", line)
        if bool(item) != listing:
            out.append("<ul>" if item else "</ul>")
            listing = bool(item)
        heading = re.match(r"(#{1,4}) (.*)", line)
        if item:
            out.append(f"<li>{_inline(item[1])}</li>")
        elif heading:
            out.append(f"<h{len(heading[1])}>{_inline(heading[2])}</h{len(heading[1])}>")
        elif line.strip():
            out.append(f"<p>{_inline(line)}</p>")
    return "".join(out) + ("</ul>" if listing else "")


def _inline(line):
    line = escape(line, quote=False)
    line = re.sub(r"`([^`]+)`", r"<code>\1</code>", line)
    line = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", line)
    return re.sub(r"\[([^\]]+)\]\(((?:https?:/)?/[^)\s\"]+)\)", r'<a href="\2">\1</a>', line)
