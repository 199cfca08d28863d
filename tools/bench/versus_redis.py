"""redis-benchmark at 50 connections: the Redis node and redis-server."""
import os

from versus_pair import Pair, SERVER_CORE, Side, client, node, spawn

OURS, THEIRS = "127.80.50.1", "127.80.50.2"


def load(command):
    def run(side):
        out = client(["redis-benchmark", "-h", side.address, "-p", str(side.port), "-t", command, "-c", "50", "-n", "60000", "-d", "64",
                      "-r", "10000", "--csv"])
        return float(out.strip().splitlines()[-1].split(",")[1].strip('"'))
    return run


def pairs(binaries, tools, directory):
    def ours():
        state = {"config": {"redis": {"maxmemory_mb": 256, "station": {"service_ms": 0, "slots": 1}}}}
        return Side(OURS, 6379, node(binaries, directory, "redis", OURS, state))

    def theirs():
        server = os.path.join(tools, "usr/bin/redis-server")      # of redis-server, a link into redis-tools
        return Side(THEIRS, 6379, spawn(SERVER_CORE, [server, "--bind", THEIRS, "--save", "", "--appendonly", "no",
                                                      "--protected-mode", "no"], cwd=directory))

    for command in ("get", "set"):
        yield Pair(f"redis-benchmark {command.upper()}, 50 connections: ours / redis-server", 0.95, (ours, theirs), load(command))
