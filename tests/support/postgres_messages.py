#!/usr/bin/env python3
"""Message by message: postgres_messages.py HOST SCENARIO. Prints "ok" when the server answers as PostgreSQL 15 does."""
import socket
import struct
import sys
import time

HOST = sys.argv[1]


def message(kind, body=b""):
    return kind.encode() + struct.pack("!i", len(body) + 4) + body


def text(*words):
    return b"".join(word.encode() + b"\0" for word in words)


def query(sql):
    return message("Q", text(sql))


def parse(sql, name=""):
    return message("P", text(name, sql) + struct.pack("!h", 0))


def bind(statement="", portal=""):
    return message("B", text(portal, statement) + struct.pack("!hhh", 0, 0, 0))


def execute(portal="", rows=0):
    return message("E", text(portal) + struct.pack("!i", rows))


def run(sql):
    return parse(sql) + bind() + execute()


SYNC = message("S")


class Session:
    def __init__(self, user="shop"):
        self.socket = socket.create_connection((HOST, 5432), timeout=20)
        self.rest = b""
        body = struct.pack("!i", 196608) + text("user", user, "database", "shop") + b"\0"
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        self.pid = next(struct.unpack("!i", body[:4])[0] for kind, body in self.answers() if kind == "K")

    def next(self):
        while len(self.rest) < 5 or len(self.rest) <= struct.unpack("!i", self.rest[1:5])[0]:
            bytes_ = self.socket.recv(65536)
            if not bytes_:
                return "end", b""
            self.rest += bytes_
        length = struct.unpack("!i", self.rest[1:5])[0]
        kind, body, self.rest = chr(self.rest[0]), self.rest[5:length + 1], self.rest[length + 1:]
        return kind, body

    def answers(self, until="Z"):
        out = [self.next()]
        while out[-1][0] not in (until, "end"):
            out.append(self.next())
        return out

    def say(self, *messages, until="Z"):
        """What comes until ReadyForQuery, in short: tags, SQLSTATEs, values of the first column, its state."""
        self.socket.sendall(b"".join(messages))
        return [short(kind, body) for kind, body in self.answers(until) if kind not in tuple("12345ntTS")]


def short(kind, body):
    if kind in ("E", "N"):
        fields = {field[:1]: field[1:].decode() for field in body.split(b"\0") if field}
        return fields[b"C"]
    if kind == "D":
        length = struct.unpack("!i", body[2:6])[0]
        return body[6:6 + length].decode()
    return body.rstrip(b"\0").decode() if kind in ("C", "Z") else kind


def check(got, wanted):
    assert got == wanted, "%s instead of %s" % (got, wanted)


def gone(pid):
    watch = Session("postgres")
    until = time.time() + 20
    while watch.say(query("select 1 from pg_stat_activity where pid = %d" % pid))[0] == "1":
        assert time.time() < until, "the session is still there"
        time.sleep(0.01)


def pipeline():
    """What comes up to Sync is one transaction, as is what is left of a query string behind its COMMIT."""
    a, b = Session(), Session()
    a.say(query("create table pipe(id int primary key)"))
    check(a.say(run("insert into pipe values (1)"), run("insert into pipe values (1)"), SYNC), ["INSERT 0 1", "23505", "I"])
    check(a.say(query("select count(*) from pipe")), ["0", "SELECT 1", "I"])
    check(a.say(run("insert into pipe values (2)"), message("H"), until="C"), ["INSERT 0 1"])
    check(b.say(query("select count(*) from pipe")), ["0", "SELECT 1", "I"])
    check(a.say(run("insert into pipe values (3)"), SYNC), ["INSERT 0 1", "I"])
    check(b.say(query("select count(*) from pipe")), ["2", "SELECT 1", "I"])
    check(a.say(query("begin; insert into pipe values (4); commit; insert into pipe values (5); insert into pipe values (5)")),
          ["BEGIN", "INSERT 0 1", "COMMIT", "INSERT 0 1", "23505", "I"])
    check(b.say(query("select count(*) from pipe")), ["3", "SELECT 1", "I"])
    check(a.say(query("insert into pipe values (6); commit")), ["INSERT 0 1", "25P01", "COMMIT", "I"])
    check(a.say(run("begin"), run("insert into pipe values (7)"), SYNC), ["BEGIN", "INSERT 0 1", "T"])
    check(a.say(run("rollback"), SYNC), ["ROLLBACK", "I"])


def skipping():
    """After an error nothing counts until Sync, a simple query neither."""
    a = Session()
    check(a.say(parse("selec"), query("select 1"), run("select 2"), SYNC), ["42601", "I"])
    check(a.say(query("select 3")), ["3", "SELECT 1", "I"])


