"""Two servers of the same kind that take turns under the same client."""
import json
import os
import socket
import subprocess
import time

from procs import eventually

SERVER_CORE, CLIENT_CORE = "0", "1" if (os.cpu_count() or 1) > 1 else "0"


def libraries(tools):
    """The environment for a program whose libraries are unpacked beside it."""
    return {**os.environ, "LD_LIBRARY_PATH": os.path.join(tools, "usr/lib", f"{os.uname().machine}-linux-gnu")}


def spawn(core, command, **options):
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(["taskset", "-c", core, *command], **{**quiet, **options})


def node(binaries, directory, role, address, state, core=SERVER_CORE):
    """chaos-node ROLE alone."""
    path = os.path.join(directory, f"{role}-{address}.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(state, out)
    return spawn(core, [os.path.join(binaries, "chaos-node"), role, "--name", f"{role}-1", "--listen", address, "--data",
                        os.path.join(directory, f"{role}-{address}"), "--state", path])


def wait_for(address, port, within=60):
    def accepts():
        with socket.socket() as probe:
            return probe.connect_ex((address, port)) == 0
    if not eventually(accepts, within):
        raise RuntimeError(f"nobody listens at {address}:{port}")


def client(command, **options):
    """Output of a client on its own core."""
    done = subprocess.run(["taskset", "-c", CLIENT_CORE, *command], capture_output=True, text=True, timeout=120, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def tree(pid):
    """The pid and all processes below it."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(open(f"/proc/{name}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def cpu_of(pid):
    """CPU seconds of a process tree, those of its children that have ended included."""
    ticks = 0
    for each in tree(pid):
        try:
            fields = open(f"/proc/{each}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(f) for f in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


class Side:
    """A server under test: where it listens, its process, and processes that only stand behind it."""

    def __init__(self, address, port, process, behind=()):
        self.address, self.port, self.process, self.behind = address, port, process, behind

    def stop(self):
        for process in (self.process, *self.behind):
            process.terminate()
        for process in (self.process, *self.behind):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Pair:
    """title, bound, ours and theirs (functions that make a Side), load (a function of a Side: operations a second)."""

    def __init__(self, title, bound, make, load):
        self.title, self.bound, self.make, self.load = title, bound, make, load
        self.ours = self.theirs = None

    def __enter__(self):
        try:
            self.ours = self.make[0]()
            self.theirs = self.make[1]()
            for side in (self.ours, self.theirs):
                wait_for(side.address, side.port)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for side in (self.ours, self.theirs):
            if side:
                side.stop()

    def round(self, side):
        """(operations a second, operations a CPU second)"""
        cpu, begin = cpu_of(side.process.pid), time.monotonic()
        rate = self.load(side)
        took, used = time.monotonic() - begin, cpu_of(side.process.pid) - cpu
        return rate, rate * took / max(used, 0.001)
