// A lab from up to down through chaosctl, as a person uses it.
#include "support/gauge.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace chaos::test {
namespace {

TEST(LabLife, UpServesAllFourKindsOfRequestAndDownLeavesNothing) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99 && metric(lab.address("client-1"), "client_requests_total") > 200; }));
  for (const char* kind : {"static", "item", "order", "order_status"}) {
    EXPECT_TRUE(eventually([&] { return metric(lab.address("client-1"), "client_requests_total", std::string("kind=\"") + kind + "\"") > 5; })) << kind;
  }
  const auto jobs = [&] { return metric(lab.address("worker-1"), "worker_jobs_total"); };
  EXPECT_TRUE(eventually([&] { return jobs() > 5; }));
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' http://" + lab.address("cdn-1") + ":8080/items/7").out, "200");

  const Output down = lab.ctl("down --settle", 60);
  EXPECT_EQ(down.exit, 0) << down.out;
  EXPECT_TRUE(lab.processes().empty());
  const Output report = lab.ctl("postmortem");
  EXPECT_EQ(report.exit, 0) << report.out;
}

TEST(LabLife, EveryVerbAnswersInJsonAndTeachesItself) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  for (const char* verb : {"status", "contract", "traffic show", "faults", "faults --active", "drill list", "drill list --runs"}) lab.json(verb);
  for (const char* verb : {"up", "down", "status", "top", "contract", "events", "logs", "traffic", "speed", "faults", "inject", "inject latency", "clear", "restart",
                           "rollback", "stop", "start", "scale", "failover", "drain", "undrain", "drill run", "drill compare", "postmortem", "completion"}) {
    const Output help = lab.ctl(std::string(verb) + " --help");
    EXPECT_EQ(help.exit, 0) << verb;
    EXPECT_GT(help.out.size(), 100u) << verb;
  }
  EXPECT_EQ(sh("bash -c 'source <(" + (bin_dir() / "chaosctl").string() + " completion); COMP_WORDS=(chaosctl inj); COMP_CWORD=1; _chaosctl; echo ${COMPREPLY[0]}'").out, "inject\n");
}

TEST(LabLife, OperationsDoWhatTheySay) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const int first = lab.pid("server-1");
  EXPECT_EQ(lab.ctl("restart --rolling server --drain 10s").exit, 0);
  EXPECT_NE(lab.pid("server-1"), first);
  EXPECT_TRUE(lab.ready("server-1"));

  EXPECT_EQ(lab.ctl("drain server-2").exit, 0);
  EXPECT_EQ(lab.state("server-2"), "PHASE_DRAINING");
  EXPECT_EQ(lab.ctl("undrain server-2").exit, 0);
  EXPECT_TRUE(lab.ready("server-2"));

  EXPECT_EQ(lab.ctl("scale server 3").exit, 0);
  EXPECT_TRUE(lab.ready("server-3"));
  EXPECT_EQ(lab.ctl("scale server 2").exit, 0);
  EXPECT_TRUE(eventually([&] { return lab.state("server-3") == "PHASE_STANDBY"; }));
  EXPECT_EQ(lab.ctl("scale server 9").exit, 2);

  EXPECT_EQ(lab.ctl("stop worker-1").exit, 0);
  EXPECT_TRUE(eventually([&] { return lab.state("worker-1") == "PHASE_STANDBY"; }));
  EXPECT_EQ(lab.ctl("start worker-1").exit, 0);
  EXPECT_TRUE(lab.ready("worker-1"));

  EXPECT_EQ(lab.ctl("traffic set 400").exit, 0);
  EXPECT_TRUE(eventually([&] { return lab.json("traffic show").at("users").to_number<double>() == 400; }));
  EXPECT_EQ(lab.ctl("traffic curve").exit, 0);
  EXPECT_EQ(lab.ctl("speed 120").exit, 0);
  EXPECT_EQ(lab.status().at("speed").to_number<double>(), 120);
  EXPECT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
}

