// The Redis tools against a lab under load: what they show can only come from its traffic.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/needs.hpp"
#include "support/redis_cli.hpp"

namespace chaos::test {
namespace {

class RedisUnderLoad : public testing::Test {
 protected:
  RedisUnderLoad() : lab(test_drill("steady"), "--speed 60"), redis(lab.address("redis-1")) {}
  void SetUp() override {
    ASSERT_TRUE(lab.up());
    ASSERT_TRUE(eventually([this] { return redis.info("db0:keys=") > 60; })) << redis("INFO");
  }
  Lab lab;
  RedisCli redis;
};

TEST_F(RedisUnderLoad, ShowTheLoadOfALab) {
  compat("Clients", "redis-cli", "--stat, CLIENT LIST, MONITOR, --scan, --bigkeys under load");
  const std::string stat = sh("timeout 3.5 stdbuf -oL redis-cli -h " + redis.address() + " -i 1 --stat").out;
  EXPECT_NE(stat.find("keys"), std::string::npos) << stat;
  EXPECT_NE(stat.find("(+"), std::string::npos) << "requests grow from look to look: " << stat;
  const std::string clients = redis("CLIENT LIST");
  EXPECT_NE(clients.find("name=server-1"), std::string::npos) << clients;
  EXPECT_NE(clients.find("name=server-2"), std::string::npos) << clients;
  const std::string seen = sh("timeout 2 redis-cli -h " + redis.address() + " MONITOR").out;
  EXPECT_NE(seen.find("\"GET\" \"item:"), std::string::npos) << seen.substr(0, 500);
  EXPECT_NE(redis("--scan --pattern 'item:*'").find("item:"), std::string::npos);
  const std::string big = redis("--bigkeys");
  EXPECT_NE(big.find("Biggest string found"), std::string::npos) << big;
  EXPECT_GT(redis.info("cmdstat_get:calls="), 100);
  EXPECT_GT(redis.info("instantaneous_ops_per_sec"), 1);
}

TEST_F(RedisUnderLoad, TheExportersFiguresAreThoseOfInfo) {
  const std::string exporter = tool("prometheus-redis-exporter");
  CHAOS_NEEDS(!exporter.empty(), "prometheus-redis-exporter is not unpacked (make setup-test)");
  compat("Clients", "prometheus-redis-exporter", "redis_up 1, its figures are INFO's, nothing in its log");
  const std::string listen = redis.address() + ":19121";
  TempDir dir;
  Child child({exporter, "--redis.addr=redis://" + redis.address() + ":6379", "--web.listen-address=" + listen}, dir.path() / "log");
  ASSERT_TRUE(eventually([&] { return accepts(redis.address(), 19121); })) << sh("cat " + (dir.path() / "log").string()).out;
  const auto figure = [&](const std::string& name) { return std::stod(sh("curl -s http://" + listen + "/metrics | grep -v '^#' | grep -F '" + name + " ' | awk '{print $2}'").out + " "); };
  EXPECT_EQ(figure("redis_up"), 1);
  const double before = redis.info("keyspace_hits"), exported = figure("redis_keyspace_hits_total"), after = redis.info("keyspace_hits");
  EXPECT_LE(before, exported);
  EXPECT_LE(exported, after);
  EXPECT_EQ(figure("redis_memory_max_bytes"), redis.info("maxmemory"));
  EXPECT_GT(figure("redis_db_keys{db=\"db0\"}"), 50);
  EXPECT_TRUE(eventually([&] { return figure("redis_commands_total{cmd=\"get\"}") > 100; }));
  const std::string log = sh("grep -iE 'err|warn' " + (dir.path() / "log").string()).out;
  EXPECT_EQ(log, "");
}

}  // namespace
}  // namespace chaos::test
