#include "support/lb_bench.hpp"

#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace chaos::test {

namespace {

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) out.emplace_back();
    else out.back().push_back(c);
  }
  return out;
}

}  // namespace

std::map<std::string, std::map<std::string, std::string>> csv_rows(const std::string& csv) {
  std::istringstream in(csv);
  std::string line;
  std::getline(in, line);
  const auto names = cells(line.starts_with("# ") ? line.substr(2) : line);
  std::map<std::string, std::map<std::string, std::string>> rows;
  while (std::getline(in, line)) {
    const auto values = cells(line);
    if (values.size() < 2) continue;
    auto& row = rows[values[0] + "/" + values[1]];
    for (std::size_t i = 0; i < std::min(values.size(), names.size()); ++i) row[names[i]] = values[i];
  }
  return rows;
}

LbBench::LbBench(int servers, const std::string& config) {
  std::vector<std::string> args{"/usr/bin/python3", std::string(CHAOSLAB_SOURCE_DIR) + "/tests/support/fake_servers.py"};
  std::string peers;
  for (int n = 1; n <= servers; ++n) {
    addresses_.push_back(TestNode::fresh_address());
    args.push_back(addresses_.back());
    peers += std::string(n > 1 ? "," : "") + R"({"name":"server-)" + std::to_string(n) + R"(","role":"server","duty":"DUTY_ACTIVE","address":")" + addresses_.back() + "\"}";
  }
  servers_ = std::make_unique<Child>(args, dir_.path() / "servers.log");
  for (const std::string& one : addresses_) EXPECT_TRUE(eventually([&] { return accepts(one, 8080); })) << one;
  const std::string lb = R"("checkIntervalMs":20,"rise":2,"fall":3)" + (config.empty() ? "" : "," + config);
  lb_ = std::make_unique<LoneNode>("lb", 9999, R"({"duty":"DUTY_ACTIVE","config":{"node":{"bootLabS":0},"lb":{)" + lb + "}},\"peers\":[" + peers + "]}");
  for (int n = 1; n <= servers; ++n) EXPECT_TRUE(becomes("server-" + std::to_string(n), "status", "UP")) << lb_->log();
}

Output LbBench::get(const std::string& path, const std::string& options) const { return sh("curl -si -m 5 " + options + " 'http://" + address() + ":8080" + path + "'"); }

std::string LbBench::status_of(const std::string& path, const std::string& options) const {
  return sh("curl -s -m 5 -o /dev/null -w '%{http_code}' " + options + " 'http://" + address() + ":8080" + path + "'").out;
}

std::string LbBench::cli(const std::string& line) const {
  std::string out = sh("echo '" + line + "' | socat -t 5 - TCP:" + address() + ":9999").out;
  if (out.ends_with("\n")) out.pop_back();
  return out;
}

std::string LbBench::stats(const std::string& path) const { return sh("curl -s -m 5 'http://" + address() + ":8404" + path + "'").out; }

std::string LbBench::figure(const std::string& name, const std::string& column) const {
  auto rows = csv_rows(stats());
  return rows[(name == "FRONTEND" ? "fe/" : "be/") + name][column];
}

double LbBench::number(const std::string& name, const std::string& column) const {
  const std::string text = figure(name, column);
  return text.empty() ? -1 : std::stod(text);
}

bool LbBench::becomes(const std::string& name, const std::string& column, const std::string& value) const {
  return eventually([&] { return figure(name, column) == value; });
}

void LbBench::readiness(int n, const std::string& what) const { sh("curl -s -m 5 http://" + server(n) + ":8080/set/" + what); }

void LbBench::agent(int n, const std::string& text) const {
  sh("curl -s -m 5 -G --data-urlencode '=" + text + "' http://" + server(n) + ":8080/agent");
}

// Once as many wait as may, the kernel drops further requests to connect.
void LbBench::stick(int n) {
  const std::string script = R"(import socket, sys, time
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((sys.argv[1], 8080))
listener.listen(0)
waiting = []
while True:
    waiting.append(socket.socket())
    waiting[-1].settimeout(0.3)
    try:
        waiting[-1].connect((sys.argv[1], 8080))
    except TimeoutError:
        time.sleep(600)
)";
  stuck_ = std::make_unique<Child>(std::vector<std::string>{"/usr/bin/python3", "-c", script, server(n)}, dir_.path() / "stuck.log");
}

}  // namespace chaos::test
