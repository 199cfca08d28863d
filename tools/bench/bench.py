"""Prints the lab's bars: memory, CPU, start, end, injection, recovery, station, client, and the nodes beside the real products.
Nothing is asserted."""
import sys

import bars
import client
import station
import versus


def main():
    binaries = sys.argv[1]
    tools = sys.argv[2]
    print(f"{'bar':{versus.WIDTH}} {'measured':>16} {'bound':>12}")
    for part in (bars.measure, station.measure, client.measure, lambda path: versus.measure(path, tools)):
        for name, measured, bound in part(binaries):
            print(f"{name:{versus.WIDTH}} {measured:>16} {bound:>12}", flush=True)


if __name__ == "__main__":
    main()
