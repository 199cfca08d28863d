// Sessions over real sockets, in this process.
#include "postgres/session/server.hpp"
#include "postgres/store/schema.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"
#include "upstream/pg_connection.hpp"

namespace chaos::pg {
namespace {

RealTime soon() { return RealClock::now() + std::chrono::seconds(5); }

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    ServerError error;
    EXPECT_TRUE(server_.listen());
    EXPECT_TRUE(server_.open_database(node_.data / "shop.db", error)) << error.message;
    EXPECT_TRUE(make_schema(server_.engine().database->shared(), 10, error)) << error.message;
  }
  ~ServerTest() override {
    auto end = [this]() -> awaitable<void> { co_await server_.drain(); };
    node_.run(end());
    node_.stop();
    EXPECT_EQ(node_.failures, std::vector<std::string>{});
  }
  awaitable<std::unique_ptr<PgConnection>> open() {
    auto opened = co_await PgConnection::open(node_.ctx, node_.peer("postgres"), {"app", "shop", "test", false}, soon());
    if (!opened) co_return nullptr;
    co_return std::move(*opened);
  }
  // First column of the first row, the tag when there are no rows, or the SQLSTATE.
  static awaitable<std::string> ask(PgConnection& client, std::string sql) {
    const auto rows = co_await client.query(std::move(sql), {}, soon());
    if (!rows) co_return client.sqlstate().empty() ? "lost" : client.sqlstate();
    co_return rows->rows.empty() ? rows->tag : rows->rows[0][0].value_or("null");
  }
  awaitable<void> ask_later(PgConnection& client, std::string sql, std::string& answer) { answer = co_await ask(client, std::move(sql)); }
  awaitable<bool> becomes(PgConnection& client, std::string sql, std::string wanted) {
    for (const RealTime until = soon(); RealClock::now() < until;) {
      if (co_await ask(client, sql) == wanted) co_return true;
      co_await sleep_real(std::chrono::milliseconds(2));
    }
    co_return false;
  }

  test::TestNode node_{"postgres"};
  Server server_{node_.ctx, {{{16, 256}, 0, 0}, 3}, nullptr};
};

