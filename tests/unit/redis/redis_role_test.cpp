#include "redis/redis_role.hpp"

#include "faults/fault.hpp"
#include "runtime/dialer.hpp"
#include "runtime/ports.hpp"
#include "support/test_node.hpp"
#include "upstream/redis_connection.hpp"

#include <gmock/gmock.h>

namespace chaos::faults {
FaultEntry flush_fault();
}

namespace chaos::redis {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

RealTime soon() { return RealClock::now() + std::chrono::seconds(5); }

class RedisRoleTest : public testing::Test {
 protected:
  RedisRoleTest() : node("redis"), role(std::make_unique<RedisRole>(node.ctx)) { EXPECT_TRUE(node.run(role->start())); }
  ~RedisRoleTest() override {
    node.run(drained());
    node.stop();
    role.reset();
    EXPECT_EQ(node.failures, std::vector<std::string>{});
  }
  awaitable<int> drained() {
    co_await role->drain();
    co_return 0;
  }

  std::unique_ptr<RedisConnection> connect() {
    auto connection = node.run(RedisConnection::open(node.ctx, node.peer("redis"), soon()));
    EXPECT_TRUE(connection) << connection.error().message();
    return connection ? std::move(*connection) : nullptr;
  }
  resp::Value ask(RedisConnection& connection, std::vector<std::string> args) {
    auto value = node.run(connection.command(std::move(args), soon()));
    EXPECT_TRUE(value) << value.error().message();
    return value ? *value : resp::Value{};
  }

  /// Sends bytes on a connection of their own and gives what comes back until the node closes it.
  awaitable<std::string> talk(std::string bytes) {
    auto stream = co_await dial(node.ctx, node.peer("redis"), ports::kRedis, soon());
    if (!stream) co_return "no connection";
    (*stream)->expires_after(std::chrono::seconds(5));
    co_await (*stream)->write(asio::buffer(bytes));
    std::string out;
    std::array<char, 1024> chunk;
    while (true) {
      auto got = co_await (*stream)->read_some(asio::buffer(chunk));
      if (!got) co_return out + "[" + std::string(error_word(got.error())) + "]";
      out.append(chunk.data(), *got);
    }
  }

