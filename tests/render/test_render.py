"""The renderer's rules, without a Prometheus; and the whole of it on answers that a test makes."""
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlparse

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tools", "render"))

import dashboard  # noqa: E402
import fields  # noqa: E402
import scale  # noqa: E402
import transforms  # noqa: E402
import units  # noqa: E402


class Units(unittest.TestCase):
    def test_numbers_read_as_people_write_them(self):
        cases = [(0.0421, "s", None, "42.1 ms"), (95, "s", None, "1.58 min"), (0, "s", None, "0 s"), (0.9512, "percentunit", None, "95.1%"),
                 (12.5, "percent", 0, "12%"), (17 * 2**20, "bytes", None, "17 MiB"), (1500, "decbytes", None, "1.5 kB"), (123456, "short", None, "123 K"),
                 (78.21, "reqps", 1, "78.2 req/s"), (1234, "reqps", None, "1.23K req/s"), (735, "currencyUSD", 0, "$735"), (33132, "clocks", None, "09:12:12"),
                 (math.nan, "s", None, "-"), (None, "s", None, "-"), (math.inf, "none", None, "Inf"), (3, "none", None, "3"), (0.0001234, "none", None, "0.000123")]
        for value, unit, decimals, text in cases:
            self.assertEqual(units.formatted(value, unit, decimals), text, (value, unit))

    def test_every_unit_of_the_committed_dashboards_is_known(self):
        folder = os.path.join(ROOT, "dashboards", "json")
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                for unit in _units_in(json.load(file)):
                    self.assertTrue(units.known(unit), f"{name}: {unit}")


def _units_in(node):
    if isinstance(node, dict):
        if isinstance(node.get("unit"), str):
            yield node["unit"]
        if node.get("id") == "unit":
            yield node["value"]
        node = list(node.values())
    for child in node if isinstance(node, list) else []:
        yield from _units_in(child)


class Fields(unittest.TestCase):
    def test_the_last_threshold_that_is_reached_gives_the_colour(self):
        one = fields.Field("v", [], config={"thresholds": {"mode": "absolute", "steps": [{"value": None, "color": "green"}, {"value": 0.7, "color": "#aaaaaa"}, {"value": 0.9, "color": "red"}]}})
        self.assertEqual([fields.threshold_color(one, v) for v in (0, 0.7, 0.95)], [fields.color("green"), "#aaaaaa", fields.color("red")])

    def test_an_override_wins_over_the_defaults_where_it_matches(self):
        frames = [fields.Frame([fields.Field("a", [1], ref="A"), fields.Field("b", [2], ref="B")])]
        fields.dress(frames, {"defaults": {"unit": "s", "custom": {"width": 7}},
                              "overrides": [{"matcher": {"id": "byFrameRefID", "options": "B"}, "properties": [{"id": "unit", "value": "bytes"}, {"id": "custom.width", "value": 9}]}]})
        self.assertEqual([(one.config["unit"], one.custom("width")) for one in frames[0].fields], [("s", 7), ("bytes", 9)])

    def test_a_mapping_gives_a_number_its_word(self):
        one = fields.Field("v", [], config={"mappings": [{"type": "value", "options": {"1": {"text": "kept", "color": "green"}}}, {"type": "range", "options": {"from": 2, "to": 3, "result": {"text": "some"}}}]})
        self.assertEqual([fields.mapped(one, v)[0] for v in (1.0, 2.5, 7.0)], ["kept", "some", None])


class Transformations(unittest.TestCase):
    def test_merge_puts_values_of_one_role_into_one_row(self):
        frames = [fields.Frame([fields.Field("role", ["lb", "cdn"], "string"), fields.Field("Value #A", [1, 2])]),
                  fields.Frame([fields.Field("role", ["cdn"], "string"), fields.Field("Value #B", [5])])]
        done = transforms.apply(frames, [{"id": "merge", "options": {}}, {"id": "sortBy", "options": {"sort": [{"field": "role"}]}},
                                         {"id": "organize", "options": {"excludeByName": {"Value #A": True}, "renameByName": {"Value #B": "Errors"}}}])
        self.assertEqual([(one.title, one.values) for one in done[0].fields], [("role", ["cdn", "lb"]), ("Errors", [5, None])])

    def test_what_is_not_known_is_refused_by_name(self):
        with self.assertRaisesRegex(transforms.Unsupported, "heatmap"):
            transforms.apply([], [{"id": "heatmap"}])


class Scales(unittest.TestCase):
    def test_ticks_are_round_and_within(self):
        axis, ticks = scale.value_scale([0, 0.23], 120)
        self.assertEqual(ticks, [0, 0.1, 0.2])
        self.assertLess(axis.at(0.2), axis.at(0.1))
        self.assertEqual(scale.value_scale([100, 2000], 150, unit="bytes")[1][1] % 2, 0)


