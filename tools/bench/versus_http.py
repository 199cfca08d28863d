"""wrk: the load balancer and HAProxy before the same server, the server and nginx, the object store and nginx."""
import os
import re
import urllib.request

from procs import eventually
from versus_pair import CLIENT_CORE, Pair, SERVER_CORE, Side, client, libraries, node, spawn, wait_for

OURS, THEIRS, BEHIND = "127.80.70.1", "127.80.70.2", "127.80.70.3"
SECONDS = 2


def wrk(tools, path):
    program = os.path.join(tools, "usr/bin/wrk")

    def run(side):
        out = client([program if os.path.exists(program) else "wrk", "-t1", "-c50", f"-d{SECONDS}", f"http://{side.address}:{side.port}{path}"])
        if "Non-2xx" in out:
            raise RuntimeError(out)
        return float(re.search(r"Requests/sec:\s+([0-9.]+)", out).group(1))
    return run


def nginx(tools, directory, address, port, location, core=SERVER_CORE):
    """One worker, no log, all files below the directory."""
    home = os.path.join(directory, "nginx-" + address)
    os.makedirs(home)
    config = os.path.join(home, "nginx.conf")
    temporary = "".join(f"{kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(config, "w", encoding="utf-8") as out:
        out.write(f"daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log; user root;\n"
                  f"events {{ worker_connections 1024; }}\n"
                  f"http {{ access_log off; keepalive_requests 100000000; {temporary}\n"
                  f"  server {{ listen {address}:{port}; location / {{ {location} }} }} }}\n")
    return spawn(core, [os.path.join(tools, "usr/sbin/nginx"), "-p", home, "-c", config, "-e", os.path.join(home, "error.log")])


def text(tools, directory, address, port, body, core=SERVER_CORE):
    return nginx(tools, directory, address, port, f'default_type text/plain; return 200 "{body}";', core)


def wait_for_answer(url, within=60):
    """Until it is a 200: a load balancer sends nothing to a server before its first check."""
    def answers():
        try:
            return urllib.request.urlopen(url, timeout=5).status == 200
        except OSError:
            return False
    if not eventually(answers, within):
        raise RuntimeError(f"no answer from {url}")


def lb(binaries, tools, directory):
    body = "x" * 200

    def behind():
        return text(tools, directory, BEHIND, 8080, body, CLIENT_CORE)

    def ours():
        server = behind()
        wait_for(BEHIND, 8080)
        peers = [{"name": "server-1", "role": "server", "address": BEHIND, "duty": "DUTY_ACTIVE"}]
        side = Side(OURS, 8080, node(binaries, directory, "lb", OURS, {"peers": peers}), [server])
        wait_for_answer(f"http://{OURS}:8080/")
        return side

    def theirs():
        config = os.path.join(directory, "haproxy.cfg")
        with open(config, "w", encoding="utf-8") as out:
            out.write("global\n  nbthread 1\n  maxconn 2000\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
                      f"frontend f\n  bind {THEIRS}:8080\n  default_backend b\nbackend b\n  server s1 {BEHIND}:8080 check\n")
        return Side(THEIRS, 8080, spawn(SERVER_CORE, [os.path.join(tools, "usr/sbin/haproxy"), "-db", "-f", config], env=libraries(tools)))

    yield Pair("wrk through one proxy to one server: lb / HAProxy with one thread", 0.6, (ours, theirs), wrk(tools, "/"))


def length_of(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return len(answer.read())


def server(binaries, tools, directory):
    def ours():
        state = {"config": {"server": {"station": {"service_ms": 0, "slots": 1000}}}}
        side = Side(OURS, 8080, node(binaries, directory, "server", OURS, state))
        wait_for(OURS, 8080)
        return side

    def theirs():
        return Side(THEIRS, 8080, text(tools, directory, THEIRS, 8080, "x" * length_of(f"http://{OURS}:8080/healthz")))

    yield Pair("wrk, the server's answer of about 200 bytes (/healthz): server / nginx with one worker", 0.85, (ours, theirs), wrk(tools, "/healthz"))


def object_store(binaries, tools, directory):
    def ours():
        state = {"config": {"object_store": {"static_objects": 10, "static_object_kb": 4, "station": {"service_ms": 0, "slots": 1000}}}}
        return Side(OURS, 9000, node(binaries, directory, "object_store", OURS, state))

    def theirs():
        files = os.path.join(directory, "files", "static")
        os.makedirs(files, exist_ok=True)
        os.chmod(directory, 0o755)
        with open(os.path.join(files, "1"), "wb") as out:
            out.write(os.urandom(4096))
        return Side(THEIRS, 9000, nginx(tools, directory, THEIRS, 9000, f"root {os.path.dirname(files)};"))

    yield Pair("wrk, GET of an object of 4 KiB: object_store / nginx serving the file", 0.8, (ours, theirs), wrk(tools, "/static/1"))
