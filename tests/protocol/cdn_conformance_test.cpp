// The CDN against HTTP caching's rules (cdn_conformance.py), and what only its own process shows.
#include "support/compat.hpp"
#include "support/process.hpp"
#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, '\t');) out.push_back(field);
  return out;
}

TEST(CdnConformance, EveryCaseHolds) {
  const std::string origin = TestNode::fresh_address();
  const std::string peers = R"({"name":"object_store-1","role":"object_store","address":")" + origin + R"(","duty":"DUTY_ACTIVE"},)" +
                            R"({"name":"lb-1","role":"lb","address":")" + origin + R"(","duty":"DUTY_ACTIVE"})";
  LoneNode cdn("cdn", 8080, R"({"config":{"cdn":{"origin_timeout_ms":8000}},"peers":[)" + peers + "]}");
  const Output run = sh("/usr/bin/python3 " CHAOSLAB_SOURCE_DIR "/tests/protocol/cdn_conformance.py " + cdn.address() + " " + origin, 60);
  std::istringstream lines(run.out);
  int cases = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto fields = fields_of(line);
    ASSERT_GE(fields.size(), 3u) << run.out;
    EXPECT_EQ(fields[0], "pass") << line;
    compat("HTTP cache", fields[1].starts_with("RFC") || fields[1] == "PURGE" ? fields[1] : "RFC 9111 section " + fields[1], fields[2]);
    ++cases;
  }
  EXPECT_EQ(run.exit, 0);
  EXPECT_GE(cases, 36);
  compat("HTTP cache", "RFC 9111 section 4.2.2 Heuristics", "A share of the time since Last-Modified", Compat::differs,
         "static objects without a lifetime stay as long as ttl_lab_s says; nothing else is kept without one");
  compat("HTTP cache", "RFC 9111 section 4.2.3 Age", "Ages and lifetimes in a lab", Compat::differs, "count lab seconds; Date is real time and is converted");
  compat("HTTP cache", "RFC 9110 14 Range", "Several ranges", Compat::differs, "answered with the whole, 200");
  compat("HTTP cache", "PURGE", "Who may", Compat::differs, "whoever reaches the port");
}

TEST(CdnFaults, AnInjectedErrorCountsAsTheCaches) {
  LoneNode cdn("cdn", 8080, R"({"faults":[{"id":"f","probability":1,"error":{"status":503}}]})");
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' http://" + cdn.address() + ":8080/static/1").out, "503");
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' http://" + cdn.address() + ":8080/readyz").out, "503") << "a health check is bent too, and nobody's request";
  const std::string metrics = sh("curl -s http://" + cdn.address() + ":9100/metrics").out;
  EXPECT_NE(metrics.find("cdn_requests_total{result=\"error\"} 1"), std::string::npos);
  EXPECT_EQ(metrics.find("cdn_requests_total{result=\"error\"} 2"), std::string::npos);
  EXPECT_EQ(metrics.find("operation=\"refused\""), std::string::npos) << metrics;
}

}  // namespace
}  // namespace chaos::test
