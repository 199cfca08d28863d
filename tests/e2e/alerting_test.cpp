// Alerts that come from elsewhere: the webhook, and the rules that the controller keeps for Prometheus.
#include "support/lab.hpp"
#include "support/prometheus.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

// A controller as the compose lab starts it, with the nodes as its own children.
class Listening : public testing::Test {
 protected:
  void SetUp() override {
    rules_ = (dir_.path() / "rules.yml").string();
    controller_ = std::make_unique<Child>(std::vector<std::string>{(bin_dir() / "chaos-controller").string(), "--data", data(), "--drill", test_drill("steady"), "--speed", "60",
                                                                   "--alerts", "webhook", "--prometheus-rules", rules_},
                                          dir_.path() / "out.log");
    ASSERT_TRUE(eventually([this] { return ctl("status").out.find("running") != std::string::npos; }));
    const auto status = boost::json::parse(ctl("-o json status").out);
    url_ = "http://" + std::string(status.at("http_address").as_string());
  }
  void TearDown() override {
    controller_->signal(SIGTERM);
    EXPECT_EQ(controller_->wait(), 0);
  }
  std::string data() const { return (dir_.path() / "data").string(); }
  Output ctl(const std::string& arguments) const { return sh((bin_dir() / "chaosctl").string() + " --data " + data() + " " + arguments); }
  /// The status code and the answer's body.
  std::string post(const std::string& body, const std::string& type = "application/json") const {
    const std::string file = (dir_.path() / "body").string();
    std::ofstream(file) << body;
    return sh("curl -s -w ' %{http_code}' -H 'Content-Type: " + type + "' --data-binary @" + file + " " + url_ + "/alerts").out;
  }
  std::string rules() const {
    std::ifstream in(rules_);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  TempDir dir_;
  std::string rules_;
  std::string url_;
  std::unique_ptr<Child> controller_;
};

std::string message(const std::string& status) {
  return R"({"version":"4","alerts":[{"status":")" + status +
         R"(","labels":{"alertname":"BackendDown","node":"lb-1","server":"server-2","severity":"ticket"},"annotations":{"summary":"a server does not pass"},"fingerprint":"f00"}]})";
}

TEST_F(Listening, WhatAlertmanagerPostsStandsInTheRecordOnce) {
  EXPECT_EQ(post(message("firing")), "ok\n 200");
  EXPECT_EQ(post(message("firing")), "ok\n 200") << "told again";
  EXPECT_NE(ctl("status").out.find("firing: BackendDown lb-1 server-2"), std::string::npos);
  EXPECT_EQ(post(message("resolved")), "ok\n 200");
  EXPECT_EQ(ctl("status").out.find("firing:"), std::string::npos);
  const std::string events = ctl("events").out;
  const auto first = events.find("firing: a server does not pass");
  ASSERT_NE(first, std::string::npos) << events;
  EXPECT_EQ(events.find("firing: a server does not pass", first + 1), std::string::npos) << events;
  EXPECT_NE(events.find("resolved: a server does not pass", first), std::string::npos) << events;
}

TEST_F(Listening, BadMessagesAreRefusedWithTheirPlace) {
  EXPECT_EQ(post("{"), "this is no JSON: incomplete JSON\n 400");
  EXPECT_NE(post(R"({"alerts":[{"status":"firing"}]})").find("alerts[0].labels.alertname"), std::string::npos);
  EXPECT_TRUE(post(std::string(2'000'000, ' ')).ends_with(" 413"));
  EXPECT_TRUE(sh("curl -s -w ' %{http_code}' " + url_ + "/alerts").out.ends_with(" 405"));
  EXPECT_TRUE(post(message("firing"), "text/plain").ends_with(" 415")) << "what any web page could send";
  EXPECT_EQ(post(message("firing")), "ok\n 200") << "and goes on";
}

TEST_F(Listening, TheRulesFollowTheSpeed) {
  EXPECT_TRUE(eventually([this] { return rules().find("client_requests_total[15s]") != std::string::npos; })) << rules();
  EXPECT_EQ(ctl("speed 30").exit, 0);
  EXPECT_TRUE(eventually([this] { return rules().find("client_requests_total[30s]") != std::string::npos && rules().find("[15s]") == std::string::npos; })) << rules();
  const Output checked = sh((tools_bin() / "promtool").string() + " check rules " + rules_);
  EXPECT_EQ(checked.exit, 0) << checked.out;
}

TEST(OwnAlerts, AControllerThatWatchesItselfTakesNone) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string answer = sh("curl -s -w ' %{http_code}' -d '{\"alerts\":[]}' http://" + controller_http(lab) + "/alerts").out;
  EXPECT_NE(answer.find("--alerts webhook"), std::string::npos);
  EXPECT_TRUE(answer.ends_with(" 409"));
}

TEST(OwnAlerts, AnOutageIsAnAlertOfTheContractsBurnRate) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const auto events = [&] { return lab.ctl("events").out; };
  EXPECT_EQ(lab.ctl("inject error lb-1").exit, 0);
  EXPECT_TRUE(eventually([&] { return events().find("AvailabilityBudgetBurn 15m: firing") != std::string::npos; })) << events();
  EXPECT_EQ(lab.ctl("clear --all").exit, 0);
  EXPECT_TRUE(eventually([&] { return events().find("AvailabilityBudgetBurn 15m: resolved") != std::string::npos; })) << events();
}

}  // namespace
}  // namespace chaos::test
