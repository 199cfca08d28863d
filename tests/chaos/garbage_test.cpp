// Garbage bytes on any port close that connection and nothing else.
#include "support/flood.hpp"
#include "support/gauge.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

constexpr std::size_t kBytes = 1'000'000;    // at each port, in all
constexpr std::size_t kLong = 500'000;       // of these on one connection

// Random bytes alone, and behind what each protocol begins with: behind that, more code reads them.
const std::vector<std::string> kBeginnings{
    "", "GET / HTTP/9.9\r\n\r\n", "PUT /receipts/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n", "*99999999\r\n$-5\r\n", "*3\r\n$3\r\nSET\r\n$1\r\n", "HELLO 3\r\n",
    std::string("\0\0\xFF\xFF\0\3\0\0", 8), opening::postgres("shop", "shop"), opening::postgres("shop", "shop") + "P", std::string("AMQP\0\0\x09\x01", 8), opening::amqp(),
    "show stat\nset server x\n", "POST /api/definitions HTTP/1.1\r\nAuthorization: Basic Z3Vlc3Q6Z3Vlc3Q=\r\nContent-Length: 4000\r\n\r\n{"};

// Bytes that the port has taken.
std::size_t pour(const std::string& address, unsigned short port, unsigned seed) {
  std::size_t sent = RawConnection(address, port).send(random_bytes(kLong, seed));
  for (std::size_t i = 0; sent < kBytes && i < 1000; ++i) {
    RawConnection connection(address, port);
    connection.send(kBeginnings[i % kBeginnings.size()]);
    sent += connection.send(random_bytes(4000, seed + static_cast<unsigned>(i) + 1));
    if (i % 8 == 0) connection.receive(std::chrono::milliseconds(20));   // the node's side comes to an end first, sometimes
  }
  return sent;
}

TEST(Garbage, AMillionRandomBytesOnEveryPortOfEveryNodeHurtNothingElse) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return success_now(lab) > 0.99 && metric(lab.address("client-1"), "client_requests_total") > 100; }));
  const auto before = lab.status();
  unsigned ports = 0;
  for (const auto& node : before.at("nodes").as_array()) {
    const std::string address(node.at("address").as_string());
    for (const int port : {8080, 8404, 9999, 6379, 5432, 5672, 15672, 15692, 9000, 9100}) {
      if (!accepts(address, static_cast<unsigned short>(port))) continue;
      EXPECT_GE(pour(address, static_cast<unsigned short>(port), ++ports * 10'000), kBytes) << node.at("name") << " port " << port;
    }
  }
  EXPECT_GE(ports, 20u);
  for (const auto& node : before.at("nodes").as_array()) {
    const std::string name(node.at("name").as_string());
    EXPECT_EQ(std::to_string(lab.pid(name)), std::string(node.at("pid").as_string())) << name;
  }
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  EXPECT_GT(lab.json("contract").at("uptime").to_number<double>(), 0.95);
}

}  // namespace
}  // namespace chaos::test
