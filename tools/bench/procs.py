"""Processes and their figures, from /proc."""
import json
import os
import subprocess
import time


def of_directory(directory):
    """Pids of the lab whose data directory this is."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            line = open(f"/proc/{name}/cmdline", "rb").read().decode(errors="replace")
        except OSError:
            continue
        if directory in line and "chaos-" in line and "chaosctl" not in line:
            found.append(int(name))
    return found


def pss_mb(pids):
    total = 0
    for pid in pids:
        for line in open(f"/proc/{pid}/smaps_rollup"):
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total * 1024 / 1e6


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def eventually(holds, within=20.0):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.002)
    return False


class Lab:
    """A lab in a data directory of its own, through chaosctl."""

    def __init__(self, binaries, directory, *flags):
        self.ctl_path = os.path.join(binaries, "chaosctl")
        self.directory = directory
        self.flags = flags

    def ctl(self, *arguments, check=True):
        command = [self.ctl_path, "--data", self.directory, *arguments]
        return subprocess.run(command, check=check, capture_output=True, text=True).stdout

    def json(self, *arguments):
        return json.loads(self.ctl("-o", "json", *arguments))

    def up(self):
        return self.json("up", "guided-incident-response", *self.flags)

    def node(self, name):
        return next(n for n in self.json("status")["nodes"] if n["name"] == name)

    def pids(self):
        return of_directory(self.directory)
