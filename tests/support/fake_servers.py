"""Servers behind a load balancer that do as they are told: one on each address given, port 8080.

/slow answers after 2 s, /err with 500, /close not at all; /readyz as /set/WHAT said last: a status, "hang" or "close".
"""
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

readiness = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def end_here(self):
        self.close_connection = True
        self.connection.close()

    def do_GET(self):
        me = self.server.server_address[0]
        status, body = 200, me
        if self.path.startswith("/set/"):
            readiness[me] = self.path[len("/set/"):]
        elif self.path == "/readyz":
            told = readiness.get(me, "200")
            if told == "hang":
                time.sleep(2)
            elif told == "close":
                return self.end_here()
            elif told == "draining":
                status, body = 503, "draining"
            else:
                status = int(told)
        elif self.path.startswith("/slow"):
            time.sleep(2)
        elif self.path.startswith("/err"):
            status = 500
        elif self.path.startswith("/cookies"):
            body = str(self.headers.get("Cookie"))
        elif self.path.startswith("/close"):
            return self.end_here()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


threads = [threading.Thread(target=Server((address, 8080), Handler).serve_forever) for address in sys.argv[1:]]
for thread in threads:
    thread.start()
