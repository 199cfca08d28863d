// A lab that cannot start says at once which node does not, and why, in that node's own words.
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <unistd.h>

namespace chaos::test {
namespace {

constexpr int kSoon = 20;      // well below the 30 s that a node may take

class StartFailure : public testing::Test {
 protected:
  TempDir dir;
  std::string data = (dir.path() / "data").string();

  Output ctl(const std::string& arguments, const std::string& environment = {}) const {
    return sh("cd " + dir.path().string() + " && " + environment + " " + (bin_dir() / "chaosctl").string() + " --data " + data + " " + arguments, kSoon);
  }
  void make_pair(const std::string& name) const {
    const std::string openssl = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=shop";
    ASSERT_EQ(sh("cd " + dir.path().string() + " && " + openssl + " -keyout " + name + ".key -out " + name + ".pem && chmod 600 " + name + ".key").exit, 0);
  }
  static std::string tls(const std::string& certificate, const std::string& key) {
    return "CHAOSLAB_POSTGRES_SSL_CERT=" + certificate + " CHAOSLAB_POSTGRES_SSL_KEY=" + key;
  }
  void expect_failure(const Output& out, const std::string& node, const std::string& reason) const {
    EXPECT_EQ(out.exit, 1) << out.out;
    EXPECT_TRUE(has(out.out, node + " does not start: ")) << out.out;
    EXPECT_TRUE(has(out.out, reason)) << out.out;
    EXPECT_TRUE(has(out.out, data + "/logs/" + node + ".log")) << out.out;
    EXPECT_FALSE(has(out.out, "\"level\"")) << "no log lines: " << out.out;
  }
};

TEST_F(StartFailure, APrivateKeyThatOthersCanReadIsTold) {
  make_pair("a");
  ASSERT_EQ(sh("chmod 644 " + (dir.path() / "a.key").string()).exit, 0);
  const Output out = ctl("up smoke", tls("a.pem", "a.key"));
  EXPECT_TRUE(has(out.out, "has group or world access")) << out.out;
  expect_failure(out, has(out.out, "postgres-1 does") ? "postgres-1" : "replica-1", (dir.path() / "a.key").string());      // whichever ends sooner
  const std::string log = sh("cat " + data + "/logs/postgres-1.log " + data + "/logs/replica-1.log").out;
  EXPECT_TRUE(has(log, "the line before says why") && !has(log, "out of its range")) << log;
  const Output drill = ctl("drill run smoke", tls("a.pem", "a.key"));
  EXPECT_EQ(drill.exit, 1) << drill.out;
  EXPECT_TRUE(has(drill.out, "has group or world access")) << drill.out;
}

TEST_F(StartFailure, AMissingKeyAndOneOfAnotherCertificateAreTold) {
  make_pair("a");
  make_pair("b");
  EXPECT_TRUE(has(ctl("up smoke", tls("a.pem", "none.key")).out, "none.key\": No such file or directory"));
  EXPECT_TRUE(has(ctl("up smoke", tls("a.pem", "b.key")).out, "key values mismatch"));
}

TEST_F(StartFailure, SoIsAnAddressThatSomebodyElseHasAndTheLogsCanBeReadAfterwards) {
  const std::string octet = std::to_string(100 + getpid() % 150), address = "127." + octet + ".70.1";
  Child other({"/usr/bin/python3", "-c", "import socket, time\ns = socket.create_server(('" + address + "', 5672))\ntime.sleep(600)"}, dir.path() / "other");
  ASSERT_TRUE(eventually([&] { return accepts(address, 5672); }));
  expect_failure(ctl("up smoke --octet " + octet), "queue-1", address + ":5672: Address already in use");

  const Output kept = ctl("logs queue-1");
  EXPECT_EQ(kept.exit, 0) << kept.out;
  EXPECT_TRUE(has(kept.out, "no lab is up")) << kept.out;
  EXPECT_TRUE(has(kept.out, "\"listen_failed\"")) << kept.out;
  const Output last = ctl("logs controller -n 1 2>/dev/null");
  EXPECT_EQ(last.exit, 0);
  EXPECT_EQ(std::count(last.out.begin(), last.out.end(), '\n'), 1) << last.out;
  const Output unknown = ctl("logs queue-9");
  EXPECT_EQ(unknown.exit, 4);
  EXPECT_TRUE(has(unknown.out, "the nearest is queue-1")) << unknown.out;
  EXPECT_EQ(ctl("logs ../../etc/passwd").exit, 4);
}

TEST_F(StartFailure, WhereNoLabEverWasThereIsNoLog) {
  const Output out = ctl("logs queue-1");
  EXPECT_EQ(out.exit, 3);
  EXPECT_TRUE(has(out.out, "no lab is up in " + data)) << out.out;
}

}  // namespace
}  // namespace chaos::test
