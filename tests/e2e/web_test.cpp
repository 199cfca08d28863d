// The controller's HTTP side on a real lab: pages, the record as a data source, bad input, the web page in a real browser.
#include "support/gauge.hpp"
#include "support/needs.hpp"
#include "support/prometheus.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

namespace json = boost::json;

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;



// A short run whose drill breaks something by itself, which nobody may see before the run is over; and whose title is hostile.
std::string blind_drill(const std::filesystem::path& folder) {
  std::ifstream in(test_drill("steady"));
  std::stringstream text;
  text << in.rdbuf();
  std::string drill = text.str();
  const auto replace = [&](const std::string& from, const std::string& to) { drill.replace(drill.find(from), from.size(), to); };
  replace("name: steady", "name: blind");
  replace("title: a steady load, for tests", "title: \"<img src=x onerror=\\\"document.title='owned'\\\"> & 'quotes'\"");
  replace("length_lab_s: 604800", "length_lab_s: 900");
  drill += "faults:\n  - {at: \"00:02\", fault: {target: {role: server, edge_to: redis}, latency: {delay_ms: 7}}}\n";
  const auto file = folder / "blind.yaml";
  std::ofstream(file) << drill;
  return file.string();
}

class Web {
 public:
  explicit Web(const Lab& lab) : base_("http://" + controller_http(lab)) {}

  std::string url(const std::string& path) const { return base_ + path; }
  Output curl(const std::string& arguments) const { return sh("curl -s -m 10 --noproxy '*' --path-as-is " + arguments); }
  std::string get(const std::string& path) const { return curl("'" + url(path) + "'").out; }
  std::string code(const std::string& path, const std::string& more = {}) const { return curl("-o /dev/null -w '%{http_code}' " + more + " '" + url(path) + "'").out; }
  json::value status() const {
    boost::system::error_code ec;
    auto value = json::parse(get("/api/status"), ec);
    return ec ? json::value(json::object{{"state", "no answer"}, {"nodes", json::array{}}}) : value;
  }

 private:
  std::string base_;
};

TEST(Web, EachPageIsThereAndBadInputIsTurnedAway) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const Web web(lab);
  for (const char* path : {"/", "/api/status", "/metrics", "/sd", "/healthz", "/runbooks", "/runbooks/", "/runbooks/MemoryNearLimit", "/api/v1/labels", "/api/v1/label/kind/values",
                           "/api/v1/metadata", "/api/v1/status/buildinfo", "/api/v1/query?query=lab_runs", "/api/v1/series?match%5B%5D=lab_runs"}) {
    EXPECT_EQ(web.code(path), "200") << path;
  }
  EXPECT_EQ(web.code("/", "--head"), "200");
  for (const char* path : {"/nothing", "/index.html", "/runs/r1", "/runs/r99", "/runs/../record.db", "/runbooks/../../README", "/runbooks/..%2f..%2fREADME.md", "/runbooks/%2e%2e/README", "/api/v1/rules", "/api/v1/admin/tsdb/snapshot"}) {
    EXPECT_EQ(web.code(path), "404") << path;
  }
  EXPECT_THAT(web.curl("-i -X DELETE '" + web.url("/") + "'").out, HasSubstr("Allow: GET, HEAD"));
  EXPECT_EQ(web.code("/api/status", "-X POST"), "405");
  EXPECT_EQ(web.code("/api/v1/query", "--data-urlencode query@<(head -c 10000 /dev/zero | tr '\\0' a)"), "400");
  EXPECT_EQ(web.code("/api/v1/query", "--data-binary @<(head -c 1000000 /dev/zero)"), "413");
  EXPECT_EQ(web.code("/api/v1/query", "-G --data-urlencode query@<(head -c 50000 /dev/zero | tr '\\0' a)"), "431");
  EXPECT_EQ(web.code("/api/v1/query", "-H 'Content-Type: application/json' -d '{}'"), "400");
  EXPECT_EQ(web.code("/api/status", "-H 'Host: $(reboot)'"), "200");
  EXPECT_EQ(web.code("/healthz"), "200") << "it lives after all that";
}

TEST(Web, ThePrometheusToolsReadTheRecord) {
  const auto promtool = tools_bin() / "promtool";
  CHAOS_NEEDS(std::filesystem::exists(promtool), "tools/unpack.sh prometheus brings promtool");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  EXPECT_EQ(lab.ctl("inject latency 'server->redis' --delay-ms 1").exit, 0);
  const Web web(lab);
  const auto ask = [&](const std::string& what) { return sh(promtool.string() + " query " + what); };
  const std::string range = "range --start=$(($(date +%s) - 60)) --end=$(($(date +%s) + 2)) --step=1s " + web.url("") + " ";
  EXPECT_TRUE(eventually([&] { return ask(range + "'lab_events{verb=\"inject\"}'").out.find("latency on server->redis") != std::string::npos; }));
  EXPECT_THAT(ask(range + "'lab_events{kind=~\"none|fau.*\",verb!=\"inject\"}'").out, Not(HasSubstr("lab_events")));
  EXPECT_THAT(ask("instant " + web.url("") + " lab_runs").out, HasSubstr("state=\"running\""));
  EXPECT_THAT(ask("labels " + web.url("") + " kind").out, HasSubstr("fault\nnode\nrun"));
  EXPECT_THAT(ask("series --match='lab_events{verb=\"inject\"}' " + web.url("")).out, HasSubstr("kind=\"fault\""));
  EXPECT_THAT(ask(range + "'sum(lab_events)'").out, HasSubstr("bad_data"));
}

