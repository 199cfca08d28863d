"""Prints the lab's bars: memory, CPU, start, end, injection, recovery, station, client. Nothing is asserted."""
import sys

import bars
import client
import station


def main():
    binaries = sys.argv[1]
    print(f"{'bar':52} {'measured':>16} {'bound':>12}")
    for part in (bars.measure, station.measure, client.measure):
        for name, measured, bound in part(binaries):
            print(f"{name:52} {measured:>16} {bound:>12}", flush=True)


if __name__ == "__main__":
    main()
