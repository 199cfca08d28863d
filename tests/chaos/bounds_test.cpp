// Clients that read nothing and clients that say nothing cost a node a bounded amount of memory, and others are served.
#include "support/flood.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>

namespace chaos::test {
namespace {

struct Port {
  const char* name;
  const char* role;
  unsigned short number;
  std::string before;      // said once
  std::string again;       // said again and again, each with an answer that nobody reads
  std::string probe;       // a shell command at $A, the node's address, that a user of the port would run
  std::string answer;      // what its output contains
  std::string state = "{}";
};

void PrintTo(const Port& port, std::ostream* out) { *out << port.name; }

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Basic Z3Vlc3Q6Z3Vlc3Q=\r\n\r\n"; }

const std::string kBig(100'000, 'x');

const std::vector<Port> kPorts{
    {"redis", "redis", 6379, "*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$100000\r\n" + kBig + "\r\n", "*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n", "redis-cli -h $A PING", "PONG"},
    {"postgres", "postgres", 5432, opening::postgres("shop", "shop"), opening::postgres_query("select * from items"),
     "psql -h $A -U shop -Atc 'select 40 + 2'", "42", R"({"config":{"postgres":{"items":2000}}})"},
    {"amqp", "queue", 5672, opening::amqp() + opening::amqp_consume(), opening::amqp_publish(100'000), "amqp-declare-queue -u amqp://guest:guest@$A -q jobs", "jobs"},
    {"management", "queue", 15672, "", get("/api/overview"), "curl -s -u guest:guest http://$A:15672/api/overview", "queue_totals"},
    {"object_store", "object_store", 9000, "", get("/static/1"), "curl -s -o /dev/null -w '%{http_code}' http://$A:9000/static/1", "200",
     R"({"config":{"object_store":{"static_objects":20,"static_object_kb":60}}})"},
    {"server", "server", 8080, "", get("/healthz"), "curl -s http://$A:8080/healthz", "serviceId"},
    {"cdn", "cdn", 8080, "", get("/static/1"), "curl -s -o /dev/null -w '%{http_code}' http://$A:8080/static/1", "50"},
    {"lb", "lb", 8080, "", get("/items/1"), "curl -s -o /dev/null -w '%{http_code}' http://$A:8080/items/1", "50"},
    {"lb_stats", "lb", 8404, "", get("/;csv"), "curl -s \"http://$A:8404/;csv\"", "pxname"},
    {"lb_runtime", "lb", 9999, "prompt\n", "show stat\n", "echo 'show info' | nc -q1 $A 9999", "Uptime_sec"},
    {"metrics", "worker", 9100, "", get("/metrics"), "curl -s http://$A:9100/metrics", "process_resident_memory_bytes"},
};

class Bounds : public testing::TestWithParam<Port> {
 protected:
  Bounds() : node(GetParam().role, GetParam().number, GetParam().state) {}
  double resident() {
    std::ifstream in("/proc/" + std::to_string(node.process().pid()) + "/statm");
    double size = 0, pages = 0;
    in >> size >> pages;
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
  bool serves() const {
    const auto& port = GetParam();
    return eventually([&] { return sh("A=" + node.address() + "; " + port.probe, 5).out.find(port.answer) != std::string::npos; });
  }
  LoneNode node;
};

TEST_P(Bounds, SlowReadersCostABoundedAmountOfMemory) {
  constexpr int kReaders = 20;
  ASSERT_TRUE(serves());
  const double before = resident();
  std::string requests;
  while (requests.size() < 300'000) requests += GetParam().again;
  std::vector<RawConnection> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back(node.address(), GetParam().number).send(GetParam().before);
    for (int part = 0; part < 10 && readers.back().send(requests) == requests.size(); ++part) {}
  }
  EXPECT_LT(resident() - before, 64e6) << "for " << kReaders << " readers";
  EXPECT_TRUE(serves());
  readers.clear();
  EXPECT_TRUE(serves());
}

TEST_P(Bounds, ConnectionsAreBoundedAndTheNodeServesAgainWhenTheyAreGone) {
  ASSERT_TRUE(serves());
  const double before = resident();
  {
    std::vector<RawConnection> idle;
    for (int i = 0; i < 3000; ++i) idle.emplace_back(node.address(), GetParam().number);
    EXPECT_LT(resident() - before, 128e6);
    EXPECT_GT(resident(), 1e6) << "it has died";
  }
  EXPECT_TRUE(serves());
}

INSTANTIATE_TEST_SUITE_P(Ports, Bounds, testing::ValuesIn(kPorts), [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace chaos::test
