// Prometheus and Alertmanager in the compose lab: who is found, what is alerted, where it ends up.
#include "compose/stack.hpp"
#include "support/dashboard.hpp"

#include <algorithm>

namespace chaos::test {
namespace {

using std::chrono::seconds;

class Monitoring : public Stack {
 protected:
  static void SetUpTestSuite() {
    bring_up("CHAOSLAB_SPEED=60");
    ctl("traffic set 800");
  }
  static void TearDownTestSuite() { take_down(); }

  static PrometheusApi prometheus() { return PrometheusApi(kPrometheusUrl); }
  /// The first value of an expression; none without a series.
  static std::optional<double> value(const std::string& expression) {
    const auto series = prometheus().query(expression).series();
    if (series.empty()) return std::nullopt;
    return std::stod(std::string(series.front().at("value").at(1).as_string()));
  }
  static bool is(const std::string& expression, double wanted) { return value(expression) == wanted; }
  static bool told(const std::string& text) { return ctl("events").out.find(text) != std::string::npos; }
};

TEST_F(Monitoring, PrometheusFindsEveryNodeThatServesAndFollowsScaling) {
  EXPECT_TRUE(eventually([] { return is("count(up{job=\"nodes\"} == 1)", 14); }, seconds(30))) << value("count(up{job=\"nodes\"} == 1)").value_or(-1);
  EXPECT_TRUE(is("up{job=\"controller\"}", 1));
  EXPECT_EQ(ctl("scale server 5").exit, 0);
  EXPECT_TRUE(eventually([] { return is("up{node=\"server-5\",role=\"server\",version=\"v1\"}", 1); }, seconds(20)));
  EXPECT_EQ(ctl("scale server 4").exit, 0);
  EXPECT_TRUE(eventually([] { return !value("up{node=\"server-5\"}"); }, seconds(20))) << "a standby is no target";
}

TEST_F(Monitoring, RulesFollowTheSpeedOfTheLab) {
  const auto window = [] {
    return sh(std::string("curl -s ") + kPrometheusUrl + "/api/v1/rules").out;
  };
  EXPECT_TRUE(eventually([&] { return window().find("client_requests_total[15s]") != std::string::npos; }, seconds(20))) << "15 lab minutes at speed 60";
  EXPECT_EQ(ctl("speed 30").exit, 0);
  EXPECT_TRUE(eventually([&] { return window().find("client_requests_total[30s]") != std::string::npos && window().find("client_requests_total[15s]") == std::string::npos; }, seconds(20)));
  EXPECT_EQ(ctl("speed 60").exit, 0);
  EXPECT_TRUE(eventually([&] { return window().find("client_requests_total[15s]") != std::string::npos; }, seconds(20)));
}

TEST_F(Monitoring, AHealthyLabIsQuiet) {
  EXPECT_TRUE(eventually([] { return success() > 0.99; }));
  EXPECT_TRUE(eventually([] { return is("count(count_over_time(contract:burn_rate:lab{window=\"15m\"}[30s]) >= 30)", 2); }, seconds(90))) << "half a lab hour has been watched";
  // How long requests take is up to a busy machine.
  EXPECT_TRUE(eventually([] { return !value("ALERTS{severity!=\"none\",alertname!~\"UsersGeneratorLate|LatencyBudgetBurn|ServerQueueing\"}"); }, seconds(30))) << sh(std::string("curl -s '") + kPrometheusUrl + "/api/v1/alerts'").out;
}

TEST_F(Monitoring, AnAlertStandsInTheRecordFromItsBeginningToItsEnd) {
  EXPECT_EQ(ctl("inject pause redis-1").exit, 0);
  EXPECT_TRUE(eventually([] { return told("firing: a node that says it is ready cannot be scraped: redis-1"); }, seconds(30))) << ctl("events").out;
  EXPECT_NE(ctl("status").out.find("TargetMissing redis-1"), std::string::npos);
  EXPECT_EQ(ctl("clear --all").exit, 0);
  EXPECT_TRUE(eventually([] { return told("resolved: a node that says it is ready cannot be scraped: redis-1"); }, seconds(30))) << ctl("events").out;
}

TEST_F(Monitoring, AnOutageBurnsTheBudgetAndPages) {
  EXPECT_EQ(ctl("inject error lb-1").exit, 0);
  EXPECT_TRUE(eventually([] { return told("AvailabilityBudgetBurn 15m") || told("firing: users' requests fail"); }, seconds(30))) << ctl("events").out;
  EXPECT_EQ(ctl("clear --all").exit, 0);
  EXPECT_TRUE(eventually([] { return told("resolved: users' requests fail"); }, seconds(60))) << ctl("events").out;
}

TEST_F(Monitoring, EveryPanelsQueryReturnsData) {
  const Sources sources{{"prometheus", PrometheusApi(kPrometheusUrl)}, {"lab-record", PrometheusApi(kControllerUrl)}};
  struct Waiting {
    PanelQuery query;
    std::string expression;
  };
  std::vector<Waiting> waiting;
  for (const Dashboard& dashboard : dashboards()) {
    const Variables variables = variables_of(dashboard, sources);
    for (const PanelQuery& query : dashboard.queries()) waiting.push_back({query, filled(query, variables)});
  }
  EXPECT_GT(waiting.size(), 50u);
  const auto answered = [&](const Waiting& one) {
    const PrometheusApi& api = sources.at(one.query.source);
    return (one.query.instant ? api.query(one.expression) : api.query_range(one.expression, 30)).has_number();
  };
  eventually([&] {
    std::erase_if(waiting, answered);
    return waiting.empty();
  }, seconds(60));
  for (const Waiting& one : waiting) ADD_FAILURE() << "no data: " << one.query.dashboard << ", " << one.query.panel << ": " << one.expression;
}

TEST_F(Monitoring, WithoutAlertmanagerTheControllerSaysSoAndWatchesItself) {
  EXPECT_EQ(compose("stop alertmanager").exit, 0);
  EXPECT_TRUE(eventually([] { return told("nothing is heard from Prometheus and Alertmanager"); }, seconds(90)));
  EXPECT_EQ(compose("start alertmanager").exit, 0);
  EXPECT_TRUE(eventually([] { return told("alerts arrive again"); }, seconds(60)));
}

}  // namespace
}  // namespace chaos::test
