"""pgbench, select-only through prepared statements: the Postgres node and PostgreSQL."""
import glob
import os
import pwd
import re
import subprocess

from versus_pair import Pair, SERVER_CORE, Side, client, node, spawn, wait_for

OURS, THEIRS = "127.80.60.1", "127.80.60.2"
ROWS = 10_000


def pg_bin(tools):
    found = sorted(glob.glob(os.path.join(tools, "usr/lib/postgresql/*/bin")))
    if not found:
        raise RuntimeError("no PostgreSQL below " + tools)
    return found[-1]


def as_user(directory):
    """PostgreSQL refuses root: then it runs as nobody, who needs the directory."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(directory, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def fill(address):
    """The tables of pgbench's select-only script, without pgbench -i, so that both are filled alike."""
    rows = ",".join(f"({i},1,0,'x')" for i in range(1, ROWS + 1))
    sql = ("create table pgbench_accounts(aid int primary key, bid int, abalance int, filler text);"
           f"insert into pgbench_accounts(aid, bid, abalance, filler) values {rows};")
    done = subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", address, "-U", "postgres", "-d", "postgres"], check=False, input=sql, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{address}: {done.stderr}")


def load(pgbench, script):
    def run(side):
        out = client([pgbench, "-n", "-h", side.address, "-U", "postgres", "-M", "prepared", "-c", "10", "-T", "2", "-f", script, "postgres"])
        return float(re.search(r"tps = ([0-9.]+) \(without", out).group(1))
    return run


def pairs(binaries, tools, directory):
    where = pg_bin(tools)
    script = os.path.join(directory, "select.sql")
    with open(script, "w", encoding="utf-8") as out:
        out.write(f"\\set aid random(1, {ROWS})\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n")

    def ours():
        state = {"config": {"postgres": {"items": 10, "station": {"service_ms": 0, "slots": 64}}}}
        side = Side(OURS, 5432, node(binaries, directory, "postgres", OURS, state))
        wait_for(OURS, 5432)
        fill(OURS)
        return side

    def theirs():
        data = os.path.join(directory, "pg")
        os.makedirs(data)
        who = as_user(data)
        os.chmod(directory, 0o755)
        share = os.path.join(tools, "usr/share/postgresql", os.path.basename(os.path.dirname(where)))
        subprocess.run([os.path.join(where, "initdb"), "-L", os.path.abspath(share), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"],
                       check=True, capture_output=True, cwd="/", **who)
        side = Side(THEIRS, 5432, spawn(SERVER_CORE, [os.path.join(os.path.abspath(where), "postgres"), "-D", data, "-h", THEIRS, "-k", data], cwd="/", **who))
        wait_for(THEIRS, 5432)
        fill(THEIRS)
        return side

    yield Pair("pgbench select-only, prepared, 10 clients: ours / PostgreSQL", 0.8, (ours, theirs), load(os.path.join(where, "pgbench"), script))