TEST(LabLife, AChangeElsewhereLeavesTheConnectionsOfTheOthersAlone) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string queue = lab.address("queue-1");
  const auto opened = [&] { return metric(queue, "rabbitmq_connections_opened_total"); };
  const auto done = [&] { return metric(lab.address("worker-1"), "worker_jobs_total", "done"); };
  ASSERT_TRUE(eventually([&] { return done() > 3; }));
  const double before = opened();
  for (const char* change : {"traffic set 60", "inject latency 'server->redis' --delay-ms 1", "clear --all", "drain server-2", "undrain server-2"}) {
    EXPECT_EQ(lab.ctl(change).exit, 0) << change;
  }
  const double jobs = done();
  EXPECT_TRUE(eventually([&] { return done() > jobs + 3; }));
  EXPECT_EQ(opened(), before);
}

TEST(LabLife, AKilledControllerLeavesNoOrphanAndAReadableRecord) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return metric(lab.address("client-1"), "client_requests_total") > 300; }));
  std::ifstream in(lab.data() / "lab.json");
  boost::json::value file = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  kill(static_cast<int>(file.at("pid").to_number<int>()), SIGKILL);
  EXPECT_TRUE(eventually([&] { return lab.processes().empty(); }));
  EXPECT_EQ(lab.ctl("status").exit, 3);
  EXPECT_EQ(lab.ctl("postmortem").exit, 0) << lab.ctl("postmortem").out;
}

TEST(LabLife, ARunThatWasCutOffGoesOnWhereItStood) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  EXPECT_EQ(lab.ctl("up --resume").exit, 5) << "it is up";
  ASSERT_TRUE(eventually([&] { return metric(lab.address("worker-1"), "worker_jobs_total", "done") > 3; }));
  EXPECT_EQ(lab.ctl("scale server 3").exit, 0);
  inject(lab, "latency 'server->redis' --delay-ms 1");
  EXPECT_EQ(lab.ctl("drain server-2").exit, 0);
  const auto requests = [&] { return std::stod(std::string(lab.json("contract").at("requests").as_string())); };
  const double at = lab.status().at("lab_s").to_number<double>();
  ASSERT_TRUE(eventually([&] { return lab.status().at("lab_s").to_number<double>() > at + 12; }));     // a fifth of a second: it is in the record
  const double before = requests();
  std::ifstream in(lab.data() / "lab.json");
  const boost::json::value file = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  kill(static_cast<int>(file.at("pid").to_number<int>()), SIGKILL);
  ASSERT_TRUE(eventually([&] { return lab.processes().empty(); }));

  EXPECT_NE(lab.ctl("status").out.find("chaosctl --data " + lab.data().string() + " up --resume"), std::string::npos);
  const Output again = lab.ctl("up --resume");
  ASSERT_EQ(again.exit, 0) << again.out;
  EXPECT_EQ(lab.status().at("run").as_string(), "r1");
  EXPECT_GT(lab.status().at("lab_s").to_number<double>(), at);
  EXPECT_GT(requests(), before * 0.5);
  EXPECT_EQ(lab.state("server-3"), "PHASE_READY");
  EXPECT_EQ(lab.state("server-2"), "PHASE_DRAINING");
  EXPECT_NE(lab.ctl("faults --active").out.find("server->redis"), std::string::npos);
  EXPECT_NE(lab.ctl("events").out.find("goes on with the run"), std::string::npos);
  const double jobs = metric(lab.address("worker-1"), "worker_jobs_total", "done");
  EXPECT_TRUE(eventually([&] { return metric(lab.address("worker-1"), "worker_jobs_total", "done") > jobs + 3; }));
  EXPECT_EQ(lab.ctl("down --settle", 90).exit, 0);
  EXPECT_EQ(lab.ctl("up --resume").exit, 4) << "it has ended";
  EXPECT_NE(lab.ctl("drill list --runs").out.find("ended"), std::string::npos);
}

