"""Servers behind a load balancer that do as they are told: one on each address given, port 8080, with an agent on port 7777.

/slow answers after 2 s, /err with 500, /close not at all, /half with a part of the body, /big with 12 MB; /readyz as /set/WHAT
said last: a status, "hang" or "close". The agent answers what /agent?TEXT said last, byte by byte; "hang": nothing for 2 s.
/heard tells what was sent to it last.
"""
import socket
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

readiness = {}
agents = {}
heard = {}


def agent(address):
    listener = socket.create_server((address, 7777))
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer_agent, args=(address, connection), daemon=True).start()


def answer_agent(me, connection):
    told = agents.get(me, "\n")
    with connection:
        if told == "hang":
            return time.sleep(2)
        try:
            connection.sendall(told.encode())
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            heard[me] = connection.recv(4096).decode()
            while connection.recv(4096):
                pass
        except OSError:
            pass


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
        elif self.path.startswith("/agent"):
            agents[me] = urllib.parse.unquote_plus(self.path.partition("?")[2])
        elif self.path == "/heard":
            body = heard.get(me, "")
        elif self.path == "/big":
            body = "x" * (12 << 20)
        elif self.path == "/half":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            return self.end_here()
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


for address in sys.argv[1:]:
    threading.Thread(target=agent, args=(address,), daemon=True).start()
threads = [threading.Thread(target=Server((address, 8080), Handler).serve_forever) for address in sys.argv[1:]]
for thread in threads:
    thread.start()