  test::TestNode node;
  std::unique_ptr<RedisRole> role;
};

TEST_F(RedisRoleTest, ServesAConnection) {
  auto connection = connect();
  EXPECT_EQ(ask(*connection, {"SET", "a", "1"}).text, "OK");
  EXPECT_EQ(ask(*connection, {"GET", "a"}).text, "1");
  EXPECT_TRUE(ask(*connection, {"GET", "b"}).is_nil());
  EXPECT_TRUE(ask(*connection, {"NOPE"}).is_error());
  EXPECT_THAT(ask(*connection, {"CLIENT", "LIST"}).text, HasSubstr("name=" + node.ctx.name));
}

TEST_F(RedisRoleTest, AnswersAPipelineInOrder) {
  std::string bytes, expected;
  for (int i = 0; i < 2000; ++i) {
    bytes += "ECHO " + std::to_string(1000 + i) + "\r\n";
    expected += "$4\r\n" + std::to_string(1000 + i) + "\r\n";
  }
  EXPECT_EQ(node.run(talk(bytes + "QUIT\r\nPING\r\n")), expected + "+OK\r\n[closed]");
}

TEST_F(RedisRoleTest, GarbageClosesOnlyThatConnection) {
  auto other = connect();
  EXPECT_THAT(node.run(talk("PING\r\n*1\r\nx\r\n")), StartsWith("+PONG\r\n-ERR Protocol error: expected '$', got 'x'\r\n"));
  EXPECT_EQ(ask(*other, {"PING"}).text, "PONG");
}

TEST_F(RedisRoleTest, ACallFaultIsAnErrorAndNothingIsDone) {
  auto connection = connect();
  node.seams.call_verdict.status = 500;
  EXPECT_THAT(ask(*connection, {"SET", "a", "1"}).text, StartsWith("ERR "));
  node.seams.call_verdict.status.reset();
  EXPECT_TRUE(ask(*connection, {"GET", "a"}).is_nil());
}

TEST_F(RedisRoleTest, EmulatedWorkKeepsTheOrderOfAPipeline) {
  auto& config = *node.desired.mutable_config()->mutable_redis();
  config.mutable_station()->set_service_ms(0.5);
  config.mutable_station()->set_slots(1);
  role->reconfigure();
  EXPECT_EQ(node.run(talk("SET a 1\r\nINCR a\r\nGET a\r\nQUIT\r\n")), "+OK\r\n:2\r\n$1\r\n2\r\n+OK\r\n[closed]");
}

TEST_F(RedisRoleTest, ConfigSetStaysUntilTheLabChangesItsOwn) {
  auto connection = connect();
  ask(*connection, {"CONFIG", "SET", "maxmemory", "5mb"});
  role->reconfigure();
  EXPECT_EQ(ask(*connection, {"CONFIG", "GET", "maxmemory"}).items[1].text, "5242880");
  node.desired.mutable_config()->mutable_redis()->set_maxmemory_mb(2);
  role->reconfigure();
  EXPECT_EQ(ask(*connection, {"CONFIG", "GET", "maxmemory"}).items[1].text, "2000000");
}

TEST_F(RedisRoleTest, AnotherSettingOfTheLabLeavesConfigSetAlone) {
  auto connection = connect();
  ask(*connection, {"CONFIG", "SET", "maxmemory", "5mb", "maxmemory-policy", "volatile-lfu"});
  node.desired.mutable_config()->mutable_redis()->set_max_clients(77);
  node.desired.mutable_config()->mutable_redis()->set_maxmemory_policy("allkeys-random");
  role->reconfigure();
  EXPECT_EQ(ask(*connection, {"CONFIG", "GET", "maxclients"}).items[1].text, "77");
  EXPECT_EQ(ask(*connection, {"CONFIG", "GET", "maxmemory"}).items[1].text, "5242880");
  EXPECT_EQ(ask(*connection, {"CONFIG", "GET", "maxmemory-policy"}).items[1].text, "allkeys-random");
}

TEST_F(RedisRoleTest, ServersLogInWithThePassword) {
  node.desired.mutable_config()->mutable_redis()->set_requirepass("secret");
  role->reconfigure();
  auto known = node.run(RedisConnection::open(node.ctx, node.peer("redis"), soon(), "secret"));
  ASSERT_TRUE(known);
  EXPECT_EQ(ask(**known, {"PING"}).text, "PONG");
  EXPECT_FALSE(node.run(RedisConnection::open(node.ctx, node.peer("redis"), soon(), "wrong")));
  EXPECT_FALSE(node.run(RedisConnection::open(node.ctx, node.peer("redis"), soon())));
}

TEST_F(RedisRoleTest, AWaitIsAnsweredByAnotherConnectionAndWhatFollowsIsServed) {
  auto other = connect();
  auto waiting = [&]() -> awaitable<std::string> {
    auto stream = co_await dial(node.ctx, node.peer("redis"), ports::kRedis, soon());
    if (!stream) co_return "no connection";
    const std::string bytes = "BLPOP jobs 5\r\nECHO after\r\nQUIT\r\n";
    co_await (*stream)->write(asio::buffer(bytes));
    const std::vector<std::string> look{"INFO", "clients"}, push{"RPUSH", "jobs", "work"};
    for (bool waits = false; !waits;) {
      auto info = co_await other->command(look, soon());
      if (!info) co_return "no answer";
      waits = info->text.find("blocked_clients:1") != std::string::npos;
    }
    co_await other->command(push, soon());
    std::string out;
    std::array<char, 256> chunk;
    while (true) {
      auto got = co_await (*stream)->read_some(asio::buffer(chunk));
      if (!got) co_return out;
      out.append(chunk.data(), *got);
    }
  };
  EXPECT_EQ(node.run(waiting()), "*2\r\n$4\r\njobs\r\n$4\r\nwork\r\n$5\r\nafter\r\n+OK\r\n");
}

TEST_F(RedisRoleTest, RefusesConnectionsOverMaxclients) {
  auto connection = connect();
  ask(*connection, {"CONFIG", "SET", "maxclients", "1"});
  EXPECT_EQ(node.run(talk("PING\r\n")).substr(0, 36), "-ERR max number of clients reached\r\n");
  const auto refused = node.run(RedisConnection::open(node.ctx, node.peer("redis"), soon()));
  ASSERT_FALSE(refused);
}

TEST_F(RedisRoleTest, TheFlushFaultEmptiesTheKeyspaceOnce) {
  auto connection = connect();
  ask(*connection, {"SET", "a", "1"});
  v1::Fault spec;
  spec.set_probability(1);
  spec.mutable_flush();
  FaultHost host{node.ctx, {}};
  const auto fault = faults::flush_fault().make(spec, node.ctx);
  dynamic_cast<StateFault&>(*fault).begin(host);
  EXPECT_EQ(fault->bites(), 1u);
  EXPECT_EQ(ask(*connection, {"DBSIZE"}).integer, 0);
  ask(*connection, {"SET", "a", "1"});
  EXPECT_EQ(ask(*connection, {"DBSIZE"}).integer, 1);
}

TEST_F(RedisRoleTest, DrainingClosesIdleClients) {
  auto connection = connect();
  node.run(drained());
  const auto value = node.run(connection->command({"PING"}, soon()));
  EXPECT_FALSE(value);
}

}  // namespace
}  // namespace chaos::redis
