// prometheus-haproxy-exporter on the load balancer's CSV, in a lab under load.
#include "support/compat.hpp"
#include "support/lab.hpp"
#include "support/lb_bench.hpp"
#include "support/needs.hpp"
#include "support/test_node.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(HaproxyExporter, ReadsEveryFigureOfTheCsv) {
  const std::string exporter = tool("prometheus-haproxy-exporter");
  CHAOS_NEEDS(!exporter.empty(), "prometheus-haproxy-exporter");
  compat("Clients", "prometheus-haproxy-exporter", "--haproxy.scrape-uri http://LB:8404/;csv: haproxy_up 1, no parse failures, figures as in the CSV");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string csv = "http://" + lab.address("lb-1") + ":8404/;csv";
  const auto figure = [&](const std::string& row, const std::string& column) { return csv_rows(sh("curl -s -m 5 '" + csv + "'").out)[row][column]; };
  ASSERT_TRUE(eventually([&] { return std::stoi("0" + figure("be/server-2", "hrsp_2xx")) > 100; }, std::chrono::seconds(60)));
  const std::string address = TestNode::fresh_address();
  TempDir dir;
  Child process({exporter, "--web.listen-address=" + address + ":9101", "--haproxy.scrape-uri=" + csv}, dir.path() / "log");
  ASSERT_TRUE(eventually([&] { return accepts(address, 9101); })) << text_of(dir.path() / "log");
  const auto told = [&](const std::string& series) {
    const std::string out = sh("curl -s -m 5 http://" + address + ":9101/metrics").out;
    const auto at = out.find("\n" + series + " ");
    return at == std::string::npos ? -1 : std::stod(out.substr(at + series.size() + 2));
  };
  EXPECT_EQ(told("haproxy_up"), 1);
  EXPECT_EQ(told("haproxy_exporter_csv_parse_failures_total"), 0);
  EXPECT_EQ(told("haproxy_server_up{backend=\"be\",server=\"server-2\"}"), 1);
  const std::pair<const char*, std::pair<const char*, const char*>> same[] = {
      {"haproxy_server_sessions_total{backend=\"be\",server=\"server-2\"}", {"be/server-2", "stot"}},
      {"haproxy_server_http_responses_total{backend=\"be\",code=\"2xx\",server=\"server-2\"}", {"be/server-2", "hrsp_2xx"}},
      {"haproxy_backend_bytes_out_total{backend=\"be\"}", {"be/BACKEND", "bout"}},
      {"haproxy_frontend_http_requests_total{frontend=\"fe\"}", {"fe/FRONTEND", "req_tot"}}};
  for (const auto& [series, cell] : same) {
    const double before = std::stod("0" + figure(cell.first, cell.second));
    const double exported = told(series);
    EXPECT_GE(exported, before) << series;
    EXPECT_LE(exported, std::stod("0" + figure(cell.first, cell.second))) << series;
  }
  const std::string log = text_of(dir.path() / "log");
  EXPECT_EQ(log.find("level=error"), std::string::npos) << log;
}

}  // namespace
}  // namespace chaos::test
