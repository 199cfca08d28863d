"""A live station against theory: Poisson arrivals at a Redis node whose service takes 5 ms on average.

With a coefficient of variation of 1 the mean wait is Erlang C's: for one slot whatever the service's distribution
(Pollaczek-Khinchine), for several closely (Lee and Longton). Eight nodes at once, so that a minute gives enough arrivals."""
import asyncio
import collections
import json
import math
import os
import random
import subprocess
import tempfile
import time

NODES = 8
SECONDS = 45
Load = collections.namedtuple("Load", "slots rho service_ms")
REQUEST = b"*2\r\n$3\r\nGET\r\n$1\r\nx\r\n"


async def one_request(pool, address, waits):
    begin = time.perf_counter()
    reader, writer = pool.pop() if pool else await asyncio.open_connection(address, 6379)
    writer.write(REQUEST)
    await reader.readline()
    waits.append((time.perf_counter() - begin) * 1000)
    pool.append((reader, writer))


async def drive(address, rate, seed):
    chance, waits, pool, tasks = random.Random(seed), [], [], []
    pool.extend([await asyncio.open_connection(address, 6379) for _ in range(64)])
    at = time.perf_counter()
    end = at + SECONDS
    while at < end:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(one_request(pool, address, waits)))
    await asyncio.gather(*tasks)
    for _, writer in pool:
        writer.close()
    return waits


async def drive_all(addresses, rate):
    parts = await asyncio.gather(*(drive(a, rate, i) for i, a in enumerate(addresses)))
    return [w for part in parts for w in part]


def erlang_c_wait(slots, rho):
    """Mean wait of M/M/c in units of the service time."""
    offered = slots * rho
    below = sum(offered ** k / math.factorial(k) for k in range(slots))
    full = offered ** slots / math.factorial(slots) / (1 - rho)
    return full / (below + full) / (slots * (1 - rho))


def start(binaries, directory, index, load):
    address = f"127.78.50.{index + 1}"
    state = os.path.join(directory, f"{index}.json")
    station = {"slots": load.slots, "queue": 10000, "service_ms": load.service_ms, "service_cv": 1}
    with open(state, "w") as out:
        json.dump({"config": {"redis": {"station": station}}, "seed": index + 1}, out)
    process = subprocess.Popen([os.path.join(binaries, "chaos-node"), "redis", "--name", f"redis-{index}", "--listen", address, "--data",
                                os.path.join(directory, str(index)), "--state", state], stdout=subprocess.DEVNULL)
    return process, address


def measure_one(binaries, load):
    with tempfile.TemporaryDirectory(prefix="chaoslab-bench-") as directory:
        nodes = [start(binaries, directory, i, load) for i in range(NODES)]
        try:
            time.sleep(0.5)
            times = asyncio.run(drive_all([a for _, a in nodes], load.slots * load.rho * 1000 / load.service_ms))
        finally:
            for process, _ in nodes:
                process.terminate()
                process.wait()
    wait = sum(times) / len(times) - load.service_ms
    ratio = wait / (erlang_c_wait(load.slots, load.rho) * load.service_ms)
    return f"live station, {load.slots} slots at {load.rho:.0%}: mean wait / theory ({len(times)} arrivals)", f"{ratio:.2f}", "0.9 to 1.1"


def measure(binaries):
    # Two slots serve more slowly: at a thousand arrivals a second in all, half a millisecond of this client is not to count.
    for load in (Load(1, 0.5, 5), Load(1, 0.7, 5), Load(2, 0.7, 15)):
        yield measure_one(binaries, load)
