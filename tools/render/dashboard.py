"""A dashboard's JSON with data: variables and intervals filled in, each panel's queries asked, annotations fetched."""
import json
import math
import re
from dataclasses import dataclass, field

import fields
import transforms
from api import QueryError

SCRAPE_S = 1
_VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)|\[\[(\w+)\]\]")
_LABEL = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_LABEL_VALUES = re.compile(r"\s*label_values\((?:(.*),)?\s*(\w+)\s*\)\s*", re.S)
_INTERVALS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


class DashboardError(Exception):
    """The file is not a dashboard that can be drawn."""


@dataclass
class Window:
    start: float
    end: float

    @property
    def seconds(self):
        return self.end - self.start


@dataclass
class Panel:
    json: dict
    frames: list = field(default_factory=list)
    faults: list = field(default_factory=list)      # what went wrong, one sentence each
    notes: list = field(default_factory=list)       # what a person would dislike: a table that must scroll

    @property
    def type(self):
        return self.json.get("type", "")

    @property
    def title(self):
        return self.json.get("title", "")

    @property
    def place(self):
        return self.json.get("gridPos", {"x": 0, "y": 0, "w": 24, "h": 8})

    def option(self, *path, default=None):
        at = self.json.get("options", {})
        for name in path:
            if not isinstance(at, dict) or name not in at:
                return default
            at = at[name]
        return at


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            board = json.load(file)
    except OSError as error:
        raise DashboardError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise DashboardError(f"{path} is not JSON: {error}") from error
    board = board.get("dashboard", board) if isinstance(board, dict) else {}
    if not isinstance(board.get("panels"), list):
        raise DashboardError(f"{path} has no list of panels: is it a Grafana dashboard?")
    return board


def step_of(window, width, minimum):
    """Grafana's $__interval: a round number of seconds of which the panel has a pixel each."""
    wanted = window.seconds / max(width, 1)
    return max(next((one for one in _INTERVALS if one >= wanted), _INTERVALS[-1]), minimum, SCRAPE_S)


def _seconds(text):
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)?", text or "")
    return float(match[1]) * {"ms": 1e-3, "s": 1, "m": 60, "h": 3600, None: 1}[match[2]] if match else 0


