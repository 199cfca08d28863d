// What a session keeps: prepared statements, cursors, settings, parameters in text and binary; login; cancelling.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresSession : public PostgresNode {};

TEST_F(PostgresSession, PreparedStatementsAndCursors) {
  compat("PostgreSQL", "Sessions", "PREPARE, EXECUTE, DEALLOCATE; DECLARE CURSOR, FETCH, MOVE, CLOSE, WITH HOLD");
  compat("PostgreSQL", "Sessions", "cursors", Compat::differs, "forward only; the rows are made at DECLARE, 16 MB of them at most");
  const std::string out = psql("prepare p(int) as select id, name from items where id = $1; execute p(2); execute p; execute q(1); deallocate p; execute p(2);"
                               "begin; declare c cursor for select id from items order by id; fetch 2 from c; move 3 from c; fetch next from c; close c; fetch 1 from c; rollback;"
                               "declare c cursor for select 1;");
  EXPECT_TRUE(out.starts_with("PREPARE\n2|Item 2\n")) << out;
  for (const char* part : {"wrong number of parameters for prepared statement \"p\"", "26000: prepared statement \"q\" does not exist", "26000: prepared statement \"p\" does not exist",
                           "DECLARE CURSOR\n1\n2\nMOVE 3\n6\nCLOSE CURSOR\n", "34000: cursor \"c\" does not exist", "25P01: DECLARE CURSOR can only be used in transaction blocks"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresSession, AndChainGoesOnWithTheSameModes) {
  compat("PostgreSQL", "Sessions", "COMMIT AND [NO] CHAIN, ROLLBACK AND [NO] CHAIN; SET TRANSACTION in a query string of several statements");
  EXPECT_EQ(psql("begin; delete from items where id = 1; commit and chain; delete from items where id = 2; rollback and chain; delete from items where id = 3; commit and no chain; select count(*) from items;", "-Atq"), "98\n");
  EXPECT_EQ(psql("begin isolation level serializable read only; commit and chain; show transaction_isolation; show transaction_read_only; rollback and no chain; show transaction_isolation;", "-Atq"),
            "serializable\non\nread committed\n");
  const std::string out = psql("commit and chain; rollback and chain; begin; select 1/0; commit and chain; select 'goes on'; commit; commit and nonsense;");
  for (const char* part : {"25P01: COMMIT AND CHAIN can only be used in transaction blocks", "25P01: ROLLBACK AND CHAIN can only be used in transaction blocks", "ROLLBACK\ngoes on\nCOMMIT\n",
                           "42601: syntax error at or near \"nonsense\""}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
  const auto whole = [&](const std::string& sql) { return sh("psql -X -h " + node.address() + " -U shop shop -c \"" + sql + "\"").out; };
  const std::string refused = whole("set transaction read only; delete from items");
  EXPECT_TRUE(has(refused, "cannot execute DELETE in a read-only transaction")) << refused;
  EXPECT_FALSE(has(refused, "WARNING")) << refused;
  EXPECT_TRUE(has(whole("set transaction read only"), "WARNING:  SET TRANSACTION can only be used in transaction blocks"));
  EXPECT_EQ(ask("select count(*) from items"), "98");
}

TEST_F(PostgresSession, CursorsGoWithWhatMadeThem) {
  compat("PostgreSQL", "Sessions", "cursors WITH HOLD stay after COMMIT, go with ROLLBACK; ROLLBACK TO takes those declared since");
  const std::string out = psql("begin; declare a cursor with hold for select 1; rollback; fetch 1 from a; begin; declare b cursor with hold for select 2; commit; begin; rollback; fetch 1 from b;"
                               "begin; declare c cursor for select 3; savepoint s; declare d cursor for select 4; rollback to s; fetch 1 from c; fetch 1 from d; rollback; fetch 1 from c;"
                               "begin; declare e cursor with hold for select 5; select 1/0; commit; fetch 1 from e;");
  EXPECT_TRUE(has(out, "BEGIN\nROLLBACK\n2\nBEGIN\n")) << out;
  EXPECT_TRUE(has(out, "ROLLBACK\n3\n")) << out;
  for (const char* name : {"a", "c", "d", "e"}) EXPECT_TRUE(has(out, "34000: cursor \"" + std::string(name) + "\" does not exist")) << name << "\n" << out;
}

TEST_F(PostgresSession, WhoEndsItselfGetsNoAnswer) {
  compat("PostgreSQL", "Sessions", "pg_terminate_backend and pg_cancel_backend of one's own pid: 57P01 and 57014 instead of a row");
  const std::string ended = psql("select pg_terminate_backend(pg_backend_pid()); select 'after';", "-At");
  EXPECT_TRUE(has(ended, "FATAL:  57P01: terminating connection due to administrator command")) << ended;
  EXPECT_FALSE(has(ended, "t\n") && has(ended, "after")) << ended;
  EXPECT_FALSE(ended.starts_with("t")) << ended;
  const std::string cancelled = psql("select pg_cancel_backend(pg_backend_pid()); select 'after';", "-At");
  EXPECT_TRUE(has(cancelled, "ERROR:  57014: canceling statement due to user request") && has(cancelled, "after\n")) << cancelled;
}

TEST_F(PostgresSession, TheLogsFilesAndTheCheckpoint) {
  compat("PostgreSQL", "Functions", "pg_walfile_name(lsn)");
  compat("PostgreSQL", "Functions", "pg_control_checkpoint()", Compat::differs, "a commit is in the data files at once: the checkpoint is where the log ends, now; there are no multixacts and no commit timestamps");
  compat("PostgreSQL", "Functions", "password_encryption", Compat::differs, "shown and set; passwords are the lab file's");
  EXPECT_EQ(ask("select pg_walfile_name('0/1000028'), pg_walfile_name('16/B374D848')"), "000000010000000000000001|0000000100000016000000B3");
  EXPECT_EQ(ask("select checkpoint_lsn = pg_current_wal_lsn(), redo_wal_file = pg_walfile_name(checkpoint_lsn), timeline_id, abs(extract(epoch from now() - checkpoint_time)) < 60 from pg_control_checkpoint()"), "t|t|1|t");
  EXPECT_EQ(ask("show password_encryption"), "scram-sha-256");
  EXPECT_TRUE(has(psql("set password_encryption = 'plain';"), "22023: invalid value for parameter \"password_encryption\": \"plain\""));
}

TEST_F(PostgresSession, Psycopg2GetsTypedValuesAndNamedCursors) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  compat("Clients", "psycopg2", "types, executemany, named cursors, autocommit, notices, ParameterStatus");
  const std::string out = python(R"py(
k.execute("create table t(i int, big bigint, n numeric(8,2), f float8, b boolean, t text, raw bytea, at timestamptz, d date, span interval)")
k.execute("insert into t values (%s,%s,%s,%s,%s,%s,%s,now(),%s,%s)", (1, 2**40, '1.5', 2.25, True, "it's", psycopg2.Binary(b'\x00\xff'), '2026-03-01', '1 hour'))
k.execute("select i, big, n, f, b, t, raw, d, span, at <= now(), at from t")
row = k.fetchone()
print([type(v).__name__ for v in row])
print(row[0], row[1], row[2], row[3], row[4], row[5], bytes(row[6]), row[7], row[8], row[9], row[10].tzinfo is not None)
k.executemany("insert into t(i, b) values (%s, %s)", [(i, i % 2 == 0) for i in range(2, 302)])
c.commit()
n = c.cursor('walk'); n.itersize = 50
n.execute("select i from t order by i")
print(sum(r[0] for r in n)); n.close(); c.commit()
k.execute("select count(*) from t where b"); print(k.fetchone())
k.execute("select i = any(%s) from t where i = 5", ([1, 5],)); print(k.fetchone())
k.execute("drop table if exists nowhere"); print(c.notices[-1].strip())
print(c.get_parameter_status('server_version'), c.get_parameter_status('TimeZone'), c.encoding, c.server_version // 10000)
k.execute("set application_name = 'renamed'"); print(c.get_parameter_status('application_name'))
c.rollback(); c.autocommit = True
k.execute("vacuum t"); print(c.info.transaction_status)
)py");
  EXPECT_EQ(out, "['int', 'int', 'Decimal', 'float', 'bool', 'str', 'memoryview', 'date', 'timedelta', 'bool', 'datetime']\n"
                 "1 1099511627776 1.50 2.25 True it's b'\\x00\\xff' 2026-03-01 1:00:00 True True\n45451\n(151,)\n(True,)\n"
                 "NOTICE:  table \"nowhere\" does not exist, skipping\n15.0 UTC UTF8 15\nrenamed\n0\n");
}

TEST_F(PostgresSession, ACancelRequestEndsTheStatement) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  compat("PostgreSQL", "Protocol", "CancelRequest: 57014, the session goes on");
  const std::string out = python(R"py(
import threading, time
def later():
    w = psycopg2.connect(host=c.info.host, user='shop', dbname='shop'); w.autocommit = True; q = w.cursor()
    while True:
        q.execute("select count(*) from pg_stat_activity where state = 'active' and query like 'select pg_sleep%'")
        if q.fetchone()[0] == 1: break
        time.sleep(0.01)
    c.cancel()
t = threading.Thread(target=later); t.start()
try: k.execute('select pg_sleep(30)')
except errors.QueryCanceled as e: print(e.pgcode, str(e).strip())
t.join(); c.rollback(); k.execute('select 1'); print(k.fetchone())
)py");
  EXPECT_EQ(out, "57014 canceling statement due to user request\n(1,)\n");
}

// The environment of the node that the fixture starts is this process's.
class PostgresLogin : public testing::Test {
 protected:
  PostgresLogin() { setenv("CHAOSLAB_POSTGRES_PASSWORD", "correct horse", 1); }
  ~PostgresLogin() override { unsetenv("CHAOSLAB_POSTGRES_PASSWORD"); }
  std::string login(const LoneNode& node, const std::string& password, const std::string& program = "psql -X -w -At -c 'select 1'") const {
    return sh("PGPASSWORD='" + password + "' PGHOST=" + node.address() + " PGUSER=shop PGDATABASE=shop " + program).out;
  }
};

TEST_F(PostgresLogin, ScramAdmitsWhoKnowsThePassword) {
  compat("PostgreSQL", "Protocol", "trust and SCRAM-SHA-256 (a password in CHAOSLAB_POSTGRES_PASSWORD), 28P01");
  compat("PostgreSQL", "Protocol", "md5 and password authentication, SCRAM-SHA-256-PLUS", Compat::refused, "SCRAM-SHA-256 alone");
  LoneNode node("postgres", 5432, R"({"config":{"postgres":{"items":10}}})");
  EXPECT_EQ(login(node, "correct horse"), "1\n");
  EXPECT_TRUE(has(login(node, "wrong"), "password authentication failed for user \"shop\"")) << login(node, "wrong");
  EXPECT_TRUE(has(login(node, ""), "no password supplied"));
  EXPECT_EQ(login(node, "correct horse", "/usr/bin/python3 -c 'import psycopg2; k = psycopg2.connect(\"\").cursor(); k.execute(\"select 2\"); print(k.fetchone()[0])'"), "2\n");
  EXPECT_TRUE(has(login(node, "wrong", "psql -X 'sslmode=require' -c 'select 1'"), "server does not support SSL"));
}

TEST_F(PostgresLogin, AReplicaLogsInToo) {
  LoneNode node("postgres", 5432, R"({"config":{"postgres":{"items":10}}})");
  LoneNode replica("replica", 5432, R"({"peers":[{"name":"postgres-1","role":"postgres","address":")" + node.address() + R"(","duty":"DUTY_ACTIVE"}]})");
  EXPECT_TRUE(eventually([&] { return login(replica, "correct horse", "psql -X -At -c 'select count(*) from items'") == "10\n"; }));
}

}  // namespace
}  // namespace chaos::test
