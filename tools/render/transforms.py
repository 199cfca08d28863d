"""Grafana's transformations of a panel's frames, those that the dashboards use. Others are refused by name, not ignored."""
import re

import fields
from fields import Field, Frame


class Unsupported(Exception):
    pass


def apply(frames, transformations):
    for one in transformations:
        if one.get("disabled"):
            continue
        work = _KINDS.get(one["id"])
        if not work:
            raise Unsupported(f"the renderer does not know the transformation '{one['id']}'")
        frames = work(frames, one.get("options", {}))
    return frames


def _copy(one, values, **changes):
    made = Field(one.name, values, one.kind, one.labels, one.legend, one.ref, dict(one.config))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _merge(frames, _):
    """Rows of all frames; those that agree in every column that all frames have become one."""
    frames = [frame for frame in frames if frame.fields]
    if len(frames) < 2:
        return frames
    shared = set.intersection(*({one.name for one in frame.fields} for frame in frames))
    return [_joined(frames, sorted(shared))]


def _joined(frames, keys):
    columns, rows = {}, {}
    for frame in frames:
        for one in frame.fields:
            columns.setdefault(one.name, one)
        for i in range(frame.rows()):
            row = {one.name: one.values[i] for one in frame.fields}
            rows.setdefault(tuple(row.get(key) for key in keys), {}).update(row)
    return Frame([_copy(one, [row.get(name) for row in rows.values()]) for name, one in columns.items()], frames[0].ref)


def _join_by_field(frames, options):
    key = options.get("byField") or "Time"
    frames = [frame for frame in frames if frame.named(key)]
    if not frames:
        return []
    if options.get("mode") == "inner":
        shared = set.intersection(*(set(frame.named(key).values) for frame in frames))
        frames = [_picked(frame, [i for i, value in enumerate(frame.named(key).values) if value in shared]) for frame in frames]
    # A column of the same name in several frames stays a column each, numbered as Grafana numbers them.
    names = [one.name for frame in frames for one in frame.fields if one.name != key]
    seen, numbered = {}, []
    for frame in frames:
        made = []
        for one in frame.fields:
            if one.name != key and names.count(one.name) > 1:
                seen[one.name] = seen.get(one.name, 0) + 1
                one = _copy(one, one.values, name=f"{one.name} {seen[one.name]}", ref=one.ref)
            made.append(one)
        numbered.append(Frame(made, frame.ref))
    return [_joined(numbered, [key])]


def _picked(frame, rows):
    return Frame([_copy(one, [one.values[i] for i in rows]) for one in frame.fields], frame.ref)


def _organize(frames, options):
    excluded = {name for name, on in (options.get("excludeByName") or {}).items() if on}
    included = {name for name, on in (options.get("includeByName") or {}).items() if on}
    order = options.get("indexByName") or {}
    renamed = options.get("renameByName") or {}
    out = []
    for frame in frames:
        kept = [one for one in frame.fields if not excluded & {one.name, one.title} and (not included or included & {one.name, one.title})]
        kept.sort(key=lambda one: order.get(one.name, order.get(one.title, len(order) + 100)))
        out.append(Frame([_renamed(one, renamed.get(one.name) or renamed.get(one.title)) for one in kept], frame.ref))
    return out


def _renamed(one, name):
    return _copy(one, one.values, name=name, legend="") if name else one


def _filter_fields(frames, options):
    def wanted(one, rule):
        names, pattern = rule.get("names") or [], rule.get("pattern")
        return one.name in names or one.title in names or bool(pattern and re.search(pattern.strip("/"), one.title))
    include, exclude = options.get("include"), options.get("exclude")
    return [Frame([one for one in frame.fields if (not include or wanted(one, include)) and not (exclude and wanted(one, exclude))], frame.ref)
            for frame in frames]


def _rename_by_regex(frames, options):
    pattern = re.compile((options.get("regex") or "(.*)").strip("/"))
    into = re.sub(r"\$(\d)", r"\\\1", options.get("renamePattern", ""))
    return [Frame([_renamed(one, pattern.sub(into, one.title, count=1)) if pattern.search(one.title) else one for one in frame.fields], frame.ref)
            for frame in frames]


def _sort_by(frames, options):
    for rule in reversed(options.get("sort") or []):
        frames = [sort(frame, rule.get("field"), rule.get("desc", False)) for frame in frames]
    return frames


def sort(frame, name, descending):
    key = frame.named(name)
    if not key:
        return frame
    known = [i for i, value in enumerate(key.values) if value is not None]
    missing = [i for i, value in enumerate(key.values) if value is None]
    known.sort(key=lambda i: key.values[i], reverse=descending)
    return _picked(frame, known + missing)