TEST(LabLife, ADrillWhoseControllerIsKilledIsNoFinishedDrill) {
  TempDir dir;
  const std::string data = (dir.path() / "lab").string();
  Child run({(bin_dir() / "chaosctl").string(), "--data", data, "drill", "run", test_drill("steady"), "--speed", "60"}, dir.path() / "out");
  ASSERT_TRUE(eventually([&] { return sh((bin_dir() / "chaosctl").string() + " --data " + data + " status -o json").out.find("\"running\"") != std::string::npos; }));
  std::ifstream in(data + "/lab.json");
  const boost::json::value file = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  kill(static_cast<int>(file.at("pid").to_number<int>()), SIGKILL);
  EXPECT_EQ(run.wait(), 1);
  const std::string out = sh("cat " + (dir.path() / "out").string()).out;
  EXPECT_NE(out.find("broke off"), std::string::npos) << out;
  EXPECT_NE(out.find("SIGKILL"), std::string::npos) << out;
  EXPECT_EQ(out.find("met"), std::string::npos) << out;
}

TEST(LabLife, AStoppedStoreComesBackForTheLedgerCheck) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return metric(lab.address("worker-1"), "worker_jobs_total", "done") > 3; }));
  EXPECT_EQ(lab.ctl("traffic set 0").exit, 0);
  EXPECT_EQ(lab.ctl("stop postgres").exit, 0);
  const Output down = lab.ctl("down --settle", 90);
  EXPECT_EQ(down.exit, 0) << down.out;
  const std::string events = sh("sqlite3 -version >/dev/null 2>&1; " + (bin_dir() / "chaosctl").string() + " --data " + lab.data().string() + " postmortem >/dev/null; cat " + lab.data().string() + "/reports/*.md").out;
  EXPECT_NE(events.find(" 0 lost"), std::string::npos) << events;
}

TEST(LabLife, AnEndDuringTheSettlingIsNotHeldUpByAHungWorker) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return metric(lab.address("worker-1"), "worker_jobs_total", "done") > 3; }));
  kill(lab.pid("worker-1"), SIGSTOP);
  ASSERT_TRUE(eventually([&] { return gauge(lab, "queue-1", "ready") + gauge(lab, "queue-1", "unacked") > 0; }));
  Child settle({(bin_dir() / "chaosctl").string(), "--data", lab.data().string(), "down", "--settle"}, lab.data() / "settle.log");
  ASSERT_TRUE(eventually([&] { return lab.status().at("state").as_string() == "settling"; }));
  EXPECT_EQ(lab.ctl("inject crash server-1").exit, 5);
  const Output down = lab.ctl("down");
  EXPECT_EQ(down.exit, 0) << down.out;
  EXPECT_EQ(settle.wait(), 0);
}

TEST(LabLife, AtTheEndNoServerCallsAStoreThatIsGone) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return metric(lab.address("client-1"), "client_requests_total") > 200; }));
  const auto failures = [&] {
    int lines = 0;
    for (const char* server : {"server-1", "server-2"}) {
      std::ifstream log(lab.data() / "logs" / (std::string(server) + ".log"));
      for (std::string line; std::getline(log, line);) lines += line.find("request_failed") != std::string::npos;
    }
    return lines;
  };
  const int before = failures();
  ASSERT_TRUE(std::filesystem::exists(lab.data() / "logs" / "server-1.log"));
  const Output down = lab.ctl("down");
  EXPECT_EQ(down.exit, 0) << down.out;
  EXPECT_TRUE(lab.processes().empty());
  EXPECT_EQ(failures(), before);
}

TEST(LabLife, TwoLabsLiveSideBySideAndASecondInOneDirectoryIsRefused) {
  Lab one(test_drill("steady"));
  Lab two(test_drill("steady"));
  EXPECT_NE(one.address("server-1"), two.address("server-1"));
  const Output again = one.ctl("up " + test_drill("steady"));
  EXPECT_EQ(again.exit, 5) << again.out;
}