TEST_F(ServerTest, AWriterWaitsForTheTransactionThatHoldsTheLockAndActivityShowsIt) {
  auto script = [this]() -> awaitable<void> {
    const auto holder = co_await open(), waiter = co_await open(), watcher = co_await open();
    std::string answer;
    EXPECT_EQ(co_await ask(*holder, "begin"), "BEGIN");
    EXPECT_EQ(co_await ask(*holder, "update items set stock = 1 where id = 1"), "UPDATE 1");
    node_.tasks.spawn("waiter", ask_later(*waiter, "update items set stock = stock + 1 where id = 1", answer));
    EXPECT_TRUE(co_await becomes(*watcher, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'", "1"));
    EXPECT_EQ(co_await ask(*watcher, "select count(*) from items"), "10");   // readers do not wait
    EXPECT_EQ(co_await ask(*holder, "commit"), "COMMIT");
    EXPECT_TRUE(co_await becomes(*watcher, "select stock from items where id = 1", "2"));
    EXPECT_EQ(answer, "UPDATE 1");
  };
  node_.run(script());
}

TEST_F(ServerTest, TheCatalogTellsSizesAndWhoIsThere) {
  auto script = [this]() -> awaitable<void> {
    const auto client = co_await open();
    EXPECT_EQ(co_await ask(*client, "select pg_table_size(oid) > 0 from pg_class where relname = 'items'"), "t");
    EXPECT_EQ(co_await ask(*client, "select pg_relation_size('items') = pg_table_size('items')"), "t");
    EXPECT_EQ(co_await ask(*client, "select pg_relation_size('nowhere')"), "42P01");
    EXPECT_EQ(co_await ask(*client, "select datcollate from pg_database"), "C.UTF-8");
    EXPECT_EQ(co_await ask(*client, "select client_addr from pg_stat_activity where pid = pg_backend_pid()"), node_.ctx.address);
  };
  node_.run(script());
}

TEST_F(ServerTest, AWaitEndsAtItsTimeOutOrWhenItIsCancelled) {
  auto script = [this]() -> awaitable<void> {
    const auto holder = co_await open(), waiter = co_await open(), watcher = co_await open();
    std::string answer;
    co_await ask(*holder, "begin");
    co_await ask(*holder, "delete from items where id = 1");
    co_await ask(*waiter, "set lock_timeout = '20ms'");
    EXPECT_EQ(co_await ask(*waiter, "delete from items where id = 1"), "55P03");
    co_await ask(*waiter, "set lock_timeout = 0");
    node_.tasks.spawn("waiter", ask_later(*waiter, "delete from items where id = 1", answer));
    EXPECT_TRUE(co_await becomes(*watcher, "select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'", "t"));
    EXPECT_TRUE(co_await becomes(*watcher, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'", "0"));
    EXPECT_EQ(answer, "57014");
    co_await ask(*holder, "rollback");
    EXPECT_EQ(co_await ask(*watcher, "select count(*) from items"), "10");
  };
  node_.run(script());
}

TEST_F(ServerTest, SnapshotsDoNotSeeLaterCommitsAndReadCommittedDoes) {
  auto script = [this]() -> awaitable<void> {
    const auto snapshot = co_await open(), committed = co_await open(), writer = co_await open();
    co_await ask(*snapshot, "begin isolation level repeatable read");
    co_await ask(*committed, "begin");
    EXPECT_EQ(co_await ask(*snapshot, "select count(*) from items"), "10");
    EXPECT_EQ(co_await ask(*committed, "select count(*) from items"), "10");
    co_await ask(*writer, "delete from items where id = 3");
    EXPECT_EQ(co_await ask(*snapshot, "select count(*) from items"), "10");
    EXPECT_EQ(co_await ask(*committed, "select count(*) from items"), "9");
    EXPECT_EQ(co_await ask(*snapshot, "delete from items where id = 3"), "40001");
    EXPECT_EQ(co_await ask(*snapshot, "select 1"), "25P02");
  };
  node_.run(script());
}

TEST_F(ServerTest, TheLastSessionsAreForTheSuperuser) {
  server_.config().set_own("superuser_reserved_connections", "2");
  auto script = [this]() -> awaitable<void> {
    const auto app = co_await open();
    EXPECT_FALSE(co_await open());
    auto admin = co_await PgConnection::open(node_.ctx, node_.peer("postgres"), {"postgres", "shop", "test", false}, soon());
    EXPECT_TRUE(admin);
    EXPECT_EQ(co_await ask(**admin, "select count(*) from pg_stat_activity"), "2");
  };
  node_.run(script());
}

TEST_F(ServerTest, ASlowQueryLeavesTheThreadToOthersAndCanBeCancelled) {
  auto script = [this]() -> awaitable<void> {
    const auto slow = co_await open(), other = co_await open();
    std::string answer;
    node_.tasks.spawn("slow", ask_later(*slow, "select count(*) from items a, items b, items c, items d, items e, items f, items g, items h, items i, items j", answer));
    EXPECT_TRUE(co_await becomes(*other, "select count(*) from pg_stat_activity where state = 'active'", "2"));
    EXPECT_TRUE(co_await becomes(*other, "select pg_cancel_backend(pid) from pg_stat_activity where query like '%items j'", "t"));
    EXPECT_TRUE(co_await becomes(*other, "select count(*) from pg_stat_activity where state = 'active'", "1"));
    EXPECT_EQ(answer, "57014");
    EXPECT_EQ(co_await ask(*slow, "set statement_timeout = '20ms'"), "SET");
    EXPECT_EQ(co_await ask(*slow, "select pg_sleep(4)"), "57014");
  };
  node_.run(script());
}

TEST_F(ServerTest, OneSessionTooManyIsRefusedAndATerminatedOneMakesRoom) {
  auto script = [this]() -> awaitable<void> {
    const auto a = co_await open(), b = co_await open(), c = co_await open();
    EXPECT_FALSE(co_await open());
    EXPECT_EQ(co_await ask(*a, "select pg_terminate_backend(max(pid)) from pg_stat_activity"), "t");
    EXPECT_EQ(co_await ask(*c, "select 1"), "57P01");
    EXPECT_FALSE(c->usable());
    EXPECT_TRUE(co_await becomes(*a, "select count(*) from pg_stat_activity", "2"));
    EXPECT_TRUE(co_await open());
  };
  node_.run(script());
}

TEST_F(ServerTest, ACallFaultIsAnInternalErrorAndTheSessionGoesOn) {
  auto script = [this]() -> awaitable<void> {
    const auto client = co_await open();
    node_.seams.call_verdict.status = 500;
    EXPECT_EQ(co_await ask(*client, "select 1"), "XX000");
    node_.seams.call_verdict.status.reset();
    EXPECT_EQ(co_await ask(*client, "select 1"), "1");
  };
  node_.run(script());
}

TEST_F(ServerTest, SavepointsUndoWhatTheyCoverInTheLogToo) {
  auto script = [this]() -> awaitable<void> {
    const auto client = co_await open();
    for (const char* sql : {"begin", "insert into orders(item_id) values (1)", "savepoint s", "insert into orders(item_id) values (2)",
                            "rollback to s", "insert into orders(item_id) values (3)", "commit"}) {
      co_await ask(*client, sql);
    }
    EXPECT_EQ(co_await ask(*client, "select group_concat(item_id) from orders"), "1,3");
    std::vector<LogRecord> records;
    Database& database = *server_.engine().database;
    EXPECT_TRUE(database.log().read(database.shared(), 0, 1 << 20, records));
    EXPECT_EQ(records.size(), 1u);
    ChangeReader reader(records.at(0).payload);
    Change change;
    std::vector<std::int64_t> items;
    while (reader.next(change)) items.push_back(std::get<std::int64_t>(change.values.at(1)));
    EXPECT_EQ(items, (std::vector<std::int64_t>{1, 3}));
  };
  node_.run(script());
}

}  // namespace
}  // namespace chaos::pg
