"""Numbers as Grafana's unit names ask for them."""
import math

_SHORT = [(1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " K")]
_DECIMAL = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]
_BINARY = [(2.0**40, " Ti"), (2.0**30, " Gi"), (2.0**20, " Mi"), (2.0**10, " Ki")]
_TIME = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]

# unit: (steps, what follows the prefix)
_SCALED = {
    "short": (_SHORT, ""),
    "bytes": (_BINARY, "B"),
    "decbytes": (_DECIMAL, "B"),
    "kbytes": (_BINARY, "B"),
    "Bps": (_DECIMAL, "B/s"),
    "binBps": (_BINARY, "B/s"),
    "reqps": (_SHORT, " req/s"),
    "rps": (_SHORT, " rd/s"),
    "wps": (_SHORT, " wr/s"),
    "ops": (_SHORT, " ops/s"),
    "cps": (_SHORT, " c/s"),
    "eps": (_SHORT, " evt/s"),
    "mps": (_SHORT, " msg/s"),
    "pps": (_SHORT, " p/s"),
}
_FACTOR = {"kbytes": 1024.0}
_SECONDS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "us": 1e-6, "ns": 1e-9, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PLAIN = {"", "none", "string", "locale", "sishort"}


def known(unit):
    """Whether the unit is drawn as Grafana would draw it."""
    return (unit in _SCALED or unit in _SECONDS or unit in _PLAIN
            or unit in {"percent", "percentunit", "currencyUSD", "dtdurations", "clocks", "bool", "bool_yes_no", "bool_on_off",
                        "dateTimeAsIso", "dateTimeFromNow", "time:HH:mm:ss"}
            or unit.startswith(("suffix:", "prefix:", "currency:", "time:")))


def digits(value, decimals=None):
    """Three significant digits unless the panel says how many decimals."""
    if decimals is not None:
        return f"{value:.{int(decimals)}f}"
    if value == 0 or float(value).is_integer() and abs(value) < 1e5:
        return f"{value:.0f}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(places, 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(value, steps, suffix, decimals):
    size, prefix = next(((size, prefix.strip()) for size, prefix in steps if abs(value) >= size), (1, ""))
    number = digits(value / size, decimals)
    if suffix.startswith(" "):
        return number + prefix + suffix
    return f"{number} {prefix}{suffix}".rstrip()


def _time(seconds, decimals):
    if seconds == 0:
        return "0 s"
    for size, name in _TIME:
        if abs(seconds) >= size:
            return f"{digits(seconds / size, decimals)} {name}"
    return f"{digits(seconds * 1e9, decimals)} ns"


def _clock(seconds):
    sign, whole = ("-", -int(seconds)) if seconds < 0 else ("", int(seconds))
    days, rest = divmod(whole, 86400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
    return f"{sign}{days} d {text}" if days else sign + text


def _date(milliseconds, pattern):
    import datetime
    when = datetime.datetime.fromtimestamp(milliseconds / 1000)
    for word, code in (("YYYY", "%Y"), ("MM", "%m"), ("DD", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S")):
        pattern = pattern.replace(word, code)
    return when.strftime(pattern)


def formatted(value, unit="", decimals=None):
    if value is None or isinstance(value, float) and math.isnan(value):
        return "-"
    if not isinstance(value, (int, float)):
        return str(value)
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    if unit in _SCALED:
        steps, suffix = _SCALED[unit]
        return _scaled(value * _FACTOR.get(unit, 1), steps, suffix, decimals)
    if unit in _SECONDS:
        return _time(value * _SECONDS[unit], decimals)
    if unit == "percent":
        return digits(value, decimals) + "%"
    if unit == "percentunit":
        return digits(value * 100, decimals) + "%"
    if unit == "currencyUSD":
        return "$" + _scaled(value, _SHORT, "", decimals)
    if unit in ("dtdurations", "clocks"):
        return _clock(value)
    if unit in ("bool", "bool_yes_no", "bool_on_off"):
        words = {"bool": ("True", "False"), "bool_yes_no": ("Yes", "No"), "bool_on_off": ("On", "Off")}[unit]
        return words[0] if value else words[1]
    if unit == "dateTimeAsIso":
        return _date(value, "YYYY-MM-DD HH:mm:ss")
    if unit.startswith("time:"):
        return _date(value, unit[5:])
    if unit.startswith("suffix:"):
        return digits(value, decimals) + " " + unit[7:].strip()
    if unit.startswith(("prefix:", "currency:")):
        return unit.split(":", 1)[1] + digits(value, decimals)
    return digits(value, decimals) + ("" if unit in _PLAIN else " " + unit)
