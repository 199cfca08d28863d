// The dashboards against a real Prometheus that scrapes a real lab under load.
#include "support/dashboard.hpp"
#include "support/gauge.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <set>
#include <sstream>

namespace chaos::test {
namespace {

const std::string kSource = CHAOSLAB_SOURCE_DIR;
constexpr auto kDataWithin = std::chrono::seconds(120);      // on a machine that builds meanwhile

// One healthy guided lab with a steady load, and its Prometheus, for all tests of a process; ctest runs each in one of its own.
class ObservedLab : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    lab_ = std::make_unique<Lab>("guided-incident-response", "--speed 60");
    ASSERT_TRUE(lab_->up());
    const Output rules = lab_->ctl("rules --drill guided-incident-response --speed 60");
    ASSERT_EQ(rules.exit, 0) << rules.out;
    rules_ = rules.out;
    prometheus_ = std::make_unique<Prometheus>(*lab_, rules_);
    EXPECT_EQ(lab_->ctl("traffic set 800").exit, 0);
    const auto jobs = [] { return metric(lab_->address("worker-1"), "worker_jobs_total", "done"); };
    ASSERT_TRUE(eventually([&] { return success_now(*lab_) > 0.99 && jobs() > 20; }, kDataWithin)) << "the shop does not serve";
  }
  static void TearDownTestSuite() {
    prometheus_.reset();
    lab_.reset();
  }

  void SetUp() override { ASSERT_TRUE(prometheus_) << "the lab is not up"; }

  static Sources sources() { return {{"prometheus", prometheus_->api()}, {"lab-record", PrometheusApi("http://" + controller_http(*lab_))}}; }

  static inline std::unique_ptr<Lab> lab_;
  static inline std::unique_ptr<Prometheus> prometheus_;
  static inline std::string rules_;
};

struct Asked {
  PanelQuery query;
  std::string expression;      // with the variables replaced
  PrometheusApi api;
  QueryAnswer answer;
};

std::ostream& operator<<(std::ostream& out, const Asked& one) {
  return out << one.query.dashboard << ", " << one.query.panel << ": " << one.expression << " (" << one.query.source << ")"
             << (one.answer.error.empty() ? "" : ": " + one.answer.error);
}

void ask(Asked& one) {
  one.answer = one.query.instant ? one.api.query(one.expression) : one.api.query_range(one.expression, 30, one.query.step_s);
}

std::vector<Asked> asked_of(const Dashboard& dashboard, const std::vector<PanelQuery>& queries, const Sources& sources) {
  const Variables variables = variables_of(dashboard, sources);
  std::vector<Asked> out;
  for (const PanelQuery& query : queries) {
    const auto source = sources.find(query.source);
    if (source == sources.end()) {
      ADD_FAILURE() << dashboard.uid << ", " << query.panel << ": no data source of uid '" << query.source << "'";
      continue;
    }
    out.push_back({query, filled(query, variables), source->second, {}});
  }
  return out;
}

TEST_F(ObservedLab, EveryExpressionOfEveryPanelReturnsData) {
  std::vector<Asked> waiting;
  for (const Dashboard& dashboard : dashboards()) {
    for (Asked& one : asked_of(dashboard, dashboard.queries(), sources())) waiting.push_back(std::move(one));
  }
  EXPECT_GT(waiting.size(), 50u);
  eventually([&] {
    std::ranges::for_each(waiting, ask);
    std::erase_if(waiting, [](const Asked& one) { return one.answer.has_number(); });
    return waiting.empty();
  }, kDataWithin);
  for (const Asked& one : waiting) ADD_FAILURE() << "no data: " << one;
}

TEST_F(ObservedLab, EveryAnnotationIsUnderstoodAndNonsenseIsNot) {
  std::size_t count = 0;
  for (const Dashboard& dashboard : dashboards()) {
    for (Asked& one : asked_of(dashboard, dashboard.annotations(), sources())) {
      ask(one);
      EXPECT_EQ(one.answer.error, "") << one;
      ++count;
    }
  }
  EXPECT_GT(count, 0u);
  for (const auto& [uid, api] : sources()) {
    EXPECT_FALSE(api.query_range("absent_metric", 30).has_number()) << uid;
    EXPECT_NE(api.query("rate(node_requests_total").error, "") << uid;
  }
  EXPECT_FALSE(prometheus_->api().query("vector(0) / 0").has_number()) << "not a number";
}

// Names of the metrics that a page of /metrics declares.
std::set<std::string> declared(const std::string& page) {
  std::set<std::string> names;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) names.insert(line.substr(7, line.rfind(' ') - 7));
  }
  return names;
}

std::string page_of(const std::string& address) { return sh("curl -s -m 5 http://" + address + "/metrics").out; }