def _convert(frames, options):
    """Text to numbers and times; a time is kept in seconds."""
    kinds = {one.get("targetField"): one.get("destinationType") for one in options.get("conversions") or []}
    return [Frame([_converted(one, kinds.get(one.name)) for one in frame.fields], frame.ref) for frame in frames]


def _converted(one, kind):
    if kind in (None, one.kind):
        return one
    if kind == "string":
        return _copy(one, [str(value) for value in one.values], kind=kind)
    if kind not in ("number", "time"):
        raise Unsupported(f"the renderer does not convert to '{kind}'")
    numbers = [_number(value) for value in one.values]
    return _copy(one, [value / 1000 if kind == "time" and value is not None else value for value in numbers], kind=kind)


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _limit(frames, options):
    rows = int(options.get("limitField", 10))
    return [_picked(frame, range(min(rows, frame.rows()))) for frame in frames]


def _labels_to_fields(frames, options):
    kept = options.get("keepLabels")
    out = []
    for frame in frames:
        numbers = [one for one in frame.fields if one.kind == "number"]
        labels = sorted({name for one in numbers for name in one.labels if not kept or name in kept})
        columns = [one for one in frame.fields if one.kind != "number"]
        columns += [Field(name, [numbers[0].labels.get(name, "")] * frame.rows(), "string", ref=frame.ref) for name in labels]
        value_label = options.get("valueLabel")
        columns += [_copy(one, one.values, labels={}, name=one.labels.get(value_label, one.name)) for one in numbers]
        out.append(Frame(columns, frame.ref))
    return _merge(out, {})


def _series_to_rows(frames, _):
    rows = [(at, one.title, value) for frame in frames for one in frame.fields if one.kind == "number"
            for at, value in zip(frame.fields[0].values, one.values)]
    rows.sort(key=lambda row: row[0], reverse=True)
    return [Frame([Field("Time", [r[0] for r in rows], "time"), Field("Metric", [r[1] for r in rows], "string"), Field("Value", [r[2] for r in rows])])]


_REDUCER_NAMES = {"lastNotNull": "Last *", "last": "Last", "firstNotNull": "First *", "first": "First", "min": "Min", "max": "Max", "mean": "Mean",
                  "sum": "Total", "count": "Count", "range": "Range", "delta": "Delta", "diff": "Difference"}


def _reduce(frames, options):
    chosen = options.get("reducers") or ["max"]
    numbers = [one for frame in frames for one in frame.fields if one.kind == "number"]
    if options.get("mode") == "reduceFields":
        return [Frame([_copy(one, [fields.reduced(one.values, chosen[0])]) for one in numbers])]
    columns = [Field("Field", [one.title for one in numbers], "string")]
    if options.get("labelsToFields"):
        for name in sorted({name for one in numbers for name in one.labels}):
            columns.append(Field(name, [one.labels.get(name, "") for one in numbers], "string"))
    columns += [Field(_REDUCER_NAMES.get(name, name), [fields.reduced(one.values, name) for one in numbers]) for name in chosen]
    return [Frame(columns)]


_OPERATORS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b if b else None}


def _calculate(frames, options):
    if options.get("mode") != "binary":
        raise Unsupported(f"the renderer knows calculateField only as 'binary', not '{options.get('mode')}'")
    rule = options["binary"]
    for frame in frames:
        sides = [_side(frame, rule[name]) for name in ("left", "right")]
        values = [None if a is None or b is None else _OPERATORS[rule["operator"]](a, b) for a, b in zip(*sides)]
        made = Field(options.get("alias") or f"{rule['left']} {rule['operator']} {rule['right']}", values)
        frame.fields = [one for one in frame.fields if one.kind == "time"] + [made] if options.get("replaceFields") else frame.fields + [made]
    return frames


def _side(frame, rule):
    name = rule.get("matcher", {}).get("options") or rule.get("fixed") if isinstance(rule, dict) else rule
    found = frame.named(name)
    return found.values if found else [float(name)] * frame.rows()


_KINDS = {"merge": _merge, "joinByField": _join_by_field, "seriesToColumns": _join_by_field, "organize": _organize,
          "filterFieldsByName": _filter_fields, "renameByRegex": _rename_by_regex, "sortBy": _sort_by, "convertFieldType": _convert, "limit": _limit,
          "labelsToFields": _labels_to_fields, "seriesToRows": _series_to_rows, "reduce": _reduce, "calculateField": _calculate}
