#!/usr/bin/env python3
"""Sessions that get in each other's way: postgres_sessions.py HOST SCENARIO. Prints "ok" when each saw what PostgreSQL shows."""
import sys
import threading
import time

import psycopg2
from psycopg2 import errors

HOST = sys.argv[1]
EXCLUSIVE = "update items set stock = stock + %d where id = %d"


def connect(autocommit=False, user="shop"):
    connection = psycopg2.connect(host=HOST, user=user, dbname="shop")
    connection.autocommit = autocommit
    return connection


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def pid(connection):
    return connection.info.backend_pid


class Later(threading.Thread):
    """A statement that runs beside: its rows (or count) or its error."""

    def __init__(self, connection, sql):
        super().__init__(daemon=True)
        self.connection, self.sql, self.rows, self.error = connection, sql, None, None
        self.start()

    def run(self):
        try:
            self.rows = ask(self.connection, self.sql)
        except psycopg2.Error as error:
            self.error = error

    def end(self):
        self.join(20)
        assert not self.is_alive(), "still waits: " + self.sql
        return self.error if self.error else self.rows


def eventually(holds):
    until = time.time() + 20
    while not holds():
        assert time.time() < until, "did not come about"
        time.sleep(0.01)


def blocked(connection, sql):
    """Runs sql beside and returns once the server shows that it waits for a lock."""
    later = Later(connection, sql)
    eventually(lambda: ask(WATCH, f"select 1 from pg_stat_activity where pid = {pid(connection)} and wait_event_type = 'Lock'"))
    return later


def refused(connection, sql, error):
    try:
        ask(connection, sql)
    except error as caught:
        connection.rollback()
        return str(caught).splitlines()[0]
    raise AssertionError("was not refused: " + sql)


WATCH = connect(True)
A, B, C = connect(), connect(), connect()


def rows():
    ask(WATCH, "update items set stock = 0")
    ask(A, EXCLUSIVE % (1, 1))
    assert ask(B, EXCLUSIVE % (1, 2)) == 1                   # another row: nobody waits
    second, third = blocked(B, EXCLUSIVE % (10, 1)), blocked(C, EXCLUSIVE % (100, 1))
    waits = ask(WATCH, f"select pid, wait_event, pg_blocking_pids(pid)::text from pg_stat_activity where wait_event_type = 'Lock' order by pid")
    assert waits == [(pid(B), "transactionid", "{%d}" % pid(A)), (pid(C), "tuple", "{%d}" % pid(B))], waits
    assert ask(WATCH, "select stock from items where id = 1") == [(0,)]       # readers do not wait
    holder = ask(WATCH, f"select transactionid from pg_locks where pid = {pid(A)} and locktype = 'transactionid' and granted")
    wanted = ask(WATCH, f"select transactionid, mode, waitstart <= now() from pg_locks where pid = {pid(B)} and locktype = 'transactionid' and not granted")
    assert wanted == [(holder[0][0], "ShareLock", True)], (holder, wanted)
    tuples = ask(WATCH, "select pid, mode, granted, relation::regclass::text from pg_locks where locktype = 'tuple' order by pid")
    assert tuples == [(pid(B), "ExclusiveLock", True, "items"), (pid(C), "ExclusiveLock", False, "items")], tuples
    A.commit()
    assert second.end() == 1
    assert ask(B, "select stock from items where id = 1") == [(11,)]          # on top of what A committed
    B.rollback()
    assert third.end() == 1
    C.commit()
    assert ask(WATCH, "select stock from items where id in (1, 2)") == [(101,), (0,)]
    assert ask(WATCH, "select count(*) from pg_locks where locktype <> 'virtualxid' and pid <> pg_backend_pid()") == [(0,)]


def deadlock():
    before = ask(WATCH, "select deadlocks from pg_stat_database where datname = 'shop'")[0][0]
    ask(A, EXCLUSIVE % (1, 1))
    ask(B, EXCLUSIVE % (1, 2))
    first = blocked(A, EXCLUSIVE % (1, 2))
    second = Later(B, EXCLUSIVE % (1, 1))
    ends = [first.end(), second.end()]
    victims = [end for end in ends if isinstance(end, errors.DeadlockDetected)]
    assert len(victims) == 1 and 1 in ends, ends
    assert "waits for ShareLock on transaction" in victims[0].diag.message_detail, victims[0].diag.message_detail
    assert "blocked by process %d." % pid(A) in victims[0].diag.message_detail
    A.rollback(), B.rollback()
    assert ask(WATCH, "select deadlocks from pg_stat_database where datname = 'shop'")[0][0] == before + 1


