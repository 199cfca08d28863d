"""The whole lab: memory, CPU, start, end, injection, recovery after kill -9."""
import os
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

from procs import Lab, cpu_seconds, eventually, pss_mb


def answered(url):
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return response.status == 200
    except OSError:
        return False


def start(lab):
    """From typing `chaosctl up` to the first answer through the whole path (cdn, lb, server, redis, replica)."""
    begin = time.monotonic()
    process = subprocess.Popen([lab.ctl_path, "--data", lab.directory, "up", "guided-incident-response", *lab.flags],
                               stdout=subprocess.DEVNULL)
    eventually(lambda: answered("http://127.77.20.1:8080/items/1"))
    took = time.monotonic() - begin
    process.wait()
    return took


def injection(lab):
    times = []
    for _ in range(21):
        reply = lab.json("inject", "latency", "server-1->redis", "--delay-ms", "1")
        times.append(reply["in_force_ms"])
        lab.ctl("clear", reply["id"])
    return statistics.median(times)


def recovery(lab, name):
    """kill -9 until ready again, in seconds beyond the boot time."""
    before = lab.node(name)
    os.kill(int(before["pid"]), signal.SIGKILL)
    begin = time.monotonic()
    eventually(lambda: (n := lab.node(name))["pid"] != before["pid"] and n["attached"] and n["phase"] == "PHASE_READY")
    return time.monotonic() - begin


def measure(binaries):
    with tempfile.TemporaryDirectory(prefix="chaoslab-bench-") as directory:
        lab = Lab(binaries, directory, "--speed", "60", "--octet", "77")
        try:
            yield "chaosctl up to the first answer", f"{start(lab):.2f} s", "1.5 s"
            lab.ctl("traffic", "set", "1900")
            time.sleep(8)
            pids = lab.pids()
            cpu, begin = cpu_seconds(pids), time.monotonic()
            time.sleep(15)
            share = (cpu_seconds(pids) - cpu) / (time.monotonic() - begin)
            rate = lab.json("traffic", "show")["rate"]
            yield f"CPU at 1,900 users ({rate:.0f} requests/s, {len(pids)} processes)", f"{share * 100:.0f} % of a core", "60 %"
            yield "proportional memory of all processes", f"{pss_mb(pids):.0f} MB", "120 MB"
            yield "inject until in force, median of 21", f"{injection(lab):.1f} ms", "100 ms"
            boot = {"server-1": 360, "postgres-1": 60, "redis-1": 30, "queue-1": 30, "lb-1": 30}
            for name, lab_s in boot.items():
                beyond = recovery(lab, name) - lab_s / 60
                yield f"kill -9 {name} until ready, beyond its boot", f"{beyond:.2f} s", "1 s"
        finally:
            begin = time.monotonic()
            lab.ctl("down", check=False)
        yield "chaosctl down", f"{time.monotonic() - begin:.2f} s", "2 s"
