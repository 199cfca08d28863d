"""Frames of fields, and how a panel's field configuration dresses them: names, overrides, mappings, thresholds, colours."""
import math
import re
import zlib
from dataclasses import dataclass, field

NAMED = {
    "green": "#73BF69", "dark-green": "#37872D", "semi-dark-green": "#56A64B", "light-green": "#96D98D", "super-light-green": "#C8F2C2",
    "yellow": "#FADE2A", "dark-yellow": "#E0B400", "semi-dark-yellow": "#F2CC0C", "light-yellow": "#FFEE52", "super-light-yellow": "#FFF899",
    "red": "#F2495C", "dark-red": "#C4162A", "semi-dark-red": "#E02F44", "light-red": "#FF7383", "super-light-red": "#FFA6B0",
    "blue": "#5794F2", "dark-blue": "#1F60C4", "semi-dark-blue": "#3274D9", "light-blue": "#8AB8FF", "super-light-blue": "#C0D8FF",
    "orange": "#FF9830", "dark-orange": "#FA6400", "semi-dark-orange": "#FF780A", "light-orange": "#FFB357", "super-light-orange": "#FFCB7D",
    "purple": "#B877D9", "dark-purple": "#8F3BB8", "semi-dark-purple": "#A352CC", "light-purple": "#CA95E5", "super-light-purple": "#DEB6F2",
    "gray": "#8E8E8E", "grey": "#8E8E8E", "white": "#FFFFFF", "black": "#000000", "transparent": "transparent", "text": "#CCCCDC",
}
CLASSIC = ["green", "semi-dark-yellow", "light-blue", "semi-dark-orange", "red", "blue", "purple", "dark-purple", "dark-green",
           "dark-yellow", "semi-dark-blue", "dark-orange", "dark-red", "dark-blue", "light-purple", "super-light-green"]
TEXT = NAMED["text"]


@dataclass
class Field:
    name: str
    values: list
    kind: str = "number"              # number, time or string
    labels: dict = field(default_factory=dict)
    legend: str = ""                  # the data source's display name
    ref: str = ""
    config: dict = field(default_factory=dict)

    @property
    def title(self):
        chosen = self.config.get("displayName", "")
        if chosen:
            return self._template(chosen)
        if self.legend or self.kind != "number" or not self.labels:
            return self.legend or self.name
        return "{" + ", ".join(f'{k}="{v}"' for k, v in sorted(self.labels.items())) + "}"

    def _template(self, text):
        text = re.sub(r"\$\{__field\.labels\.(\w+)\}", lambda m: self.labels.get(m[1], ""), text)
        return text.replace("${__field.name}", self.name).replace("${__series.name}", self.legend or self.name)

    def custom(self, name, default=None):
        return self.config.get("custom", {}).get(name, default)


@dataclass
class Frame:
    fields: list
    ref: str = ""

    def rows(self):
        return max((len(one.values) for one in self.fields), default=0)

    def named(self, name):
        return next((one for one in self.fields if name in (one.name, one.title)), None)


def color(name):
    return NAMED.get(name, name or TEXT)


def _matches(matcher, one):
    kind, wanted = matcher.get("id"), matcher.get("options")
    if kind == "byName":
        return wanted in (one.name, one.title)
    if kind == "byNames":
        return one.title in wanted.get("names", [])
    if kind == "byRegexp":
        pattern = wanted.strip("/") if isinstance(wanted, str) else ""
        return re.search(pattern, one.title) is not None
    if kind == "byFrameRefID":
        return one.ref == wanted
    if kind == "byType":
        return one.kind == wanted
    return False


def _set(config, path, value):
    parts = path.split(".")
    for part in parts[:-1]:
        config = config.setdefault(part, {})
    config[parts[-1]] = value


def dress(frames, field_config):
    """Gives each field its configuration: the panel's defaults, then each override that matches."""
    defaults = field_config.get("defaults", {})
    for frame in frames:
        for one in frame.fields:
            one.config = {**defaults, "custom": dict(defaults.get("custom", {}))}
            if one.kind != "number":
                for key in ("unit", "decimals", "thresholds", "color", "displayName"):
                    one.config.pop(key, None)
            for override in field_config.get("overrides", []):
                if _matches(override["matcher"], one):
                    for setting in override["properties"]:
                        _set(one.config, setting["id"], setting.get("value"))


