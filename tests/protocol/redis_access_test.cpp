// Who may come in, and who is shown out: passwords, maxclients, output limits, idle clients.
#include "support/compat.hpp"
#include "support/redis_cli.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace chaos::test {
namespace {

TEST(RedisAccess, APasswordIsAskedFor) {
  compat("Redis", "Connection", "AUTH, requirepass, NOAUTH, WRONGPASS, HELLO ... AUTH");
  LoneNode node("redis", 6379, R"({"config":{"redis":{"requirepass":"secret"}}})");
  RedisCli cli(node.address());
  EXPECT_EQ(cli("GET a"), "NOAUTH Authentication required.\n\n");
  EXPECT_TRUE(has(cli("HELLO 3"), "NOAUTH HELLO must be called"));
  EXPECT_TRUE(has(cli("AUTH wrong"), "WRONGPASS invalid username-password pair or user is disabled."));
  EXPECT_EQ(cli("--no-auth-warning -a secret SET a 1"), "OK\n");
  EXPECT_EQ(cli("--no-auth-warning --user default -a secret -3 GET a"), "1\n");
  EXPECT_EQ(cli("--no-auth-warning -a secret CONFIG SET requirepass ''"), "OK\n");
  EXPECT_EQ(cli("GET a"), "1\n");
}

TEST(RedisAccess, MaxclientsRefusesTheNext) {
  compat("Redis", "Clients", "maxclients, timeout, rejected_connections");
  LoneNode node("redis", 6379);
  RedisCli cli(node.address());
  cli("CONFIG SET maxclients 1");
  const std::string refused = sh("(sleep 1.5) | redis-cli -h " + node.address() + " -x ECHO & sleep 0.5; exec 3<>/dev/tcp/" + node.address() +
                                 "/6379; exec 4<>/dev/tcp/" + node.address() + "/6379; head -c 36 <&4; wait").out;
  EXPECT_TRUE(has(refused, "-ERR max number of clients reached")) << refused;
  EXPECT_TRUE(eventually([&] { return cli.info("rejected_connections") >= 1; }));
  cli("CONFIG SET maxclients 100 timeout 1");
  EXPECT_EQ(sh("timeout 10 bash -c 'exec 3<>/dev/tcp/" + node.address() + "/6379; cat <&3; echo closed'").out, "closed\n") << "idle for a second";
}

TEST(RedisAccess, ASlowSubscriberIsClosedAndCounted) {
  compat("Redis", "Pub/sub", "SUBSCRIBE, PSUBSCRIBE, UNSUBSCRIBE, PUNSUBSCRIBE, PUBLISH, PUBSUB CHANNELS, NUMSUB, NUMPAT");
  compat("Redis", "Clients", "client-output-buffer-limit", Compat::differs,
         "a class without a limit is bounded at 64 MB, so that one reader cannot take the node's memory");
  LoneNode node("redis", 6379);
  RedisCli cli(node.address());
  cli("CONFIG SET client-output-buffer-limit 'pubsub 1mb 512kb 60'");
  const std::string out = sh("exec 3<>/dev/tcp/" + node.address() + "/6379; printf 'SUBSCRIBE news\\r\\n' >&3; "
                             "until redis-cli -h " + node.address() + " PUBSUB NUMSUB news | grep -qx 1; do :; done; redis-benchmark -h " + node.address() + " -n 20000 -c 5 -q PUBLISH news $(head -c 2000 /dev/zero | tr '\\0' x) | tail -1; "
                             "redis-cli -h " + node.address() + " PUBSUB NUMSUB news").out;
  EXPECT_TRUE(has(out, "news\n0\n")) << out;
  EXPECT_EQ(cli.info("client_output_buffer_limit_disconnections"), 1);
  const std::string figures = sh("curl -s http://" + node.address() + ":9100/metrics").out;
  EXPECT_LT(RedisCli::number_after(figures, "\nprocess_resident_memory_bytes "), 0.6 * RedisCli::number_after(figures, "\nnode_memory_limit_bytes "));
}

TEST(RedisAccess, PubSubReachesThoseWhoListen) {
  LoneNode node("redis", 6379);
  RedisCli cli(node.address());
  const std::string heard = sh("timeout 2 redis-cli -h " + node.address() + " SUBSCRIBE news > /dev/null & timeout 2 redis-cli -h " + node.address() +
                               " PSUBSCRIBE 'n*' & sleep 0.5; redis-cli -h " + node.address() + " PUBLISH news hello; redis-cli -h " + node.address() +
                               " PUBSUB CHANNELS; redis-cli -h " + node.address() + " PUBSUB NUMPAT; wait").out;
  EXPECT_TRUE(has(heard, "pmessage\nn*\nnews\nhello")) << heard;
  EXPECT_TRUE(has(heard, "2\n")) << heard;
}

TEST(RedisAccess, AClientThatDoesNotReadDoesNotHoldUpTheEnd) {
  LoneNode node("redis", 6379);
  RedisCli cli(node.address());
  const std::string ask = "redis-cli -h " + node.address() + " ";
  TempDir dir;
  const Child slow({"/bin/bash", "-c",
                    "exec 3<>/dev/tcp/" + node.address() + "/6379; printf 'SUBSCRIBE news\\r\\n' >&3; "
                    "until [ $(" + ask + "PUBSUB NUMSUB news | tail -1) = 1 ]; do :; done; "
                    "redis-benchmark -h " + node.address() + " -n 10000 -c 5 -q PUBLISH news $(head -c 2000 /dev/zero | tr '\\0' x); "
                    "printf 'PING\\r\\n' >&3; exec sleep 60"}, dir.path() / "log");   // its answer waits behind the messages
  ASSERT_TRUE(eventually([&] { return has(cli("CLIENT LIST"), "cmd=ping"); }));
  node.process().signal(SIGTERM);
  EXPECT_EQ(node.process().wait(), 0) << node.log();
}

}  // namespace
}  // namespace chaos::test
