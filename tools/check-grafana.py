#!/usr/bin/env python3
"""Asks a running Grafana whether everything that the lab provisions is there: check-grafana.py [--url URL]

Each data source is asked to reach its server; each dashboard of dashboards/json is read back and its panels are compared with
those of the file. Exit code 0: all there; 1: something is missing or differs, each named.
"""
import argparse
import base64
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

SOURCES = ["prometheus", "lab-record"]
DASHBOARDS = pathlib.Path(__file__).resolve().parent.parent / "dashboards" / "json"


class Grafana:
    def __init__(self, url, user):
        self.url = url.rstrip("/")
        self.authorization = "Basic " + base64.b64encode(user.encode()).decode()

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Authorization": self.authorization})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while True:
            try:
                return self.get("/api/health")
            except (OSError, ValueError) as error:
                if time.monotonic() > end:
                    sys.exit(f"Grafana does not answer at {self.url}: {error}")
                time.sleep(1)


def why(error):
    return f"{error.code} {error.reason}" if isinstance(error, urllib.error.HTTPError) else str(error)


def check_source(grafana, uid):
    try:
        grafana.get(f"/api/datasources/uid/{uid}")
        health = grafana.get(f"/api/datasources/uid/{uid}/health")
    except (OSError, ValueError) as error:
        return why(error)
    return "" if health.get("status") == "OK" else f"does not reach its server: {health.get('message', health)}"


def panels(dashboard):
    for panel in dashboard.get("panels", []):
        yield panel
        yield from panels(panel)


def titles_and_queries(dashboard):
    return [(p.get("type"), p.get("title"), [t.get("expr") for t in p.get("targets", [])]) for p in panels(dashboard)]


def check_dashboard(grafana, path):
    try:
        found = grafana.get(f"/api/dashboards/uid/{path.stem}")["dashboard"]
    except (OSError, ValueError, KeyError) as error:
        return why(error)
    return "" if titles_and_queries(found) == titles_and_queries(json.loads(path.read_text())) else "its panels differ from the file's"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:3000")
    parser.add_argument("--user", default="admin:" + os.environ.get("CHAOSLAB_GRAFANA_PASSWORD", "chaoslab"), help="NAME:PASSWORD")
    parser.add_argument("--wait", type=float, default=120, help="seconds until it has to answer")
    arguments = parser.parse_args()
    grafana = Grafana(arguments.url, arguments.user)
    version = grafana.wait(arguments.wait).get("version", "?")
    print(f"Grafana {version} at {arguments.url}")
    checks = [(f"data source {uid}", check_source(grafana, uid)) for uid in SOURCES]
    checks += [(f"dashboard {path.stem}", check_dashboard(grafana, path)) for path in sorted(DASHBOARDS.glob("*.json"))]
    for what, failure in checks:
        print(f"{'FAIL' if failure else 'ok  '} {what}{': ' + failure if failure else ''}")
    return 1 if any(failure for _, failure in checks) else 0


if __name__ == "__main__":
    sys.exit(main())
