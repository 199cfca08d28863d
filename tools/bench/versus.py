#!/usr/bin/env python3
"""Side by side with the real products, printed as ratios: versus.py BIN TOOLS [NAME...] [--rounds N]

BIN: where chaos-node stands; TOOLS: where tools/unpack.sh has unpacked the products (build/tools). NAME: redis, postgres, lb,
server, queue, object_store; none: all. Each product serves on core 0, its client runs on core 1, both take turns in short rounds,
and the ratio is that of the medians. The second ratio is per second of CPU that the server took: it says the same on a machine
that does other work too. Nothing is asserted.
"""
import argparse
import os
import statistics
import sys
import tempfile

import versus_http
import versus_postgres
import versus_queue
import versus_redis

PAIRS = {"redis": versus_redis.pairs, "postgres": versus_postgres.pairs, "lb": versus_http.lb, "server": versus_http.server,
         "queue": versus_queue.pairs, "object_store": versus_http.object_store}


WIDTH = 110      # of a bar's name


def compare(pair, rounds):
    """(ratio of rates, ratio of rates per CPU second, median of ours, of theirs)"""
    ours, theirs = [], []
    pair.load(pair.ours)          # both warm up before it counts
    pair.load(pair.theirs)
    for _ in range(rounds):
        ours.append(pair.round(pair.ours))
        theirs.append(pair.round(pair.theirs))
    rate = [statistics.median(r[0] for r in side) for side in (ours, theirs)]
    cpu = [statistics.median(r[1] for r in side) for side in (ours, theirs)]
    return rate[0] / rate[1], cpu[0] / cpu[1], rate[0], rate[1]


def measure(binaries, tools, names=(), rounds=7):
    binaries, tools = os.path.abspath(binaries), os.path.abspath(tools)
    for name in names or PAIRS:
        with tempfile.TemporaryDirectory(prefix="chaoslab-bench-") as directory:
            for pair in PAIRS[name](binaries, tools, directory):
                with pair:
                    ratio, cpu, ours, theirs = compare(pair, rounds)
                yield f"{pair.title} ({ours:,.0f} / {theirs:,.0f} a second; per CPU {cpu:.2f})", f"{ratio:.2f}", f">= {pair.bound}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("tools")
    parser.add_argument("names", nargs="*", choices=[*PAIRS, []])
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    for name, measured, bound in measure(asked.binaries, asked.tools, asked.names, asked.rounds):
        print(f"{name:{WIDTH}} {measured:>6} {bound:>8}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
