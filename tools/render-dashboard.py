#!/usr/bin/env python3
"""Draws a Grafana dashboard as one HTML page, without Grafana."""
import argparse
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "render"))
sys.dont_write_bytecode = True

import dashboard  # noqa: E402
import page  # noqa: E402
from api import Api, QueryError  # noqa: E402

_ABOUT = """Draws a Grafana dashboard (its JSON) as one self-contained HTML page: the same queries, asked of the same Prometheus, on the same
grid, in the same units and colours. It is a rendering of this project's own, so that a dashboard can be judged where Grafana cannot
run; it is close to what Grafana shows, not equal to it."""
_EXAMPLES = """examples:
  the last two minutes of a lab that runs now (its second octet is in the first line of chaosctl status):
    tools/render-dashboard.py dashboards/json/chaoslab-overview.json --prometheus http://127.0.0.1:9090 --record http://127.42.1.1:7070 -o overview.html
  one role, an hour that is over:
    tools/render-dashboard.py dashboards/json/chaoslab-triage.json --from 1764180000 --to 1764183600 --var role=server -o triage.html
  a picture of it:
    chromium --headless --window-size=1440,900 --screenshot=overview.png overview.html

exit codes: 0 drawn; 1 drawn, but --strict found a fault; 2 wrong arguments or no dashboard; 3 Prometheus does not answer"""


def _span(text):
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if not match or float(match[1]) <= 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no span of time: 120, 90s, 5m, 2h")
    return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


def _variable(text):
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE, as in role=server")
    return name, value


def arguments(argv):
    parser = argparse.ArgumentParser(description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dashboard", help="the dashboard's JSON: dashboards/json/*.json")
    parser.add_argument("-o", "--out", default="-", help="file to write; -: standard output (default)")
    parser.add_argument("--prometheus", default="http://127.0.0.1:9090", metavar="URL", help="answers for data source 'prometheus' (default %(default)s)")
    parser.add_argument("--record", metavar="URL", help="the controller's HTTP address; answers for data source 'lab-record' (annotations, a run's events)")
    parser.add_argument("--last", type=_span, default=120.0, metavar="SPAN", help="the window that ends now: 120, 5m, 2h (default 120 s)")
    parser.add_argument("--from", dest="start", type=float, metavar="UNIX_S", help="begin of the window, instead of --last")
    parser.add_argument("--to", dest="end", type=float, metavar="UNIX_S", help="end of the window (default: now)")
    parser.add_argument("--var", type=_variable, action="append", default=[], metavar="NAME=VALUE", help="a variable's value; otherwise All, or the first that exists")
    parser.add_argument("--width", type=int, default=1440, help="of the page in pixels (default %(default)s)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a panel has no data, or when something could not be drawn")
    chosen = parser.parse_args(argv)
    chosen.end = chosen.end or time.time()
    chosen.start = chosen.end - chosen.last if chosen.start is None else chosen.start
    if chosen.start >= chosen.end:
        parser.error("--from is not before --to")
    if chosen.width < 400:
        parser.error("--width: at least 400")
    return chosen


def render(chosen):
    """(html, faults, notes)."""
    sources = {"prometheus": Api(chosen.prometheus)}
    sources["prometheus"].instant("vector(1)", chosen.end)      # says at once when nobody is there
    if chosen.record:
        sources["lab-record"] = Api(chosen.record)
    board = dashboard.Board(dashboard.load(chosen.dashboard), sources, dashboard.Window(chosen.start, chosen.end), dict(chosen.var))
    panels = board.panels()
    asked = [panel for panel in panels if panel.type != "row"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda panel: board.ask(panel, page.body_size(panel, chosen.width)[0]), asked))
    html = page.page(board, panels, chosen.width)
    faults = [f"{panel.title or panel.type}: {one}" for panel in panels for one in panel.faults] + board.warnings
    notes = [f"{panel.title or panel.type}: {one}" for panel in panels for one in panel.notes]
    return html, faults, notes


def main(argv):
    chosen = arguments(argv)
    try:
        html, faults, notes = render(chosen)
    except dashboard.DashboardError as error:
        print(f"render-dashboard: {error}", file=sys.stderr)
        return 2
    except QueryError as error:
        print(f"render-dashboard: {error}\nIs Prometheus up there? --prometheus URL says where it is.", file=sys.stderr)
        return 3
    for one in faults + notes:
        print(f"{os.path.basename(chosen.dashboard)}: {one}", file=sys.stderr)
    if chosen.out == "-":
        sys.stdout.write(html)
    else:
        with open(chosen.out, "w", encoding="utf-8") as file:
            file.write(html)
    return 1 if chosen.strict and faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