def timeouts():
    ask(A, EXCLUSIVE % (1, 1))
    ask(WATCH, "set lock_timeout = '50ms'")
    assert refused(WATCH, EXCLUSIVE % (1, 1), errors.LockNotAvailable) == "canceling statement due to lock timeout"
    ask(WATCH, "set lock_timeout = 0")
    ask(WATCH, "set statement_timeout = '50ms'")
    assert refused(WATCH, EXCLUSIVE % (1, 1), errors.QueryCanceled) == "canceling statement due to statement timeout"
    assert refused(WATCH, "select count(*) from items a, items b, items c, items d", errors.QueryCanceled) == "canceling statement due to statement timeout"
    ask(WATCH, "set statement_timeout = 0")
    A.rollback()
    for setting, code, sql in (("idle_in_transaction_session_timeout", "25P03", "begin"), ("idle_session_timeout", "57P05", "select 1")):
        idle = connect(True)
        ask(idle, f"set {setting} = '50ms'")
        ask(idle, sql)
        gone = pid(idle)
        eventually(lambda: not ask(WATCH, f"select 1 from pg_stat_activity where pid = {gone}"))


def upgrades():
    ask(A, "select * from items where id = 1 for share")
    ask(B, "select * from items where id = 1 for share")
    last = blocked(C, EXCLUSIVE % (10, 1))
    first = blocked(A, EXCLUSIVE % (1, 1))
    assert ask(WATCH, f"select pg_blocking_pids({pid(A)})::text") == [("{%d}" % pid(B),)]
    B.commit()
    assert first.end() == 1
    A.commit()
    assert last.end() == 1
    C.commit()
    ask(A, "lock table items in share mode"), ask(B, "lock table items in share mode")
    last = blocked(C, EXCLUSIVE % (10, 2))
    first = blocked(A, EXCLUSIVE % (1, 3))
    B.commit()
    assert first.end() == 1
    A.commit()
    assert last.end() == 1
    C.commit()


def other_keys():
    """A duplicate waits for whoever holds the row that has its key, and for nobody else."""
    ask(A, "delete from items where id = 50")
    assert "duplicate key" in refused(B, "insert into items values (3, 'x', 1, 1, 'x')", errors.UniqueViolation)
    A.rollback()
    ask(A, "update items set id = 1050 where id = 50")
    waiter = blocked(B, "insert into items values (50, 'x', 1, 1, 'x')")
    A.commit()
    assert waiter.end() == 1
    B.rollback()


def logged_wait():
    boss = connect(False, "postgres")
    ask(boss, "set log_lock_waits = on")
    ask(boss, "set deadlock_timeout = '20ms'")
    ask(A, EXCLUSIVE % (1, 1))
    waiter = blocked(boss, EXCLUSIVE % (1, 1))
    time.sleep(0.1)
    A.commit()
    assert waiter.end() == 1


def sleepers():
    """A sleeping session keeps no other slow statement waiting; it shows what it does, and wakes for a cancel and a time-out."""
    sleeper, other = connect(True), connect(True)
    long = Later(sleeper, "select pg_sleep(100)")
    eventually(lambda: ask(WATCH, f"select wait_event_type, wait_event from pg_stat_activity where pid = {pid(sleeper)}") == [("Timeout", "PgSleep")])
    assert ask(other, "select pg_sleep(0.05)") == [("",)]
    assert ask(other, "select count(*) from items a, items b, items c") == [(1_000_000,)]
    ask(other, "set statement_timeout = '50ms'")
    assert refused(other, "select pg_sleep(100)", errors.QueryCanceled) == "canceling statement due to statement timeout"
    assert ask(WATCH, f"select pg_cancel_backend({pid(sleeper)})") == [(True,)]
    assert isinstance(long.end(), errors.QueryCanceled)


def cancel_and_terminate():
    ask(A, EXCLUSIVE % (1, 1))
    waiter = blocked(B, EXCLUSIVE % (1, 1))
    assert ask(WATCH, f"select pg_cancel_backend({pid(B)})") == [(True,)]
    assert isinstance(waiter.end(), errors.QueryCanceled)
    B.rollback()
    waiter = blocked(B, EXCLUSIVE % (1, 1))
    B.cancel()                                                # the protocol's own cancel request
    assert isinstance(waiter.end(), errors.QueryCanceled)
    B.rollback()
    waiter = blocked(B, EXCLUSIVE % (1, 1))
    victim = pid(B)
    assert ask(WATCH, f"select pg_terminate_backend({victim})") == [(True,)]
    assert isinstance(waiter.end(), psycopg2.OperationalError)
    eventually(lambda: not ask(WATCH, f"select 1 from pg_stat_activity where pid = {victim}"))
    waiter = blocked(C, EXCLUSIVE % (1, 1))
    assert ask(WATCH, f"select pg_terminate_backend(unnest) from (select {pid(A)} as unnest) as holders") == [(True,)]
    assert waiter.end() == 1                                  # the holder is gone, and what it had written with it
    C.rollback()


