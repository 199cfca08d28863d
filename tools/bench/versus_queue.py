"""Publish and consume through AMQP: the queue and RabbitMQ."""
import glob
import os
import select
import socket
import struct
import tempfile
import time

from versus_pair import CLIENT_CORE, Pair, SERVER_CORE, Side, libraries, node, spawn

OURS, THEIRS = "127.80.80.1", "127.80.80.2"
BODY = b"x" * 200
BATCH, WINDOW, SECONDS = 100, 2000, 2.0


def frame(kind, channel, payload):
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


def method(channel, class_id, method_id, arguments=b""):
    return frame(1, channel, struct.pack(">HH", class_id, method_id) + arguments)


def short(text):
    return struct.pack("B", len(text)) + text.encode()


class Connection:
    """Just enough of AMQP 0-9-1 to keep a broker busy; one channel."""

    def __init__(self, address, port):
        self.socket = socket.create_connection((address, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(b"AMQP\x00\x00\x09\x01")
        self.buffer = b""
        self.expect(10, 10)
        self.call(0, 10, 11, struct.pack(">I", 0) + short("PLAIN") + struct.pack(">I", 12) + b"\0guest\0guest" + short("en_US"), (10, 30))
        self.socket.sendall(method(0, 10, 31, struct.pack(">HIH", 10, 131072, 0)))
        self.call(0, 10, 40, short("/") + b"\0\0", (10, 41))
        self.call(1, 20, 10, b"\0", (20, 11))

    def read_frame(self):
        while len(self.buffer) < 7 or len(self.buffer) < 8 + struct.unpack(">I", self.buffer[3:7])[0]:
            more = self.socket.recv(1 << 18)
            if not more:
                raise RuntimeError("the broker closed the connection")
            self.buffer += more
        length = 8 + struct.unpack(">I", self.buffer[3:7])[0]
        taken, self.buffer = self.buffer[:length], self.buffer[length:]
        return taken

    def expect(self, class_id, method_id):
        while True:
            got = self.read_frame()
            if got[0] != 1:
                continue
            ids = struct.unpack(">HH", got[7:11])
            if ids == (class_id, method_id):
                return got[11:-1]
            if ids in ((10, 50), (20, 40)):
                raise RuntimeError(repr(got))

    def call(self, channel, class_id, method_id, arguments, answer):
        self.socket.sendall(method(channel, class_id, method_id, arguments))
        return self.expect(*answer)

    def close(self):
        self.call(0, 10, 50, struct.pack(">H", 0) + short("") + struct.pack(">HH", 0, 0), (10, 51))
        self.socket.close()


def publication(queue, persistent):
    header = struct.pack(">HHQHB", 60, 0, len(BODY), 0x1000, 2 if persistent else 1)
    return method(1, 60, 40, b"\0\0" + short("") + short(queue) + b"\0") + frame(2, 1, header) + frame(3, 1, BODY)


class Flow:
    """A publisher and a consumer that acknowledges; at most WINDOW messages are under way."""

    def __init__(self, side, persistent):
        self.publisher, self.consumer = (Connection(side.address, side.port) for _ in range(2))
        queue = "bench-durable" if persistent else "bench"
        flags = b"\x02" if persistent else b"\x00"
        self.publisher.call(1, 50, 10, b"\0\0" + short(queue) + flags + b"\0\0\0\0", (50, 11))
        if persistent:
            self.publisher.call(1, 85, 10, b"\0", (85, 11))
        self.consumer.call(1, 60, 10, struct.pack(">IHB", 0, WINDOW, 0), (60, 11))
        self.consumer.call(1, 60, 20, b"\0\0" + short(queue) + short("c") + b"\0" + b"\0\0\0\0", (60, 21))
        self.batch = publication(queue, persistent) * BATCH
        self.size, self.got, self.sent, self.acked, self.bytes = 0, 0, 0, 0, 0

    def receive(self):
        """Deliveries are all of one length: bytes are counted, not frames."""
        if self.size == 0:
            self.size = sum(len(self.consumer.read_frame()) for _ in range(3))
            self.bytes = self.size + len(self.consumer.buffer)
        else:
            self.bytes += len(self.consumer.socket.recv(1 << 18))
        self.got = self.bytes // self.size
        self.acknowledge(BATCH)

    def acknowledge(self, at_least):
        if self.got - self.acked >= at_least:
            self.consumer.socket.sendall(method(1, 60, 80, struct.pack(">QB", self.got, 1)))
            self.acked = self.got

    def discard_confirms(self):
        while select.select([self.publisher.socket], [], [], 0)[0]:
            self.publisher.socket.recv(1 << 16)

    def run(self, seconds):
        end = time.monotonic() + seconds
        begin, before = time.monotonic(), self.got
        while time.monotonic() < end:
            while self.sent - self.got <= WINDOW - BATCH:
                self.publisher.socket.sendall(self.batch)
                self.sent += BATCH
            self.receive()
            self.discard_confirms()
        rate = (self.got - before) / (time.monotonic() - begin)
        while self.got < self.sent:
            self.receive()
        self.acknowledge(1)
        return rate

    def close(self):
        self.publisher.socket.close()
        self.consumer.close()


def load(persistent):
    def run(side):
        os.sched_setaffinity(0, {int(CLIENT_CORE)})
        flow = Flow(side, persistent)
        try:
            return flow.run(SECONDS)
        finally:
            flow.close()
            os.sched_setaffinity(0, range(os.cpu_count() or 1))
    return run


def erlang(tools, home):
    """A folder with an `erl` that runs the unpacked Erlang: its own script knows no other place than /usr/lib/erlang."""
    root = os.path.join(tools, "usr/lib/erlang")
    runtime = glob.glob(os.path.join(root, "erts-*/bin"))[0]
    folder = os.path.join(home, "bin")
    os.makedirs(folder)
    script = os.path.join(folder, "erl")
    with open(script, "w", encoding="utf-8") as out:
        out.write(f'#!/bin/sh\nexport ROOTDIR={root} BINDIR={runtime} EMU=beam PROGNAME=erl\nexec {runtime}/erlexec "$@"\n')
    os.chmod(script, 0o755)
    return f"{folder}:{runtime}"


def rabbitmq(tools, directory):
    """RabbitMQ unpacked, with an Erlang beside it, all files below the directory."""
    home = tempfile.mkdtemp(prefix="rabbit-", dir=directory)
    with open(os.path.join(home, "rabbitmq.conf"), "w", encoding="utf-8") as out:
        out.write(f"listeners.tcp.1 = {THEIRS}:5672\nloopback_users = none\n")
    server = glob.glob(os.path.join(tools, "usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server"))[0]
    environment = {**libraries(tools), "PATH": erlang(tools, home) + ":" + os.environ["PATH"], "HOME": home,
                   "RABBITMQ_NODENAME": "bench@localhost", "RABBITMQ_MNESIA_BASE": home, "RABBITMQ_LOG_BASE": home,
                   "RABBITMQ_CONFIG_FILE": os.path.join(home, "rabbitmq.conf"), "RABBITMQ_ENABLED_PLUGINS_FILE": os.path.join(home, "plugins"),
                   "RABBITMQ_PID_FILE": os.path.join(home, "pid"), "RABBITMQ_DIST_PORT": "25680", "ERL_EPMD_PORT": "14369",
                   "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1"}
    names = spawn(CLIENT_CORE, [glob.glob(os.path.join(tools, "usr/lib/erlang/erts-*/bin/epmd"))[0]], env=environment)   # else one is left behind
    return Side(THEIRS, 5672, spawn(SERVER_CORE, [server], env=environment, cwd=home), [names])


def pairs(binaries, tools, directory):
    def ours():
        return Side(OURS, 5672, node(binaries, directory, "queue", OURS, {"config": {"queue": {"station": {"service_ms": 0, "slots": 1000}}}}))

    def theirs():
        return rabbitmq(tools, directory)

    yield Pair("publish and consume, transient: queue / RabbitMQ", 1.0, (ours, theirs), load(False))
    yield Pair("publish and consume, persistent and confirmed: queue / RabbitMQ", 1.0, (ours, theirs), load(True))