class Board:
    def __init__(self, board, sources, window, chosen):
        self.board = board
        self.sources = sources            # data source uid: Api
        self.window = window
        self.warnings = []
        self.variables = {}               # name: (what to put into an expression, what to show)
        for variable in board.get("templating", {}).get("list", []):
            self.variables[variable["name"]] = self._value(variable, chosen.get(variable["name"]))
        unknown = set(chosen) - set(self.variables)
        if unknown:
            raise DashboardError(f"no variable {', '.join(sorted(unknown))}; there are: {', '.join(self.variables) or 'none'}")

    def source(self, reference):
        uid = reference.get("uid", "") if isinstance(reference, dict) else reference or ""
        uid = self.fill(uid, 1) if "$" in uid else uid
        if uid not in self.sources:
            raise QueryError(f"no data source of uid '{uid}' was given")
        return self.sources[uid]

    def _value(self, variable, chosen):
        if chosen is not None:
            return chosen, chosen
        if variable.get("includeAll"):
            return variable.get("allValue") or ".*", "All"
        current = (variable.get("current") or {}).get("value")
        current = current[0] if isinstance(current, list) and current else current
        if variable.get("type") != "query":
            return str(current or ""), str(current or "")
        query = variable.get("query")
        match = _LABEL_VALUES.fullmatch(query.get("query", "") if isinstance(query, dict) else query or "")
        try:
            selector = self.fill(match[1] or "", 1) if match else ""
            values = self.source(variable.get("datasource")).label_values(match[2], selector, self.window.start, self.window.end) if match else []
        except QueryError as error:
            self.warnings.append(f"variable {variable['name']}: {error}")
            values = []
        value = str(current) if current and current in values else (values or [""])[0]
        return value, value

    def fill(self, text, step, scrape=SCRAPE_S):
        """The text with variables as Grafana puts them into a Prometheus query; it takes a query's least step for the scrape interval."""
        rate = max(step + scrape, 4 * scrape)
        built_in = {"__interval": f"{step:g}s", "__interval_ms": f"{step * 1000:g}", "__rate_interval": f"{rate:g}s",
                    "__range": f"{math.ceil(self.window.seconds)}s", "__range_s": str(math.ceil(self.window.seconds)),
                    "__range_ms": str(math.ceil(self.window.seconds * 1000)),
                    "__from": str(int(self.window.start * 1000)), "__to": str(int(self.window.end * 1000))}

        def put(match):
            name = match[1] or match[3] or match[4]
            if name in built_in:
                return built_in[name]
            return self.variables[name][0] if name in self.variables else match[0]
        return _VARIABLE.sub(put, text)

    def panels(self):
        """Panels in the order of the page; those of a folded row are left out, as Grafana does."""
        return [Panel(one) for one in self.board["panels"]]

    def ask(self, panel, width):
        """Fills panel.frames from its queries."""
        targets = [one for one in panel.json.get("targets", []) if not one.get("hide")]
        for target in targets:
            try:
                self._ask_one(panel, target, width, len(targets))
            except QueryError as error:
                panel.faults.append(str(error))
        try:
            panel.frames = transforms.apply(panel.frames, panel.json.get("transformations", []))
        except transforms.Unsupported as error:
            panel.faults.append(str(error))
        fields.dress(panel.frames, panel.json.get("fieldConfig", {}))
        if targets and not any(_has_value(frame) for frame in panel.frames):
            panel.faults.append("no data")

    def _ask_one(self, panel, target, width, count):
        api = self.source(target.get("datasource") or panel.json.get("datasource"))
        minimum = _seconds(self.fill(target.get("interval") or panel.json.get("interval") or "", 1))
        step = step_of(self.window, panel.json.get("maxDataPoints") or width, minimum)
        expression = self.fill(target.get("expr", ""), step, minimum or SCRAPE_S)
        series = []
        if target.get("instant"):
            series = api.instant(expression, self.window.end)
        if target.get("range", not target.get("instant")):
            # On the grid of the step, as Grafana asks: neighbouring renderings show the same points.
            start = math.floor(self.window.start / step) * step
            series += [_within(one, self.window.start) for one in api.range(expression, start, self.window.end, step)]
        ref = target.get("refId", "A")
        if target.get("format") == "table":
            panel.frames.append(_table(series, ref, "Value" if count == 1 else f"Value #{ref}"))
        else:
            panel.frames += [_frame(one, ref, target.get("legendFormat") or "__auto", expression) for one in series]

    def annotations(self):
        """[(Unix seconds, title, text, colour)] of the annotations that ask a data source."""
        found = []
        for one in self.board.get("annotations", {}).get("list", []):
            expression = one.get("expr") or (one.get("target") or {}).get("expr")
            if not one.get("enable", True) or not expression or one.get("builtIn"):
                continue
            step = step_of(self.window, 1000, _seconds(one.get("step") or ""))
            try:
                series = self.source(one.get("datasource")).range(self.fill(expression, step), self.window.start, self.window.end, step)
            except QueryError as error:
                self.warnings.append(f"annotation {one.get('name')}: {error}")
                continue
            for line in series:
                found += [(at, _legend(one.get("titleFormat") or one.get("name", ""), line.labels), _legend(one.get("textFormat") or "", line.labels),
                           fields.color(one.get("iconColor", "red"))) for at in _marks(line, one.get("useValueForTime"))]
        return sorted(found)


def _within(series, start):
    kept = [i for i, at in enumerate(series.times) if at >= start]
    series.times, series.values = [series.times[i] for i in kept], [series.values[i] for i in kept]
    return series


def _marks(line, value_is_time):
    if value_is_time in (True, "on", "true"):
        return [value / 1000 for value in line.values]
    # Samples that follow each other are one region; its beginning is drawn.
    gap = 2 * max((b - a for a, b in zip(line.times, line.times[1:])), default=1)
    return [at for i, at in enumerate(line.times) if (line.values[i] or 0) != 0 and (i == 0 or at - line.times[i - 1] > gap or not line.values[i - 1])]


def _legend(pattern, labels):
    return _LABEL.sub(lambda match: labels.get(match[1], ""), pattern)


def _frame(series, ref, pattern, expression):
    legend = _legend(pattern, series.labels) if pattern != "__auto" else ""
    if not legend and not series.labels:
        legend = expression
    return fields.Frame([fields.Field("Time", series.times, "time", ref=ref),
                         fields.Field("Value", series.values, "number", series.labels, legend, ref)], ref)


def _table(series, ref, value_name):
    labels = sorted({name for one in series for name in one.labels})
    rows = [(at, one.labels, value) for one in series for at, value in zip(one.times, one.values)]
    columns = [fields.Field("Time", [at for at, _, _ in rows], "time", ref=ref)]
    columns += [fields.Field(name, [found.get(name, "") for _, found, _ in rows], "string", ref=ref) for name in labels]
    columns.append(fields.Field(value_name, [value for _, _, value in rows], "number", ref=ref))
    return fields.Frame(columns, ref)


def _has_value(frame):
    numbers = [one for one in frame.fields if one.kind == "number"] or frame.fields
    return any(value is not None and not (isinstance(value, float) and math.isnan(value)) for one in numbers for value in one.values)