def keys():
    ask(WATCH, "create table keyed(id int primary key, k text unique)")
    ask(A, "insert into keyed values (1, 'a')")
    waiter = blocked(B, "insert into keyed values (1, 'b')")
    A.commit()
    assert isinstance(waiter.end(), errors.UniqueViolation)
    B.rollback()
    ask(A, "insert into keyed values (2, 'c')")
    waiter = blocked(B, "insert into keyed values (3, 'c')")
    A.rollback()
    assert waiter.end() == 1                                  # the key never came to be
    B.commit()
    ask(A, "delete from keyed where id = 3")
    waiter = blocked(B, "insert into keyed values (3, 'd')")
    waits = ask(WATCH, f"select locktype, mode from pg_locks where pid = {pid(B)} and (locktype = 'tuple' or not granted)")
    assert waits == [("transactionid", "ShareLock")], waits   # for the transaction, without the tuple's lock
    A.commit()
    assert waiter.end() == 1
    B.commit()
    ask(A, "insert into keyed values (7, 'x')")
    ask(B, "insert into keyed values (8, 'y')")               # other keys: nobody waits
    A.commit(), B.commit()
    assert ask(WATCH, "select id, k from keyed order by id") == [(1, "a"), (3, "d"), (7, "x"), (8, "y")]
    ask(WATCH, "drop table keyed")


def numbers():
    ask(WATCH, "create table log(v int)")
    take = "insert into orders(item_id) values (%d) returning id"
    ids = [ask(A, take % 1), ask(B, take % 2), ask(WATCH, take % 3), ask(A, take % 4), ask(C, take % 5)]
    assert len({i[0][0] for i in ids}) == 5, ids
    B.rollback()
    A.commit(), C.commit()
    assert ask(WATCH, take % 6)[0][0] > max(i[0][0] for i in ids)             # a number that was rolled back is not used again
    for connection, values in ((A, "(1), (2)"), (B, "(10), (20)"), (WATCH, "(100)"), (A, "(3)"), (B, "(30)"), (C, "(1000)")):
        ask(connection, "insert into log values " + values)
    A.commit(), B.commit(), C.commit()
    assert sorted(v for v, in ask(WATCH, "select v from log")) == [1, 2, 3, 10, 20, 30, 100, 1000]
    ask(WATCH, "drop table log")


def for_update():
    ids = "select id from items where id < 4 order by id "
    assert ask(A, ids + "for update") == [(1,), (2,), (3,)]
    assert refused(B, "select id from items where id = 2 for update nowait", errors.LockNotAvailable) == 'could not obtain lock on row in relation "items"'
    assert ask(B, "select id from items order by id limit 2 for update skip locked") == [(4,), (5,)]
    assert ask(C, ids + "for update skip locked") == []
    waiter = blocked(C, "select id, stock from items where id = 2 for share")
    ask(A, "update items set stock = 77 where id = 2")
    A.commit()
    assert waiter.end() == [(2, 77)]                          # what is committed now
    assert ask(A, "select id from items where id = 2 for share") == [(2,)]    # two may share
    A.rollback(), B.rollback(), C.rollback()
    job = "update items set stock = 0 where id = (select id from items where id > 10 order by id limit 1 for update skip locked) returning id"
    assert [ask(c, job) for c in (A, B, C)] == [[(11,)], [(12,)], [(13,)]]
    A.rollback(), B.rollback(), C.rollback()


def lock_table():
    refused(WATCH, "lock table orders", errors.NoActiveSqlTransaction)
    ask(A, "lock table orders in share row exclusive mode")
    assert refused(B, "lock table orders in row exclusive mode nowait", errors.LockNotAvailable) == 'could not obtain lock on relation "orders"'
    writer = blocked(B, "insert into orders(item_id) values (9)")
    assert ask(WATCH, f"select wait_event from pg_stat_activity where pid = {pid(B)}") == [("relation",)]
    ask(WATCH, "select count(*) from orders")                 # readers pass
    A.rollback()
    assert writer.end() == 1
    B.rollback()
    ask(A, "lock table orders")
    reader = blocked(B, "select count(*) from orders")        # ACCESS EXCLUSIVE: not even they
    A.rollback()
    assert len(reader.end()) == 1
    alter = blocked(C, "alter table orders add column note text")             # waits for B's open transaction, which has only read
    behind = blocked(A, "select count(*) from orders")        # and the next reader waits behind it
    assert ask(WATCH, f"select pg_blocking_pids({pid(A)})::text") == [("{%d}" % pid(C),)]
    B.rollback()
    assert alter.end() == -1
    C.rollback()
    assert len(behind.end()) == 1
    A.rollback()


