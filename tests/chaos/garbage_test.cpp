// Garbage bytes on any port close that connection and nothing else.
#include "support/gauge.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

TEST(Garbage, OnEveryPortOfEveryNodeHurtsNothingElse) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return success_now(lab) > 0.99 && metric(lab.address("client-1"), "client_requests_total") > 100; }));
  const auto before = lab.status();
  int ports = 0;
  for (const auto& node : before.at("nodes").as_array()) {
    const std::string address(node.at("address").as_string());
    for (const int port : {8080, 8404, 9999, 6379, 5432, 5672, 15672, 9000, 9100}) {
      if (!accepts(address, static_cast<unsigned short>(port))) continue;
      ++ports;
      for (const char* bytes : {"head -c 3000 /dev/urandom", "printf 'GET / HTTP/9.9\\r\\n\\r\\n'", "printf '*99999999\\r\\n$-5\\r\\n'", "printf '\\0\\0\\377\\377\\0\\3\\0\\0'"}) {
        sh(std::string(bytes) + " | timeout 1 nc -q0 " + address + " " + std::to_string(port) + " >/dev/null || true", 5);
      }
    }
  }
  EXPECT_GE(ports, 20);
  for (const auto& node : before.at("nodes").as_array()) {
    const std::string name(node.at("name").as_string());
    EXPECT_EQ(std::to_string(lab.pid(name)), std::string(node.at("pid").as_string())) << name;
  }
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  EXPECT_GT(lab.json("contract").at("uptime").to_number<double>(), 0.99);
}

}  // namespace
}  // namespace chaos::test
