#!/usr/bin/env python3
"""A bank under attack: postgres_bank.py HOST SEED TRANSFERS. Eight clients move money with every kind of lock, time-out and savepoint,
while somebody cancels and kills them and somebody reads. Prints "ok" and what it met when no money, no acknowledged transfer and no
lock was lost or made up."""
import collections
import random
import sys
import threading
import time

import psycopg2

HOST, SEED, TRANSFERS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ACCOUNTS, START, CLIENTS = 12, 1000, 8


def connect(user="shop", autocommit=False):
    connection = psycopg2.connect(host=HOST, user=user, dbname="shop")
    connection.autocommit = autocommit
    return connection


def ask(connection, sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


BOSS = connect("postgres", True)
met, wrong = collections.Counter(), []
acknowledged, unknown = {}, set()      # unknown: the connection ended under COMMIT


def move(c, source, target, amount):
    ask(c, "update acc set bal = bal - %s where id = %s", amount, source)
    ask(c, "update acc set bal = bal + %s where id = %s", amount, target)


def leg(c, r):
    source, target, amount = *r.sample(range(1, ACCOUNTS + 1), 2), r.randint(1, 20)
    kind = r.choice(["plain", "update", "share", "savepoint", "nowait", "skip"])
    if kind in ("update", "share", "nowait"):
        clause = {"update": "update", "share": "share", "nowait": "update nowait"}[kind]
        (seen,), = ask(c, "select bal from acc where id = %s for " + clause, source)
        ask(c, "update acc set bal = %s where id = %s", seen - amount, source)      # lost if anybody came between
        ask(c, "update acc set bal = bal + %s where id = %s", amount, target)
        return source, target, amount
    if kind == "savepoint":
        ask(c, "savepoint s")
        move(c, source, target, 777)
        try:
            ask(c, r.choice(["select 1 from missing", "insert into acc values (1, 1)", "select 1"]))
        except psycopg2.Error as error:
            if error.pgcode not in ("42P01", "23505"):
                raise
        ask(c, "rollback to s")
    if kind == "skip":
        free = ask(c, "select id from acc order by bal limit 2 for update skip locked")
        if len(free) == 2:
            source, target = free[0][0], free[1][0]
    move(c, source, target, amount)
    return source, target, amount


def transfer(c, r, name):
    if r.random() < 0.2:
        ask(c, "set transaction isolation level repeatable read")
    if r.random() < 0.3:
        ask(c, "set local %s = %d" % (r.choice(["statement_timeout", "lock_timeout"]), r.choice([5, 30, 100])))
    legs = [leg(c, r) for _ in range(r.choice([1, 1, 2, 3]))]
    for one in legs:
        ask(c, "insert into led values (%s, %s, %s, %s)", name, *one)
    if r.random() < 0.1 and ask(c, "select sum(bal) from acc") != [(ACCOUNTS * START,)]:
        wrong.append("a sum inside of " + name)
    if r.random() < 0.1:
        c.rollback()
        return
    unknown.add(name)
    c.commit()
    unknown.discard(name)
    acknowledged[name] = sorted(legs)


def client(number):
    r, c = random.Random(SEED * 1000 + number), None
    for i in range(TRANSFERS):
        name = "%d-%d" % (number, i)
        try:
            c = connect() if c is None or c.closed else c
            transfer(c, r, name)
        except psycopg2.Error as error:
            met[error.pgcode] += 1
            if c is not None and not c.closed:
                unknown.discard(name)          # told that it failed
                try:
                    c.rollback()
                except psycopg2.Error:
                    c = None


def attack():
    r, c = random.Random(SEED), connect("postgres", True)
    while any(thread.is_alive() for thread in clients):
        time.sleep(r.random() * 0.02)
        pids = [pid for pid, in ask(c, "select pid from pg_stat_activity where usename = 'shop'")]
        if pids:
            ask(c, "select %s(%%s)" % r.choice(["pg_terminate_backend", "pg_cancel_backend", "pg_cancel_backend"]), r.choice(pids))


def read():
    c = connect("postgres", True)
    while any(thread.is_alive() for thread in clients):
        if ask(c, "select sum(bal) from acc") != [(ACCOUNTS * START,)]:
            wrong.append("a sum")
        for state, event, begun in ask(c, "select state, wait_event, xact_start from pg_stat_activity where usename = 'shop'"):
            begins = {"idle": False, "idle in transaction": True}.get(state, begun is not None)
            if state.startswith("idle") and (event != "ClientRead" or (begun is not None) != begins):
                wrong.append("%s waits for %s since %s" % (state, event, begun))
        for kind, blockers in ask(c, "select locktype, pg_blocking_pids(pid)::text from pg_locks where not granted"):
            if blockers == "{}":
                wrong.append("a %s is waited for from nobody" % kind)


ask(BOSS, "create table acc(id int primary key, bal int not null)")
ask(BOSS, "create table led(name text, source int, target int, amount int)")
ask(BOSS, "insert into acc select g, %s from generate_series(1, %s) g", START, ACCOUNTS)
ask(BOSS, "alter system set deadlock_timeout = '20ms'")
ask(BOSS, "select pg_reload_conf()")
clients = [threading.Thread(target=client, args=(i,), daemon=True) for i in range(CLIENTS)]
others = [threading.Thread(target=attack, daemon=True), threading.Thread(target=read, daemon=True)]
for thread in clients + others:
    thread.start()
for thread in clients + others:
    thread.join(100)
    assert not thread.is_alive(), "a session hangs"
ledger, expected = collections.defaultdict(list), {i: START for i in range(1, ACCOUNTS + 1)}
for name, source, target, amount in ask(BOSS, "select * from led"):
    ledger[name].append((source, target, amount))
    expected[source] -= amount
    expected[target] += amount
assert dict(ask(BOSS, "select * from acc")) == expected, "the accounts are not what the transfers made of them"
lost = [name for name in acknowledged if sorted(ledger[name]) != acknowledged[name]]
made_up = [name for name in ledger if ledger[name] and name not in acknowledged and name not in unknown]
assert not lost and not made_up and not wrong, (lost[:3], made_up[:3], wrong[:3])
assert len(acknowledged) > TRANSFERS and met["40P01"] + met["55P03"] > 0, (len(acknowledged), met)
until = time.time() + 20
while ask(BOSS, "select count(*) from pg_locks where pid <> pg_backend_pid()") != [(0,)]:
    assert time.time() < until, "locks are left behind"
print("ok", len(acknowledged), dict(met))
