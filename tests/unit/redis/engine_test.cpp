#include "unit/redis/desk.hpp"

#include <gmock/gmock.h>

namespace chaos::redis {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Engine, UnknownCommandsAreAnsweredAsByRedis) {
  Desk desk;
  EXPECT_EQ(desk.text({"FOO", "a", "b"}), "ERR unknown command 'FOO', with args beginning with: 'a' 'b' ");
  EXPECT_EQ(desk.text({"GET"}), "ERR wrong number of arguments for 'get' command");
  EXPECT_EQ(desk.text({"CONFIG", "GET"}), "ERR wrong number of arguments for 'config|get' command");
  EXPECT_EQ(desk.text({"CONFIG", "nope"}), "ERR unknown subcommand 'nope'. Try CONFIG HELP.");
  EXPECT_EQ(desk.engine.totals.error_replies, 4u);
}

TEST(Engine, ALongUnknownCommandIsCutShort) {
  Desk desk;
  EXPECT_LT(desk.text({std::string(10'000, 'x'), std::string(10'000, 'y'), "z"}).size(), 400u);
}

TEST(Engine, EvictsUnderAllkeysLru) {
  Desk desk;
  desk.run({"CONFIG", "SET", "maxmemory", "100kb"});
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(desk.text({"SET", "k" + std::to_string(i), std::string(500, 'x')}), "OK");
  EXPECT_LT(desk.engine.keyspace.used_bytes(), 100u * 1024 + 1000);
  EXPECT_GT(desk.engine.keyspace.counters().evicted, 800u);
  EXPECT_FALSE(desk.run({"GET", "k999"}).is_nil());
  EXPECT_TRUE(desk.run({"GET", "k0"}).is_nil());
}

TEST(Engine, RefusesWritesUnderNoeviction) {
  Desk desk;
  desk.run({"CONFIG", "SET", "maxmemory", "10kb", "maxmemory-policy", "noeviction"});
  resp::Value last;
  for (int i = 0; i < 100 && !last.is_error(); ++i) last = desk.run({"SET", "k" + std::to_string(i), std::string(500, 'x')});
  EXPECT_EQ(last.text, "OOM command not allowed when used memory > 'maxmemory'.");
  EXPECT_FALSE(desk.run({"GET", "k0"}).is_nil());
  EXPECT_EQ(desk.number({"DEL", "k0", "k1"}), 2);
  EXPECT_EQ(desk.text({"SET", "a", "1"}), "OK");
  EXPECT_EQ(desk.engine.totals.oom, 1u);
}

TEST(Engine, ConfigSetTakesAllOrNothing) {
  Desk desk;
  EXPECT_TRUE(desk.run({"CONFIG", "SET", "maxmemory", "5mb", "maxmemory-policy", "sometimes"}).is_error());
  EXPECT_TRUE(desk.run({"CONFIG", "SET", "port", "1"}).is_error());
  EXPECT_TRUE(desk.run({"CONFIG", "SET", "maxmemory", "lots"}).is_error());
  EXPECT_EQ(desk.run({"CONFIG", "GET", "maxmemory"}).items[1].text, "0");
  desk.run({"CONFIG", "SET", "maxmemory", "5mb"});
  EXPECT_EQ(desk.run({"CONFIG", "GET", "MAXMEMORY-*"}).items.size(), 6u);   // policy, samples, clients
  EXPECT_EQ(desk.run({"CONFIG", "GET", "maxmemory"}).items[1].text, "5242880");
}

TEST(Engine, HelloChoosesTheProtocol) {
  Desk desk;
  EXPECT_EQ(desk.text({"HELLO", "4"}), "NOPROTO unsupported protocol version");
  EXPECT_EQ(desk.run({"HELLO"}).kind, resp::Kind::array);
  EXPECT_EQ(desk.run({"HELLO", "3", "SETNAME", "me"}).kind, resp::Kind::map);
  EXPECT_EQ(desk.client.name, "me");
  EXPECT_EQ(desk.run({"CONFIG", "GET", "maxmemory"}).kind, resp::Kind::map);
  EXPECT_EQ(desk.text({"HELLO", "3", "AUTH", "nobody", "x"}), "WRONGPASS invalid username-password pair or user is disabled.");
}

