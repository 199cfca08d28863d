"""The client node's arrivals against httperf's, both open loop, on the same CDN node in the same run."""
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.request

SERVER, CLIENT = "127.79.20.1", "127.79.10.1"
SECONDS = 20      # of a window; at 400/s the count of a Poisson process varies by 1.1 % in that time, so it gets a longer one
LONG_SECONDS = 120


def node(binaries, directory, role, address, state):
    path = os.path.join(directory, f"{role}.json")
    with open(path, "w") as out:
        json.dump(state, out)
    return subprocess.Popen([os.path.join(binaries, "chaos-node"), role, "--name", f"{role}-1", "--listen", address, "--data",
                             os.path.join(directory, role), "--state", path], stdout=subprocess.DEVNULL)


def scrape(address):
    with urllib.request.urlopen(f"http://{address}:9100/metrics", timeout=5) as response:
        return response.read().decode()


def total(text, name):
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if re.match(name + r"[{ ]", line))


def buckets(text, name):
    found = re.findall(name + r'_bucket\{[^}]*le="([^"]+)"\} (\S+)', text)
    return [(float(le), float(count)) for le, count in found]


def quantile(before, after, q):
    rows = [(le, a - b) for (le, a), (_, b) in zip(after, before)]
    target, last = rows[-1][1] * q, 0.0
    for le, count in rows:
        if count >= target:
            return le
        last = le
    return last


def ours(binaries, directory, rate):
    traffic = {"users": [{"lab_s": 0, "users": rate * 10}], "think_s": 10, "mix": {"static": 1}, "zipf": 0.9, "items": 10, "statics": 50, "open": True}
    peers = [{"name": "cdn-1", "role": "cdn", "address": SERVER, "duty": "DUTY_ACTIVE"}]
    process = node(binaries, directory, "client", CLIENT, {"peers": peers, "traffic": traffic})
    try:
        time.sleep(3)
        first, begin = scrape(CLIENT), time.monotonic()
        time.sleep(LONG_SECONDS if rate < 1000 else SECONDS)
        second = scrape(CLIENT)
        seconds = time.monotonic() - begin
    finally:
        process.terminate()
        process.wait()
    achieved = (total(second, "client_send_lateness_seconds_count") - total(first, "client_send_lateness_seconds_count")) / seconds
    late = quantile(buckets(first, "client_send_lateness_seconds"), buckets(second, "client_send_lateness_seconds"), 0.99)
    return achieved, late * 1000


def httperf(directory, rate):
    """Lateness of each connection attempt against its place on the grid, from the SYN's time on the wire."""
    capture = os.path.join(directory, f"{rate}.txt")
    with open(capture, "w") as out:
        dump = subprocess.Popen(["tcpdump", "-i", "lo", "-n", "-tt", "-l", "-q", "-B", "32768",
                                 f"dst host {SERVER} and tcp dst port 8080 and tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn"],
                                stdout=out, stderr=subprocess.DEVNULL)
        time.sleep(1)
        subprocess.run(["httperf", "--server", SERVER, "--port", "8080", "--uri", "/static/1", "--rate", str(rate), "--num-conns",
                        str(min(rate * SECONDS, 25000)), "--num-calls", "1", "--timeout", "5"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        dump.terminate()
        dump.wait()
    times = [float(line.split(" ", 1)[0]) for line in open(capture) if line[:1].isdigit()]
    if len(times) < 100:
        return float("nan"), float("nan")
    late = [t - times[0] - i / rate for i, t in enumerate(times)]
    base = min(late)
    late = sorted(x - base for x in late)
    return (len(times) - 1) / (times[-1] - times[0]), late[int(len(late) * 0.99)] * 1000


def measure(binaries):
    with tempfile.TemporaryDirectory(prefix="chaoslab-bench-") as directory:
        store = node(binaries, directory, "object_store", "127.79.90.1", {"config": {"object_store": {"static_objects": 50}}})
        peers = [{"name": "object_store-1", "role": "object_store", "address": "127.79.90.1", "duty": "DUTY_ACTIVE"}]
        cdn = node(binaries, directory, "cdn", SERVER, {"peers": peers, "config": {"cdn": {"ttl_lab_s": 604800}}})
        try:
            time.sleep(0.7)
            for rate in (400, 5000):
                achieved, late = ours(binaries, directory, rate)
                chance = (rate * (LONG_SECONDS if rate < 1000 else SECONDS)) ** -0.5
                yield f"client at {rate}/s: achieved / target (sigma of chance {chance:.2%})", f"{achieved / rate:.4f}", "0.995-1.005"
                other, other_late = httperf(directory, rate)
                yield f"client at {rate}/s: P99 of lateness (bucket bound)", f"{late:.3f} ms", "httperf's"
                yield f"httperf at {rate}/s: P99 of lateness (rate {other / rate:.4f})", f"{other_late:.3f} ms", ""
        finally:
            for process in (cdn, store):
                process.terminate()
                process.wait()