// The pages of the controller and of one ready node of each role, by role.
std::map<std::string, std::string> metrics_pages(const Lab& lab) {
  std::map<std::string, std::string> pages{{"controller", page_of(controller_http(lab))}};
  const auto status = lab.status();
  for (const auto& node : status.at("nodes").as_array()) {
    if (node.at("phase").as_string() != "PHASE_READY") continue;
    std::string& page = pages[std::string(node.at("role").as_string())];
    if (page.empty()) page = page_of(std::string(node.at("address").as_string()) + ":9100");
  }
  return pages;
}

// Metrics that a panel or a rule asks for, by the names under which they are declared.
std::set<std::string> used_words(const std::string& rules) {
  std::set<std::string> words;
  const auto add = [&](const std::string& expression) {
    for (std::string word : words_of(expression)) {
      for (const char* part : {"_bucket", "_sum", "_count"}) {
        if (word.ends_with(part)) words.insert(word.substr(0, word.size() - std::string(part).size()));
      }
      words.insert(std::move(word));
    }
  };
  for (const Dashboard& dashboard : dashboards()) {
    for (const PanelQuery& query : dashboard.queries()) add(query.expression);
  }
  for (const auto& group : YAML::Load(rules)["groups"]) {
    for (const auto& rule : group["rules"]) add(rule["expr"].as<std::string>());
  }
  return words;
}

// "NAME REASON" a line.
std::map<std::string, std::string> unused_on_purpose() {
  std::map<std::string, std::string> out;
  std::ifstream in(kSource + "/dashboards/unused-metrics.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    const auto blank = line.find(' ');
    EXPECT_NE(blank, std::string::npos) << "no reason: " << line;
    out[line.substr(0, blank)] = blank == std::string::npos ? "" : line.substr(blank + 1);
  }
  return out;
}

void expect_promtool_content(const std::map<std::string, std::string>& pages) {
  const TempDir dir;
  EXPECT_EQ(pages.size(), 11u) << "ten roles and the controller";
  for (const auto& [role, page] : pages) {
    const std::string file = (dir.path() / role).string();
    std::ofstream(file) << page;
    const Output checked = sh((tools_bin() / "promtool").string() + " check metrics <" + file);
    EXPECT_EQ(checked.exit, 0) << role << ": " << checked.out;
  }
  std::ofstream(dir.path() / "bad") << "# TYPE lab_bad_name counter\nlab_bad_name 1\n";
  EXPECT_NE(sh((tools_bin() / "promtool").string() + " check metrics <" + (dir.path() / "bad").string()).exit, 0) << "the check finds nothing";
}

TEST_F(ObservedLab, EveryMetricIsWellNamedAndSeenOrLeftOutOnPurpose) {
  // A server tells what failed upstream from the first failure on.
  const std::string fault = inject(*lab_, "error postgres --probability 0.5");
  const std::string server = lab_->address("server-1");
  ASSERT_TRUE(eventually([&] { return metric(server, "server_upstream_errors_total") > 0; }));
  const auto pages = metrics_pages(*lab_);
  clear(*lab_, fault);
  expect_promtool_content(pages);
  std::set<std::string> exported;
  for (const auto& [role, page] : pages) exported.merge(declared(page));

  EXPECT_GT(exported.size(), 100u);
  const auto used = used_words(rules_);
  const auto left_out = unused_on_purpose();
  for (const std::string& name : exported) {
    EXPECT_TRUE(used.contains(name) || left_out.contains(name)) << name << " is in no panel, in no rule and not in dashboards/unused-metrics.txt";
  }
  for (const auto& [name, reason] : left_out) {
    EXPECT_TRUE(exported.contains(name)) << name << " in dashboards/unused-metrics.txt: nothing exports it";
    EXPECT_FALSE(used.contains(name)) << name << " in dashboards/unused-metrics.txt is used";
  }
}

TEST_F(ObservedLab, EveryDashboardIsRenderedWithItsData) {
  const TempDir dir;
  const auto all = sources();
  for (const Dashboard& dashboard : dashboards()) {
    const std::string page = (dir.path() / (dashboard.uid + ".html")).string();
    const std::string command = kSource + "/tools/render-dashboard.py " + kSource + "/dashboards/json/" + dashboard.uid + ".json --prometheus " +
                                all.at("prometheus").url() + " --record " + all.at("lab-record").url() + " --last 30 --strict -o " + page;
    Output rendered;
    const bool drawn = eventually([&] { return (rendered = sh(command, 60)).exit == 0; }, kDataWithin);
    EXPECT_TRUE(drawn) << dashboard.uid << ": " << rendered.out;
    EXPECT_GT(drawn ? std::filesystem::file_size(page) : 0, 5000u) << dashboard.uid;
  }
}

}  // namespace
}  // namespace chaos::test