class Answers(BaseHTTPRequestHandler):
    """A query API: load{role} as instant and as range, nothing for absent, an error for broken(."""
    asked = []

    def do_GET(self):
        url = urlparse(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        Answers.asked.append((url.path, query))
        expression = query.get("query", "")
        if "broken(" in expression:
            return self._send(400, {"status": "error", "errorType": "bad_data", "error": "parse error: unclosed"})
        if url.path.endswith("/values"):
            return self._send(200, {"status": "success", "data": ["cdn", "lb"]})
        metrics = [] if "absent" in expression else [{"role": "cdn"}, {"role": "lb"}] if "load" in expression else [{}]
        if url.path.endswith("/query"):
            result = [{"metric": one, "value": [float(query["time"]), "0.25"]} for one in metrics]
            return self._send(200, {"status": "success", "data": {"resultType": "vector", "result": result}})
        times = range(int(float(query["start"])), int(float(query["end"])) + 1, int(float(query["step"])))
        result = [{"metric": one, "values": [[t, str(i)] for i, t in enumerate(times)]} for one in metrics]
        return self._send(200, {"status": "success", "data": {"resultType": "matrix", "result": result}})

    def _send(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def _panel(kind, expression, **more):
    target = {"refId": "A", "expr": expression, "legendFormat": "{{role}}", "datasource": {"uid": "prometheus"}, **more.pop("target", {})}
    return {"type": kind, "title": f"A {kind}", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "targets": [target],
            "fieldConfig": {"defaults": {"unit": "percentunit"}, "overrides": []}, **more}


class WholePage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = HTTPServer(("127.0.0.1", 0), Answers)
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    def draw(self, panels, *flags, **board):
        path = os.path.join(self.folder.name, "board.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"title": "<Test>", "panels": panels, **board}, file)
        Answers.asked.clear()
        return subprocess.run([sys.executable, os.path.join(ROOT, "tools", "render-dashboard.py"), path, "--prometheus", self.url,
                               "--from", "1000", "--to", "1060", *flags], capture_output=True, text=True, timeout=30, check=False)

    def test_each_kind_of_panel_shows_its_figures_and_no_markup_of_data(self):
        kinds = ["timeseries", "state-timeline", "stat", "gauge", "bargauge", "table"]
        done = self.draw([_panel(kind, "load", target={"format": "table", "instant": True} if kind == "table" else {"instant": kind not in kinds[:2]}) for kind in kinds], "--strict")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count("<section"), len(kinds))
        self.assertIn("25%", done.stdout)
        self.assertIn(">cdn<", done.stdout)
        self.assertIn("&lt;Test&gt;", done.stdout)
        self.assertNotIn("<Test>", done.stdout)

    def test_variables_and_intervals_are_filled_as_grafana_does(self):
        role = {"name": "role", "type": "query", "query": "label_values(up, role)", "datasource": {"uid": "prometheus"}}
        self.draw([_panel("timeseries", "rate(load{role=\"$role\"}[$__rate_interval])", target={"interval": "3s"})], templating={"list": [role]})
        asked = [query["query"] for path, query in Answers.asked if path.endswith("query_range")]
        self.assertEqual(asked, ['rate(load{role="cdn"}[12s])'])
        self.draw([_panel("timeseries", "load{role=~\"${role:regex}\"}")], "--var", "role=lb", templating={"list": [role]})
        self.assertEqual([query["query"] for path, query in Answers.asked if path.endswith("query_range")], ['load{role=~"lb"}'])

    def test_faults_are_told_and_strict_fails_on_them(self):
        for panel, word in [(_panel("stat", "absent"), "no data"), (_panel("stat", "broken("), "parse error"), (_panel("news", "load"), "type 'news'"),
                            (_panel("stat", "load", target={"datasource": {"uid": "other"}}), "uid 'other'")]:
            self.assertEqual(self.draw([panel]).returncode, 0)
            done = self.draw([panel], "--strict")
            self.assertEqual(done.returncode, 1)
            self.assertIn(word, done.stderr)

    def test_annotations_stand_at_their_value_when_it_is_a_time(self):
        mark = {"name": "Changes", "enable": True, "datasource": {"uid": "prometheus"}, "expr": "events", "useValueForTime": True, "titleFormat": "t"}
        window = dashboard.Window(0, 10)
        board = dashboard.Board({"panels": [], "annotations": {"list": [mark]}}, {"prometheus": _Line([4000.0])}, window, {})
        self.assertEqual([at for at, *_ in board.annotations()], [4.0])

    def test_wrong_use_is_answered_with_what_is_right(self):
        self.assertEqual(self.draw([], "--last", "soon").returncode, 2)
        self.assertIn("NAME=VALUE", self.draw([], "--var", "role").stderr)
        self.assertIn("no variable nobody", self.draw([], "--var", "nobody=1").stderr)
        self.assertEqual(self.draw([], "--prometheus", "http://127.0.0.1:1").returncode, 3)
        missing = subprocess.run([sys.executable, os.path.join(ROOT, "tools", "render-dashboard.py"), "/nowhere.json", "--prometheus", self.url], capture_output=True, text=True, check=False)
        self.assertEqual(missing.returncode, 2)
        self.assertIn("/nowhere.json", missing.stderr)


class _Line:
    def __init__(self, values):
        self.values = values

    def range(self, *_):
        from api import Series
        return [Series({}, [5.0] * len(self.values), self.values)]


if __name__ == "__main__":
    unittest.main()