TEST(LabLife, CtrlCEndsADrillWithItsScoreItsPostMortemAndNoProcess) {
  TempDir dir;
  const std::string data = (dir.path() / "lab").string();
  Child run({(bin_dir() / "chaosctl").string(), "--data", data, "drill", "run", test_drill("steady"), "--speed", "60"}, dir.path() / "out");
  const auto ctl = [&](const std::string& arguments) { return sh((bin_dir() / "chaosctl").string() + " --data " + data + " " + arguments); };
  ASSERT_TRUE(eventually([&] { return ctl("status").exit == 0; }));
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), 0);
  const std::string out = sh("cat " + (dir.path() / "out").string()).out;
  EXPECT_NE(out.find("interrupted at lab"), std::string::npos) << out;
  EXPECT_TRUE(std::filesystem::exists(data + "/reports/postmortem-r1.html"));
  EXPECT_EQ(sh("ps -eo args | grep -v grep | grep -cE '^[^ ]*chaos-(node|controller) .*--data " + data + "'").out, "0\n");
}

TEST(WrongInput, NamesTheNearestRightWord) {
  TempDir dir;
  const auto ctl = [&](const std::string& arguments) { return sh((bin_dir() / "chaosctl").string() + " --data " + dir.path().string() + " " + arguments); };
  EXPECT_EQ(ctl("statsu").exit, 2);
  EXPECT_NE(ctl("statsu").out.find("status"), std::string::npos) << ctl("statsu").out;
  EXPECT_NE(ctl("up guided-incident-respons").out.find("guided-incident-response"), std::string::npos);
  EXPECT_EQ(ctl("status").exit, 3);
  EXPECT_EQ(ctl("speed 5000").exit, 2);
}

TEST(WrongInput, AControllerIsAHostAndItsPort) {
  const auto told = [](const std::string& controller) { return sh((bin_dir() / "chaosctl").string() + " --controller " + controller + " status"); };
  for (const char* wrong : {"localhost", "http://127.0.0.1:7000", ":7000"}) {
    EXPECT_EQ(told(wrong).exit, 2) << wrong;
    EXPECT_NE(told(wrong).out.find("HOST:PORT, as 127.0.0.1:7000"), std::string::npos) << wrong << ": " << told(wrong).out;
  }
  EXPECT_NE(told("127.0.0.1:7070").out.find("is the web page's port"), std::string::npos);
  EXPECT_EQ(sh("CHAOSLAB_CONTROLLER=127.0.0.1:1 " + (bin_dir() / "chaosctl").string() + " status").exit, 3) << "nobody is there";
}

TEST(WrongInput, ADrillFileGetsEveryFaultInOneAnswerWithLineFieldAndRange) {
  TempDir dir;
  std::ofstream(dir.path() / "bad.yaml") << "name: bad\n"
                                            "title: wrong in five places\n"
                                            "contract: {uptime_min: 1.5, p95_ms_max: 320, budget_usd_month_max: 1}\n"
                                            "traffic:\n"
                                            "  base_users: many\n"
                                            "  peak_users: 10\n"
                                            "  busy_from: \"25 o'clock\"\n"
                                            "  busy_to: \"11:00\"\n"
                                            "  thinks_s: 4\n"
                                            "topology:\n"
                                            "  - {role: sever}\n";
  const Output output = sh((bin_dir() / "chaosctl").string() + " --data " + dir.path().string() + " up " + (dir.path() / "bad.yaml").string());
  EXPECT_EQ(output.exit, 2);
  for (const char* part : {":3:", "uptime_min", "0 to 1", ":5:", "base_users", ":7:", "busy_from", ":9:", "think_s", ":11:", "server"}) {
    EXPECT_NE(output.out.find(part), std::string::npos) << part << "\n" << output.out;
  }
}

}  // namespace
}  // namespace chaos::test
