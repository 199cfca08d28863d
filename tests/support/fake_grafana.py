#!/usr/bin/env python3
"""What tools/check-grafana.py asks of Grafana's HTTP API, from the dashboards' files: fake_grafana.py PORT_FILE [--lose UID] [--bend UID]

Grafana itself cannot be installed where the tests run; this stands in for the questions alone. --lose: a dashboard or data source that is
not there; --bend: a dashboard with a panel less, or a data source that does not reach its server.
"""
import argparse
import http.server
import json
import pathlib

DASHBOARDS = pathlib.Path(__file__).resolve().parent.parent.parent / "dashboards" / "json"


class Answer(http.server.BaseHTTPRequestHandler):
    lose = bend = None

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        body = self.answer(parts)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(json.dumps(body if body is not None else {"message": "not found"}).encode())

    def answer(self, parts):
        if parts == ["api", "health"]:
            return {"database": "ok", "version": "0.0.0-fake"}
        if len(parts) < 4 or parts[3] == self.lose:
            return None
        if parts[1] == "datasources":
            return {"status": "ERROR" if parts[3] == self.bend else "OK", "uid": parts[3]}
        path = DASHBOARDS / f"{parts[3]}.json"
        if not path.exists():
            return None
        dashboard = json.loads(path.read_text())
        if parts[3] == self.bend:
            dashboard["panels"].pop()
        return {"dashboard": dashboard, "meta": {"provisioned": True}}

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port_file")
    parser.add_argument("--lose")
    parser.add_argument("--bend")
    arguments = parser.parse_args()
    Answer.lose, Answer.bend = arguments.lose, arguments.bend
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    pathlib.Path(arguments.port_file).write_text(str(server.server_port))
    server.serve_forever()


if __name__ == "__main__":
    main()
