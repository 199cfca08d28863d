"""A client of Prometheus' query API: Prometheus itself, or the controller for a run's record."""
import json
import math
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field


class QueryError(Exception):
    """The answer was an error, or there was none; the text says whose and why."""


@dataclass
class Series:
    labels: dict
    times: list = field(default_factory=list)     # Unix seconds
    values: list = field(default_factory=list)    # NaN where Prometheus says NaN


class Api:
    def __init__(self, url):
        self.url = url.rstrip("/") if "://" in url else "http://" + url.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def _get(self, path, parameters):
        url = self.url + path + "?" + urllib.parse.urlencode(parameters, doseq=True)
        try:
            with self._opener.open(url, timeout=30) as answer:
                body = json.load(answer)
        except urllib.error.HTTPError as error:
            raise QueryError(_reason(error)) from error
        except (OSError, ValueError) as error:
            raise QueryError(f"no answer of {self.url}: {getattr(error, 'reason', error)}") from error
        if body.get("status") != "success":
            raise QueryError(f"{self.url}: {body.get('error', 'an answer that is not of the query API')}")
        return body["data"]

    def instant(self, expression, at):
        data = self._get("/api/v1/query", {"query": expression, "time": f"{at:.3f}"})
        if data["resultType"] == "scalar":
            return [Series({}, [float(data["result"][0])], [_number(data["result"][1])])]
        return [Series(one["metric"], [float(one["value"][0])], [_number(one["value"][1])]) for one in data["result"]]

    def range(self, expression, start, end, step):
        data = self._get("/api/v1/query_range", {"query": expression, "start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:g}"})
        return [Series(one["metric"], [float(t) for t, _ in one["values"]], [_number(v) for _, v in one["values"]]) for one in data["result"]]

    def label_values(self, label, selector, start, end):
        parameters = {"start": f"{start:.3f}", "end": f"{end:.3f}"}
        if selector:
            parameters["match[]"] = selector
        return list(self._get(f"/api/v1/label/{label}/values", parameters))


def _number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


def _reason(error):
    text = error.read().decode("utf-8", "replace")
    try:
        text = json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        text = text[:200].strip()
    return f"{error.url.split('?')[0]}: {error.code} {text}"
