// pg_activity in a terminal against a lab under load: running, waiting and blocking queries are seen.
#include "support/compat.hpp"
#include "support/lab.hpp"
#include "support/needs.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

// A program in a terminal of its own.
class Terminal {
 public:
  explicit Terminal(const std::string& command) : socket_((dir_.path() / "tmux").string()) {
    sh(tmux() + "new-session -d -x 200 -y 50 '" + command + " 2>&1; sleep 60'");
  }
  ~Terminal() { sh(tmux() + "kill-server"); }
  void key(const std::string& name) const { sh(tmux() + "send-keys " + name); }
  std::string screen() const { return sh(tmux() + "capture-pane -p").out; }
  /// The screen on which all of these stand together; empty when they never do.
  std::string shows(const std::vector<std::string>& parts) const {
    std::string seen;
    const bool all = eventually([&] {
      seen = screen();
      for (const std::string& part : parts) {
        if (seen.find(part) == std::string::npos) return false;
      }
      return true;
    }, std::chrono::seconds(30));
    EXPECT_TRUE(all) << seen;
    return all ? seen : "";
  }

 private:
  std::string tmux() const { return "tmux -S " + socket_ + " "; }
  TempDir dir_;
  std::string socket_;
};

TEST(PgActivity, ShowsTheLabsSessionsAndWhoWaitsForWhom) {
  CHAOS_NEEDS(has_program("pg_activity") && has_program("tmux"), "pg_activity and tmux");
  compat("Clients", "pg_activity", "running, waiting (F2) and blocking (F3) queries, header figures");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string host = lab.address("postgres-1");
  ASSERT_TRUE(lab.ready("postgres-1"));
  const auto psql = [&](const std::string& sql) { return sh("psql -h " + host + " -U postgres -d shop -XAtc \"" + sql + "\"").out; };
  ASSERT_TRUE(eventually([&] { return psql("select 'some' from orders limit 1") == "some\n"; }));

  Terminal terminal("pg_activity -h " + host + " -U postgres -d shop --refresh 1");
  // The header tells the load: orders are inserted all the time.
  terminal.shows({"PostgreSQL 15", "RUNNING QUERIES", "insert/s"});
  EXPECT_TRUE(eventually([&] {
    const std::string screen = terminal.screen();
    const std::size_t at = screen.find(" insert/s");
    if (at == std::string::npos) return false;
    const std::size_t from = screen.rfind(' ', at - 1);
    return std::stol(screen.substr(from + 1, at - from - 1)) > 0;
  })) << terminal.screen();

  TempDir dir;
  const auto session = [&](const std::string& name, const std::string& sql) {
    return std::make_unique<Child>(std::vector<std::string>{"/usr/bin/env", "PGAPPNAME=" + name, "psql", "-h", host, "-U", "shop", "-d", "shop", "-c", sql}, dir.path() / name);
  };
  const auto holder = session("holder", "begin; update items set stock = stock where id = 1; select pg_sleep(100)");
  ASSERT_TRUE(eventually([&] { return psql("select count(*) from pg_stat_activity where application_name = 'holder' and query like '%pg_sleep%'") == "1\n"; }));
  const auto waiter = session("waiter", "update items set stock = stock + 1 where id = 1");
  terminal.shows({"holder", "pg_sleep(100)", "waiter", "1 waiting"});
  terminal.key("F2");
  terminal.shows({"WAITING QUERIES", "waiter", "update items set stock = stock + 1"});
  terminal.key("F3");
  terminal.shows({"BLOCKING QUERIES", "holder", "pg_sleep(100)"});
  EXPECT_EQ(psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holder'"), "t\n");
  EXPECT_EQ(waiter->wait(), 0);
  terminal.key("F1");
  terminal.shows({"RUNNING QUERIES", "0 waiting"});
}

}  // namespace
}  // namespace chaos::test