def parked():
    ask(WATCH, "create table steps(v int)")
    ask(A, "insert into steps values (1)")
    ask(A, "savepoint s")
    ask(WATCH, EXCLUSIVE % (1, 1))
    ask(A, "insert into steps values (2)")
    ask(A, "rollback to savepoint s")
    ask(WATCH, EXCLUSIVE % (1, 1))
    ask(A, "insert into steps values (3)")
    assert ask(A, "select v from steps order by v") == [(1,), (3,)]
    assert ask(WATCH, "select v from steps") == []
    ask(A, "create table made(id serial primary key, k text unique)")
    ask(A, "insert into made(k) values ('a')")
    ask(WATCH, EXCLUSIVE % (1, 1))
    ask(A, "insert into made(k) values ('b')")
    ask(WATCH, EXCLUSIVE % (1, 1))
    assert ask(A, "select id, k from made order by id") == [(1, "a"), (2, "b")]
    ask(WATCH, EXCLUSIVE % (1, 1))
    A.commit()
    assert ask(WATCH, "select v from steps order by v") == [(1,), (3,)]
    assert ask(WATCH, "select count(*) from made") == [(2,)]
    ask(WATCH, "drop table steps")
    ask(WATCH, "drop table made")


def snapshots():
    for level in ("REPEATABLE READ", "SERIALIZABLE"):
        A.set_session(isolation_level=level)
        ask(A, "select 1 from items")
        ask(WATCH, EXCLUSIVE % (1, 5))
        assert "concurrent update" in refused(A, EXCLUSIVE % (1, 5), errors.SerializationFailure)
        if level == "REPEATABLE READ":                        # SERIALIZABLE looks at the table
            ask(A, "select 1 from orders")
            ask(WATCH, EXCLUSIVE % (1, 5))
            assert ask(A, EXCLUSIVE % (1, 6)) == 1            # another row than the one that changed
            A.commit()
        ask(A, "select 1 from items")
        ask(B, EXCLUSIVE % (1, 7))
        waiter = blocked(A, EXCLUSIVE % (1, 7))
        B.commit()
        assert isinstance(waiter.end(), errors.SerializationFailure)
        A.rollback()
    B.set_session(isolation_level="SERIALIZABLE")
    for connection, row in ((A, 8), (B, 9)):                  # write skew: each reads what the other writes
        ask(connection, "select sum(stock) from items")
        ask(connection, EXCLUSIVE % (1, row))
    A.commit()
    try:
        B.commit()
        raise AssertionError("both were committed")
    except errors.SerializationFailure as error:
        assert "read/write dependencies" in str(error)


def advisory():
    assert ask(A, "select pg_try_advisory_lock(7)") == [(True,)]
    assert ask(B, "select pg_try_advisory_lock(7)") == [(False,)]
    A.commit()                                                # it is the session's, not the transaction's
    waiter = blocked(B, "select pg_advisory_lock(7)")
    assert ask(WATCH, f"select wait_event, pg_blocking_pids(pid)::text from pg_stat_activity where pid = {pid(B)}") == [("advisory", "{%d}" % pid(A))]
    assert ask(WATCH, "select objid, objsubid, granted from pg_locks where locktype = 'advisory' order by granted") == [(7, 1, False), (7, 1, True)]
    assert ask(A, "select pg_advisory_unlock(7)") == [(True,)]
    assert waiter.end() == [("",)]
    assert ask(B, "select pg_advisory_unlock(7)") == [(True,)]
    assert ask(B, "select pg_advisory_unlock(7)") == [(False,)]
    ask(A, "select pg_advisory_xact_lock(1, 2)")
    waiter = blocked(B, "select pg_advisory_xact_lock(1, 2)")
    A.commit()
    assert waiter.end() == [("",)]
    B.rollback()
    assert ask(WATCH, "select count(*) from pg_locks where locktype = 'advisory'") == [(0,)]


def transfers():
    """Eight clients move stock between twenty rows, in both orders; deadlocks are retried. Nothing is lost."""
    ask(WATCH, "update items set stock = 1000")
    done = []

    def client(seed):
        mine = connect()
        for i in range(60):
            source, target = (seed * 7 + i * 3) % 20 + 1, (seed * 5 + i * 11) % 20 + 1
            while True:
                try:
                    ask(mine, EXCLUSIVE % (-1, source))
                    ask(mine, EXCLUSIVE % (1, target))
                    mine.commit()
                    break
                except errors.DeadlockDetected:
                    mine.rollback()
            done.append(1)

    clients = [threading.Thread(target=client, args=(i,)) for i in range(8)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    assert len(done) == 480, len(done)
    assert ask(WATCH, "select sum(stock), count(*) from items") == [(100_000, 100)]


if __name__ == "__main__":
    globals()[sys.argv[2]]()
    print("ok")