def portals():
    a = Session()
    check(a.say(parse("select 1"), bind(portal="x"), bind(portal="x"), SYNC), ["42P03", "I"])
    check(a.say(parse("select generate_series(1, 3)"), bind(), execute(rows=2), execute(rows=2), SYNC), ["1", "2", "s", "3", "SELECT 1", "I"])
    a.say(query("create table once(id int)"))
    check(a.say(parse("insert into once values (1)"), bind(), execute(), execute(), SYNC), ["INSERT 0 1", "55000", "I"])
    check(a.say(query("begin")), ["BEGIN", "T"])
    check(a.say(parse("close x"), bind(portal="x"), execute("x"), SYNC), ["24000", "E"])
    check(a.say(query("rollback")), ["ROLLBACK", "I"])
    for _ in range(20):
        check(a.say(parse("close all"), bind(portal="y"), execute("y"), SYNC), ["CLOSE CURSOR ALL", "I"])
    check(a.say(run("deallocate all"), SYNC), ["DEALLOCATE ALL", "I"])
    check(a.say(run("discard all"), SYNC), ["DISCARD ALL", "I"])
    check(a.say(query("begin; discard all")), ["BEGIN", "25001", "E"])


def execute_of_execute():
    """Statements that name no query, or each other: refused, and the server stays."""
    a = Session()
    check(a.say(parse("", "nothing"), SYNC, until="Z"), ["I"])
    check(a.say(query("execute nothing")), ["EXECUTE", "I"])
    check(a.say(parse("execute again", "again"), SYNC), ["I"])
    check(a.say(message("D", b"S" + text("again")), SYNC), ["I"])
    check(a.say(bind("again"), execute(), SYNC), ["54001", "I"])
    for sql in ("prepare p as execute p", "prepare p as begin", "prepare p as prepare q as select 1", "explain explain select 1", "copy (explain select 1) to stdout"):
        check(a.say(query(sql)), ["42601", "I"])
    check(a.say(query("create table c as execute again")), ["0A000", "I"])


def bounds():
    """What would take the server's stack or its memory."""
    a = Session()
    for deep in ("select " + "(" * 500_000 + "1", "select " + "array[" * 200_000, "select " + "lower(" * 150 + "'a'" + ")" * 150,
                 "select 1" + "||'a'" * 2_000):
        check(a.say(query(deep)), ["54001", "I"])
    check(a.say(query("select 1 where 1 in (" + "1," * 300_000 + "1)")), ["54000", "I"])
    for repeated in ("explain ", "prepare p as ", "copy ("):
        check(a.say(query(repeated * 20_000 + "select 1"))[0][:2] in ("42", "54"), True)
    check(Session().say(query("select 1")), ["1", "SELECT 1", "I"])


def terminated():
    """pg_terminate_backend reaches a session that waits for its client, in the middle of a COPY or of a message."""
    watch, a = Session("postgres"), Session()
    check(a.say(query("begin"), until="Z"), ["BEGIN", "T"])
    check(a.say(query("update items set stock = 7 where id = 1")), ["UPDATE 1", "T"])
    a.socket.sendall(query("copy items(id) from stdin"))
    check(a.next()[0], "G")
    shown = "select concat_ws(' ', state, wait_event_type, wait_event) from pg_stat_activity where pid = %d" % a.pid
    check(watch.say(query(shown)), ["active Client ClientRead", "SELECT 1", "I"])
    check(watch.say(query("select pg_terminate_backend(%d)" % a.pid)), ["t", "SELECT 1", "I"])
    gone(a.pid)
    check(a.answers()[0][0], "E")
    check(watch.say(query("update items set stock = 8 where id = 1")), ["UPDATE 1", "I"])
    b = Session()
    b.socket.sendall(query("select 1")[:7])
    watch.say(query("select pg_terminate_backend(%d)" % b.pid))
    gone(b.pid)
    check([short(*each) for each in b.answers()], ["57P01", "end"])


def idle():
    """Who lets its time pass is told why, in the words of PostgreSQL."""
    for setting, sql, code, why in (("idle_in_transaction_session_timeout", "begin", "25P03", b"terminating connection due to idle-in-transaction timeout"),
                                    ("idle_session_timeout", "select 1", "57P05", b"terminating connection due to idle-session timeout")):
        a = Session()
        a.say(query("set %s = '50ms'" % setting))
        a.say(query(sql))
        kind, body = a.next()
        check((short(kind, body), why in body), (code, True))
        check(a.next()[0], "end")


globals()[sys.argv[2]]()
print("ok")