TEST(Engine, AuthIsRefusedAndSelectKnowsOneDatabase) {
  Desk desk;
  EXPECT_THAT(desk.text({"AUTH", "secret"}), HasSubstr("without any password configured"));
  EXPECT_EQ(desk.text({"SELECT", "0"}), "OK");
  EXPECT_EQ(desk.text({"SELECT", "1"}), "ERR DB index is out of range");
}

TEST(Engine, QuitClosesAfterTheAnswer) {
  Desk desk;
  EXPECT_EQ(desk.text({"QUIT"}), "OK");
  EXPECT_TRUE(desk.client.closing);
}

TEST(Engine, ClientsAreListedNamedAndKilled) {
  Desk desk;
  Client other;
  other.remote = "127.0.0.1:4712";
  int closed = 0;
  other.close = [&] { ++closed; };
  desk.engine.join(other);
  desk.run_as(other, {"CLIENT", "SETNAME", "server-1"});
  EXPECT_TRUE(desk.run({"CLIENT", "SETNAME", "two words"}).is_error());
  desk.run({"CLIENT", "SETINFO", "LIB-NAME", "lib"});
  EXPECT_THAT(desk.text({"CLIENT", "LIST"}), AllOf(HasSubstr("addr=127.0.0.1:4712"), HasSubstr("name=server-1"), HasSubstr("lib-name=lib")));
  EXPECT_EQ(desk.number({"CLIENT", "KILL", "ID", std::to_string(other.id)}), 1);
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(desk.text({"CLIENT", "KILL", "1.2.3.4:5"}), "ERR No such client");
  desk.engine.leave(other);
}

TEST(Engine, InfoHasTheSectionsAskedFor) {
  Desk desk;
  desk.run({"SET", "a", "1", "EX", "10"});
  desk.run({"GET", "a"});
  desk.run({"GET", "b"});
  const auto all = desk.text({"INFO"});
  for (const char* field : {"# Server", "redis_version:", "connected_clients:1", "used_memory:", "maxmemory_policy:allkeys-lru",
                            "keyspace_hits:1", "keyspace_misses:1", "used_cpu_user:", "db0:keys=1,expires=1,avg_ttl=10000"}) {
    EXPECT_THAT(all, HasSubstr(field));
  }
  EXPECT_THAT(desk.text({"INFO", "stats"}), AllOf(HasSubstr("# Stats"), Not(HasSubstr("# Server"))));
  EXPECT_THAT(desk.text({"INFO", "commandstats"}), HasSubstr("cmdstat_get:calls=2"));
  desk.run({"CONFIG", "RESETSTAT"});
  EXPECT_THAT(desk.text({"INFO", "stats"}), HasSubstr("keyspace_hits:0"));
}

TEST(Engine, TheHitRatioIsOfTheLastSeconds) {
  Desk desk;
  desk.run({"SET", "a", "1"});
  desk.engine.tick();
  for (int i = 0; i < 4; ++i) desk.run({"GET", i == 0 ? "b" : "a"});
  desk.clock.advance(std::chrono::milliseconds(100));
  desk.engine.tick();
  EXPECT_DOUBLE_EQ(desk.engine.hit_ratio(), 0.75);
  for (int i = 0; i < 60; ++i) desk.engine.tick();
  EXPECT_DOUBLE_EQ(desk.engine.hit_ratio(), 0.75);   // nobody looked since
  desk.run({"GET", "b"});
  desk.engine.tick();
  EXPECT_DOUBLE_EQ(desk.engine.hit_ratio(), 0);
}

TEST(Engine, EveryCommandIsDescribed) {
  Desk desk;
  const auto count = desk.number({"COMMAND", "COUNT"});
  EXPECT_EQ(desk.run({"COMMAND"}).items.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(desk.run({"COMMAND", "DOCS"}).items.size(), static_cast<std::size_t>(2 * count));
  EXPECT_EQ(desk.run({"COMMAND", "INFO", "get", "nope"}).items[1].kind, resp::Kind::nil);
}

TEST(Engine, FlushEmpties) {
  Desk desk;
  desk.run({"SET", "a", "1"});
  EXPECT_EQ(desk.text({"FLUSHALL", "ASYNC"}), "OK");
  EXPECT_EQ(desk.number({"DBSIZE"}), 0);
  EXPECT_EQ(desk.text({"FLUSHDB", "now"}), "ERR syntax error");
}

}  // namespace
}  // namespace chaos::redis
