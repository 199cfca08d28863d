// hatop in a terminal, on the load balancer's socket of a lab under load.
#include "support/compat.hpp"
#include "support/lab.hpp"
#include "support/lb_bench.hpp"
#include "support/needs.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

namespace chaos::test {
namespace {

using testing::HasSubstr;

// A terminal without a screen: what a program draws can be read, keys can be pressed.
class Terminal {
 public:
  explicit Terminal(const std::string& command) : name_("chaoslab-" + std::to_string(getpid())) {
    sh("tmux -L " + name_ + " new-session -d -x 160 -y 40 'TERM=screen " + command + "'");
  }
  ~Terminal() { sh("tmux -L " + name_ + " kill-server"); }
  Terminal(const Terminal&) = delete;
  std::string screen() const { return sh("tmux -L " + name_ + " capture-pane -p").out; }
  void press(const std::string& key) const { sh("tmux -L " + name_ + " send-keys " + key); }
  bool shows(const std::string& text) const {
    return eventually([&] { return screen().find(text) != std::string::npos; });
  }

 private:
  std::string name_;
};

// The screen's line of a server.
std::string line_of(const std::string& screen, const std::string& server) {
  const auto at = screen.find(server);
  return at == std::string::npos ? "" : screen.substr(at, screen.find('\n', at) - at);
}

TEST(Hatop, ShowsTheLiveLabAndItsKeysTakeAServerOut) {
  CHAOS_NEEDS(has_program("hatop") && has_program("tmux"), "hatop and tmux");
  compat("Clients", "hatop", "hatop -s SOCKET: status view with live figures; F10 puts a server into maintenance, F9 takes it back");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  std::string socket = sh("find " + lab.data().string() + " -name haproxy.sock").out;
  socket = socket.substr(0, socket.find('\n'));
  const std::string lb = lab.address("lb-1");
  const auto figure = [&](const std::string& column) { return csv_rows(sh("curl -s -m 5 'http://" + lb + ":8404/;csv'").out)["be/server-1"][column]; };
  ASSERT_TRUE(eventually([&] { return std::stoi("0" + figure("rate")) > 3; }, std::chrono::seconds(60)));

  const Terminal terminal("hatop -s " + socket + " -i 1");
  ASSERT_TRUE(terminal.shows("server-2")) << terminal.screen();
  const std::string screen = terminal.screen();
  EXPECT_THAT(screen, HasSubstr("HAProxy Version: 2.6.12"));
  EXPECT_THAT(screen, HasSubstr("Node: lb-1"));
  EXPECT_THAT(screen, HasSubstr("FRONTEND"));
  EXPECT_THAT(screen, HasSubstr("BACKEND"));
  EXPECT_THAT(line_of(screen, "server-1"), HasSubstr("UP"));

  const auto selected = [&] {      // the footer names it by the ids of its proxy and its server
    return eventually([&] { return terminal.screen().find("[#3/#1]") != std::string::npos; }, std::chrono::milliseconds(500));
  };
  for (int i = 0; i < 10 && !selected(); ++i) terminal.press("Down");
  terminal.press("F10");
  ASSERT_TRUE(eventually([&] { return figure("status") == "MAINT"; })) << terminal.screen();
  EXPECT_TRUE(eventually([&] { return line_of(terminal.screen(), "server-1").find("MAINT") != std::string::npos; })) << terminal.screen();
  ASSERT_TRUE(eventually([&] { return figure("scur") == "0"; }));
  const std::string total = figure("stot");
  EXPECT_TRUE(eventually([&] { return figure("rate") == "0"; }));
  EXPECT_EQ(figure("stot"), total) << "no request came to it";
  terminal.press("F9");
  EXPECT_TRUE(eventually([&] { return figure("status") == "UP" && std::stoi("0" + figure("rate")) > 3; })) << terminal.screen();
}

}  // namespace
}  // namespace chaos::test