def mapped(one, value):
    """The text and colour that a value mapping gives; None for what it leaves alone."""
    for mapping in one.config.get("mappings") or []:
        options = mapping.get("options", {})
        result = None
        if mapping["type"] == "value":
            text = str(value)
            key = f"{value:g}" if isinstance(value, (int, float)) and not math.isnan(value) else text
            result = options.get(key, options.get(text))
        elif mapping["type"] == "range" and isinstance(value, (int, float)):
            low, high = options.get("from"), options.get("to")
            if not math.isnan(value) and (low is None or value >= low) and (high is None or value <= high):
                result = options.get("result")
        elif mapping["type"] == "regex" and isinstance(value, str) and re.search(options.get("pattern", ""), value):
            result = options.get("result")
        elif mapping["type"] == "special":
            missing = value is None or isinstance(value, float) and math.isnan(value)
            if missing and options.get("match") in ("null", "nan", "null+nan"):
                result = options.get("result")
        if result:
            return result.get("text"), result.get("color")
    return None, None


def bounds(one, values):
    """Where a scale of this field begins and ends."""
    numbers = [v for v in values if isinstance(v, (int, float)) and math.isfinite(v)]
    low, high = one.config.get("min"), one.config.get("max")
    low = min(numbers, default=0) if low is None else low
    high = max(numbers, default=1) if high is None else high
    return low, high if high > low else low + 1


def threshold_color(one, value, low=0, high=100):
    steps = (one.config.get("thresholds") or {}).get("steps") or [{"value": None, "color": "green"}]
    if value is None or not isinstance(value, (int, float)) or math.isnan(value):
        return color(steps[0].get("color"))       # as Grafana does: nothing is below every threshold
    if one.config.get("thresholds", {}).get("mode") == "percentage":
        value = (value - low) / (high - low) * 100
    chosen = steps[0].get("color")
    for step in steps:
        if step.get("value") is not None and value >= step["value"]:
            chosen = step.get("color")
    return color(chosen)


def value_color(one, value, index=0):
    """A single value's colour: its mapping's, else by the field's colour mode."""
    _, from_mapping = mapped(one, value)
    if from_mapping:
        return color(from_mapping)
    mode = (one.config.get("color") or {}).get("mode", "thresholds")
    if mode == "fixed":
        return color(one.config["color"].get("fixedColor", "text"))
    if mode == "thresholds":
        return threshold_color(one, value, *bounds(one, [value]))
    return series_color(one, index)


def series_color(one, index):
    """A line's colour."""
    mode = (one.config.get("color") or {}).get("mode", "palette-classic")
    if mode in ("fixed", "shades"):
        return color(one.config["color"].get("fixedColor", "text"))
    if mode == "thresholds":
        known = [v for v in one.values if isinstance(v, (int, float)) and not math.isnan(v)]
        return threshold_color(one, known[-1] if known else None, *bounds(one, one.values))
    if mode == "palette-classic-by-name":
        index = zlib.crc32(one.title.encode())
    return NAMED[CLASSIC[index % len(CLASSIC)]]


def reduced(values, calculation):
    numbers = [v for v in values if isinstance(v, (int, float)) and not math.isnan(v)]
    if calculation in ("last", "lastNotNull"):
        kept = [v for v in values if v is not None and not (isinstance(v, float) and math.isnan(v))]
        return kept[-1] if kept else None
    if not numbers:
        return None
    simple = {"first": lambda: numbers[0], "firstNotNull": lambda: numbers[0], "min": lambda: min(numbers), "max": lambda: max(numbers),
              "mean": lambda: sum(numbers) / len(numbers), "sum": lambda: sum(numbers), "count": lambda: len(numbers),
              "range": lambda: max(numbers) - min(numbers), "delta": lambda: numbers[-1] - numbers[0], "diff": lambda: numbers[-1] - numbers[0]}
    return simple[calculation]() if calculation in simple else None
