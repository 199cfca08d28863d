#!/usr/bin/env python3
"""Sessions that meet at foreign keys: postgres_key_sessions.py HOST. Prints "ok" when each saw what PostgreSQL shows. It runs against the real one too."""
from postgres_sessions import A, B, WATCH, ask, blocked, errors, pid, refused

ask(WATCH, "create table parent(id int primary key, note text)")
ask(WATCH, "create table child(id int primary key, parent_id int references parent on delete cascade)")
ask(WATCH, "create table strict(id int primary key, parent_id int references parent)")
ask(WATCH, "insert into parent values (1), (2), (3), (4)")

# Who refers to a row keeps it: its deletion waits, its other columns may change.
ask(A, "insert into strict values (1, 1)")
ask(B, "update parent set note = 'x' where id = 1")
B.commit()
modes = ask(WATCH, f"select relation::regclass::text, mode from pg_locks where pid = {pid(A)} and locktype = 'relation' and relation in ('parent'::regclass, 'strict'::regclass) order by 1")
assert modes == [("parent", "RowShareLock"), ("strict", "RowExclusiveLock")], modes
deletion = blocked(B, "delete from parent where id = 1")
A.commit()
told = deletion.end()
assert isinstance(told, errors.ForeignKeyViolation), told
assert told.diag.constraint_name == "strict_parent_id_fkey" and told.diag.table_name == "strict", told
assert told.diag.message_detail == 'Key (id)=(1) is still referenced from table "strict".', told.diag.message_detail
B.rollback()

# Who deletes a row makes those wait that refer to it; they are told when it is gone.
ask(A, "delete from parent where id = 2")
arrival = blocked(B, "insert into child values (2, 2)")
A.commit()
told = arrival.end()
assert isinstance(told, errors.ForeignKeyViolation), told
assert told.diag.message_detail == 'Key (parent_id)=(2) is not present in table "parent".', told.diag.message_detail
B.rollback()
ask(A, "delete from parent where id = 3")
arrival = blocked(B, "insert into child values (3, 3)")
A.rollback()
assert arrival.end() == 1
B.commit()

# A row that others have deleted, and not yet committed, may be in the way no more.
ask(A, "delete from strict where id = 1")
deletion = blocked(B, "delete from parent where id = 1")
A.commit()
assert deletion.end() == 1
B.commit()

# What was set aside between statements is there at the end, with what it took along.
ask(A, "delete from parent where id = 3")
ask(WATCH, "insert into parent values (9)")
assert ask(WATCH, "select id from child") == [(3,)]
assert ask(A, "select count(*) from child") == [(0,)]
A.commit()
assert ask(WATCH, "select (select count(*) from child), (select array_agg(id order by id)::text from parent)") == [(0, "{4,9}")]
refused(A, "insert into child values (3, 3)", errors.ForeignKeyViolation)

# Who would delete a row waits for those who hold it, though another row refers to it: that one may be gone by then.
ask(WATCH, "insert into strict values (5, 4)")
ask(A, "select * from parent where id = 4 for key share")
deletion = blocked(B, "delete from parent where id = 4")
ask(A, "delete from strict where id = 5")
A.commit()
assert deletion.end() == 1
B.rollback()

# What a row refers to is its own row, whatever others insert meanwhile.
ask(WATCH, "create table tree(id text primary key, up text references tree)")
ask(A, "insert into tree values ('a', 'a')")
ask(B, "insert into tree values ('b', 'b'), ('c', 'b')")
ask(A, "set lock_timeout = '5s'")
assert ask(A, "delete from tree where id = 'a'") == 1
A.commit()
B.commit()
assert ask(WATCH, "select * from tree order by id") == [("b", "b"), ("c", "b")]

# TRUNCATE ... CASCADE waits for who writes to a table that it takes along.
ask(A, "insert into child values (70, null)")
emptying = blocked(B, "truncate parent cascade")
A.commit()
emptying.end()
B.commit()
assert ask(WATCH, "select count(*) from child") == [(0,)]

# A definition waits for those who write, and the other way round.
ask(A, "insert into parent values (10)")
definition = blocked(B, "create table late(parent_id int references parent)")
A.commit()
definition.end()
B.commit()
print("ok")