TEST(Web, WhatADrillHidesComesOutOnlyWhenTheRunIsOver) {
  TempDir dir;
  Lab lab(blind_drill(dir.path()), "--speed 60");
  ASSERT_TRUE(lab.up());
  const Web web(lab);
  ASSERT_TRUE(eventually([&] { return web.status().at("state").as_string() == "running" && web.status().at("lab_s").to_number<double>() > 200; }));
  const std::string query = "/api/v1/query?query=lab_events%7Bkind%3D%22fault%22%7D";
  for (const std::string path : {"/api/status", query.c_str(), "/api/v1/label/text/values", "/api/v1/series?match%5B%5D=lab_events", "/runs/r1", "/metrics"}) {
    EXPECT_THAT(web.get(path), Not(AnyOf(HasSubstr("latency on"), HasSubstr("latency server"), HasSubstr("delay_ms")))) << path;
  }
  ASSERT_TRUE(eventually([&] { return web.status().at("state").as_string() == "ended"; }, std::chrono::seconds(60)));
  EXPECT_THAT(web.get(query), HasSubstr("latency on server->redis"));
  EXPECT_THAT(web.get("/runs/r1"), HasSubstr("<h1>Post-mortem"));
  EXPECT_EQ(web.status().at("runs").at(0).at("postmortem").as_string(), "/runs/r1");
}

TEST(Web, EveryCommandOnThePageWorks) {
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  const Web web(lab);
  int commands = 0;
  const json::value status = web.status();
  for (const auto& node : status.at("nodes").as_array()) {
    for (const auto& way : node.at("ways").as_array()) {
      std::string command(way.at("command").as_string());
      if (command.starts_with("chaosctl logs -f ")) command = (bin_dir() / "chaosctl").string() + " --data " + lab.data().string() + " logs" + command.substr(16);
      if (const std::string url(way.at("url").as_string()); !url.empty()) command = "curl -sf -m 5 --noproxy '*' " + url;
      if (command.starts_with("curl -")) command = "curl -f -m 5 --noproxy '*'" + command.substr(4);
      if (way.at("what").as_string() == "AMQP address") command = "amqp-declare-queue -u " + command + " -q web-test";
      const Output output = sh(command, 15);
      EXPECT_EQ(output.exit, 0) << node.at("name").as_string() << ": " << command << "\n" << output.out;
      EXPECT_FALSE(output.out.empty()) << command;
      ++commands;
    }
  }
  EXPECT_GT(commands, 30);
}

bool has_chromium() { return has_program("chromium"); }

// The page's document after its script ran for a while, as a browser without a window sees it.
std::string dom(const std::string& url) {
  const TempDir profile;
  return sh("chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync "
            "--no-proxy-server --user-data-dir=" + profile.path().string() + " --virtual-time-budget=4000 --dump-dom '" + url + "' 2>/dev/null", 60).out;
}

std::string text_of(const std::string& document, const std::string& id) {
  const auto at = document.find("id=\"" + id + "\"");
  const auto begin = at == std::string::npos ? at : document.find('>', at);
  return begin == std::string::npos ? "no " + id : document.substr(begin + 1, document.find("</", begin) - begin - 1);
}

TEST(WebPage, ABrowserShowsNodesContractAndEventsAndTakesNoTextForMarkup) {
  CHAOS_NEEDS(has_chromium(), "chromium is missing");
  TempDir dir;
  Lab lab(blind_drill(dir.path()), "--speed 30");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return success_now(lab) > 0.99; }));
  const std::string page = dom(Web(lab).url("/"));
  const json::value status = lab.status();
  for (const auto& node : status.at("nodes").as_array()) EXPECT_THAT(page, HasSubstr(">" + std::string(node.at("name").as_string()) + "</button>"));
  EXPECT_THAT(page, HasSubstr("at least 95 %"));
  EXPECT_THAT(page, HasSubstr("at most 320 ms"));
  EXPECT_THAT(page, HasSubstr("redis-cli -h " + lab.address("redis-1")));
  EXPECT_EQ(text_of(page, "state"), "running");
  EXPECT_THAT(page, HasSubstr("server-1 is ready"));
  EXPECT_EQ(text_of(page, "gone"), "") << "it answers";
  EXPECT_EQ(text_of(page, "title"), "&lt;img src=x onerror=\"document.title='owned'\"&gt; &amp; 'quotes'");
  EXPECT_THAT(page, Not(HasSubstr("<title>owned")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("latency")));
}

// The same page from a server that has nothing else.
TEST(WebPage, ABrowserSaysWhenTheControllerIsGone) {
  CHAOS_NEEDS(has_chromium(), "chromium is missing");
  TempDir dir;
  {
    Lab lab(test_drill("steady"));
    ASSERT_TRUE(lab.up());
    std::ofstream(dir.path() / "index.html") << Web(lab).get("/");
  }
  const std::string log = (dir.path() / "log").string();
  Child server({"/usr/bin/env", "python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", dir.path().string()}, log);
  const std::string port_of = "grep -o 'port [0-9]*' " + log + " | cut -d' ' -f2";
  ASSERT_TRUE(eventually([&] { return !sh(port_of).out.empty(); }));
  std::string port = sh(port_of).out;
  port.pop_back();
  const std::string page = dom("http://127.0.0.1:" + port + "/");
  EXPECT_THAT(text_of(page, "gone"), HasSubstr("No answer from the controller since "));
  EXPECT_THAT(page, HasSubstr("class=\"stale\""));
}

}  // namespace
}  // namespace chaos::test
