// tools/check-grafana.py finds what is missing. Against a stand-in for Grafana's API: a real one cannot be had here.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

const std::string kSource = CHAOSLAB_SOURCE_DIR;

Output check(const std::string& flaw) {
  const TempDir dir;
  const std::string port_file = (dir.path() / "port").string();
  std::vector<std::string> command{"/usr/bin/env", "python3", kSource + "/tests/support/fake_grafana.py", port_file};
  if (!flaw.empty()) {
    const auto blank = flaw.find(' ');
    command.push_back(flaw.substr(0, blank));
    command.push_back(flaw.substr(blank + 1));
  }
  const Child grafana(command, dir.path() / "log");
  std::string port;
  eventually([&] {
    std::ifstream(port_file) >> port;
    return !port.empty();
  });
  return sh("python3 " + kSource + "/tools/check-grafana.py --wait 5 --url http://127.0.0.1:" + port);
}

TEST(CheckGrafana, IsContentWithWhatIsProvisioned) {
  const Output out = check("");
  EXPECT_EQ(out.exit, 0) << out.out;
  EXPECT_NE(out.out.find("ok   dashboard chaoslab-overview"), std::string::npos) << out.out;
  EXPECT_NE(out.out.find("ok   data source lab-record"), std::string::npos) << out.out;
}

TEST(CheckGrafana, NamesWhatIsMissingOrDiffers) {
  const struct {
    const char* flaw;
    const char* told;
  } cases[] = {{"--lose chaoslab-redis", "FAIL dashboard chaoslab-redis: 404"},
               {"--bend chaoslab-triage", "FAIL dashboard chaoslab-triage: its panels differ"},
               {"--lose lab-record", "FAIL data source lab-record: 404"},
               {"--bend prometheus", "FAIL data source prometheus: does not reach its server"}};
  for (const auto& one : cases) {
    const Output out = check(one.flaw);
    EXPECT_EQ(out.exit, 1) << one.flaw << ": " << out.out;
    EXPECT_NE(out.out.find(one.told), std::string::npos) << one.flaw << ": " << out.out;
  }
}

TEST(CheckGrafana, SaysWhenNobodyAnswers) {
  const Output out = sh("python3 " + kSource + "/tools/check-grafana.py --wait 0 --url http://127.0.0.1:1");
  EXPECT_EQ(out.exit, 1);
  EXPECT_NE(out.out.find("Grafana does not answer at http://127.0.0.1:1"), std::string::npos) << out.out;
}

}  // namespace
}  // namespace chaos::test
