#!/usr/bin/env python3
"""Sends the same commands to two servers and compares their replies byte for byte.

differential.py HOST:PORT HOST:PORT FILE...: one command a line, words as a shell takes them; '#' begins a comment. A line
'@3' says HELLO 3 to both, '@2' goes back to RESP2, '@commands' compares what COMMAND tells of each command of the first,
'@info' wants every field of the second's INFO in the first's.
Prints each difference; exit 1 when there is one.
"""
import shlex
import socket
import sys


class Connection:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=10)
        self.file = self.socket.makefile("rb")

    def ask(self, words):
        out = b"*%d\r\n" % len(words)
        for word in words:
            raw = word.encode("latin-1")
            out += b"$%d\r\n%s\r\n" % (len(raw), raw)
        self.socket.sendall(out)
        return self.reply()

    def reply(self):
        line = self.file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind in b"$=" and int(rest) >= 0:
            return line + self.file.read(int(rest) + 2)
        if kind in b"*~>%":
            count = int(rest) * (2 if kind == b"%" else 1)
            return line + b"".join(self.reply() for _ in range(count))
        return line


OWN = {"debug|sleep", "debug|object", "debug|help", "client|setinfo", "client|no-touch"}  # not in 7.0, or not told by it


# How the real one was built, and how it sizes a buffer that the node does not have.
BUILD = {"atomicvar_api", "executable", "gcc_version", "redis_build_id", "redis_git_dirty", "redis_git_sha1", "reply_buffer_expands",
         "reply_buffer_shrinks"}


def info_fields(side):
    lines = side.ask(["INFO", "everything"]).decode().split("\r\n")
    fields = {line.split(":")[0] for line in lines if ":" in line}
    return {field for field in fields if not field.startswith(("cmdstat_", "latency_percentiles_", "errorstat_"))}


def parsed(file):
    line = file.readline()
    kind, rest = line[:1], line[1:-2]
    if kind == b"$":
        return file.read(int(rest) + 2)[:-2].decode() if int(rest) >= 0 else None
    if kind == b"*":
        return [parsed(file) for _ in range(int(rest))]
    return rest.decode()


def commands(side):
    """Arity, flags and key positions of every command and subcommand, by name."""
    side.socket.sendall(b"COMMAND\r\n")
    found = {}

    def walk(rows):
        for row in rows:
            found[row[0]] = (row[1], sorted(row[2]), row[3:6])
            walk(row[9])

    walk(parsed(side.file))
    return found


def main():
    ours, theirs = (Connection(address) for address in sys.argv[1:3])
    asked = different = 0
    for path in sys.argv[3:]:
        for line in open(path, encoding="latin-1"):
            words = shlex.split(line, comments=True)
            if not words:
                continue
            if words[0] == "@info":
                asked += 1
                missing = info_fields(theirs) - info_fields(ours) - BUILD
                if missing:
                    different += 1
                    print(f"INFO lacks {sorted(missing)}")
                continue
            if words[0] == "@commands":
                known = commands(theirs)
                for name, row in commands(ours).items():
                    asked += 1
                    if name not in OWN and row != known.get(name):
                        different += 1
                        print(f"{name}\n  node:  {row}\n  redis: {known.get(name)}")
                continue
            if words[0] in ("@2", "@3"):
                for side in (ours, theirs):
                    side.ask(["HELLO", words[0][1:]])
                continue
            words = [word.encode("latin-1").decode("unicode_escape") if "\\" in word else word for word in words]
            asked += 1
            a, b = ours.ask(words), theirs.ask(words)
            if a != b:
                different += 1
                print(f"{line.strip()}\n  node:  {a!r}\n  redis: {b!r}")
    print(f"{asked} commands, {different} different")
    return 1 if different or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
