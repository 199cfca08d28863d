// Pages of the lab by their paths, on a record of our own making.
#include "web/console.hpp"

#include "support/loop.hpp"
#include "unit/web/lab_record.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <fstream>

namespace chaos::web {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

HttpResponse get(asio::io_context& io, const Routes& routes, const std::string& path, const std::string& host = "127.0.0.1:7070") {
  HttpRequest request;
  request.target = path;
  request.headers.add("Host", host);
  return test::run(io, routes.answer(request));
}

class ConsoleTest : public ::testing::Test {
 protected:
  ConsoleTest() {
    record_.begin(1'000'000);
    record_.tell({1'001'000, "fault", "begin", "server-1", true, "the secret"});
    record_.end(1'050'000);
    record_.begin(2'000'000);
    record_.tell({2'001'000, "fault", "begin", "server-1", true, "the secret"});
    console_.add_to(routes_);
  }

  static v1::LabStatus status() {
    v1::LabStatus out;
    out.set_run("r2");
    auto& node = *out.add_nodes();
    node.set_name("cdn-1");
    node.set_role("cdn");
    node.set_phase(v1::PHASE_READY);
    return out;
  }
  HttpResponse ask(const std::string& path, const std::string& host = "127.0.0.1:7070") { return get(io_, routes_, path, host); }

  asio::io_context io_;
  test::LabRecord record_;
  Archive archive_{io_.get_executor(), record_.file()};
  Console console_{{archive_, status, "A title", {}, true}};
  Routes routes_;
};

TEST_F(ConsoleTest, ThePageComesWithItsPolicy) {
  const HttpResponse page = ask("/");
  EXPECT_THAT(page.body, HasSubstr("<title>Chaos lab</title>"));
  EXPECT_THAT(std::string(page.headers.get("Content-Security-Policy").value()), HasSubstr("script-src 'sha256-"));
}

TEST_F(ConsoleTest, TheStatusHasTheRunsAndTheCommandsForWhereItIsReadFrom) {
  const boost::json::value status = boost::json::parse(ask("/api/status", "lab.example:7070").body);
  EXPECT_EQ(status.at("title").as_string(), "A title");
  EXPECT_EQ(status.at("runs").as_array().size(), 2u);
  EXPECT_EQ(status.at("runs").at(0).at("state").as_string(), "running");
  EXPECT_EQ(status.at("nodes").at(0).at("ways").at(0).at("command").as_string(), "curl -i http://lab.example:8080/static/1");
  EXPECT_THAT(ask("/api/status", "$(reboot)").body, Not(HasSubstr("reboot")));
}

TEST_F(ConsoleTest, ARunThatIsOverHasItsPostMortemAndAnotherSaysWhen) {
  const HttpResponse over = ask("/runs/r1");
  EXPECT_EQ(over.status, 200u);
  EXPECT_THAT(over.body, HasSubstr("<h1>Post-mortem"));
  EXPECT_THAT(std::string(over.headers.get("Content-Security-Policy").value()), Not(HasSubstr("script-src")));
  EXPECT_EQ(ask("/runs/r2").status, 404u);
  EXPECT_THAT(ask("/runs/r2").body, HasSubstr("comes with its end"));
  EXPECT_THAT(ask("/runs/r2").body, Not(HasSubstr("secret")));
  for (const char* none : {"/runs/", "/runs/r3", "/runs/r", "/runs/1", "/runs/last", "/runs/r1%20", "/runs/r1234567890", "/runs/<b>"}) {
    EXPECT_EQ(ask(none).status, 404u) << none;
    EXPECT_THAT(ask(none).body, Not(HasSubstr("<b>"))) << none;
  }
}

class RunbooksTest : public ::testing::Test {
 protected:
  RunbooksTest() {
    std::filesystem::create_directory(folder_.path() / "runbooks");
    write("runbooks/NodeDown.md", "# NodeDown\n\nSee [the other](Other.md), [all](README.md), [docs](../secret.md), [web](https://example.org/).\n");
    write("runbooks/Other.md", "text");
    write("runbooks/README.md", "Begin here.");
    write("runbooks/notes.txt", "no page");
    write("secret.md", "not for the world");
    runbooks_.add_to(routes_);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_.path() / name) << text; }
  HttpResponse ask(const std::string& path) { return get(io_, routes_, path); }

  asio::io_context io_;
  test::TempDir folder_;
  Runbooks runbooks_{{folder_.path() / "runbooks"}};
  Routes routes_;
};

TEST_F(RunbooksTest, APageIsItsMarkdownAndItsLinksStayAmongTheRunbooks) {
  const std::string page = ask("/runbooks/NodeDown").body;
  EXPECT_THAT(page, HasSubstr("<h1>NodeDown</h1>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"/runbooks/Other\">the other</a>, <a href=\"/runbooks/\">all</a>, docs, <a href=\"https://example.org/\">web</a>"));
}

TEST_F(RunbooksTest, TheListHasThemAll) {
  EXPECT_THAT(runbooks_.names(), ElementsAre("NodeDown", "Other"));
  EXPECT_THAT(ask("/runbooks/").body, HasSubstr("Begin here."));
  EXPECT_THAT(ask("/runbooks").body, HasSubstr("<a href=\"/runbooks/Other\">"));
}

TEST_F(RunbooksTest, NoNameLeadsOutOfTheFolder) {
  for (const char* path : {"/runbooks/../secret", "/runbooks/..%2Fsecret", "/runbooks/%2e%2e/secret", "/runbooks//etc/passwd", "/runbooks/NodeDown.md", "/runbooks/notes.txt", "/runbooks/None"}) {
    EXPECT_EQ(ask(path).status, 404u) << path;
    EXPECT_THAT(ask(path).body, Not(HasSubstr("not for the world"))) << path;
  }
  EXPECT_EQ(runbooks_.text("../secret"), std::nullopt);
  EXPECT_FALSE(is_runbook_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace chaos::web
