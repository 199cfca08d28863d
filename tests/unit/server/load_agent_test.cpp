// The agent over a real socket.
#include "server/load_agent.hpp"

#include "runtime/dialer.hpp"
#include "support/test_node.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

constexpr unsigned short kPort = 7777;

class LoadAgentTest : public testing::Test {
 public:
  LoadAgentTest() { node_.desired.mutable_config()->mutable_server()->set_agent_port(kPort); }
  ~LoadAgentTest() override { node_.stop(); }

  /// What is answered to one who says `text` first; "refused" when nothing listens.
  awaitable<std::string> ask(std::string text = {}) {
    auto stream = co_await dial(node_.ctx, node_.peer("server"), kPort, RealClock::now() + std::chrono::seconds(5));
    if (!stream) co_return stream.error().message();
    (*stream)->expires_after(std::chrono::seconds(5));
    const auto sent = co_await (*stream)->write(asio::buffer(text));
    EXPECT_TRUE(sent);
    std::string all;
    char chunk[64];
    while (true) {
      auto got = co_await (*stream)->read_some(asio::buffer(chunk));
      if (!got) co_return got.error() == Errc::closed ? all : got.error().message();
      all.append(chunk, *got);
    }
  }

  test::TestNode node_{"server"};
  Station station_{{}, node_.ctx.rng.child("server"), node_.ctx.slowdown};
  LoadAgent agent_{node_.ctx, station_};
};

TEST_F(LoadAgentTest, SaysReadyOnceAfterAStartAndAfterADrain) {
  auto story = [](LoadAgentTest& t) -> awaitable<void> {
    EXPECT_TRUE(t.agent_.follow());
    EXPECT_EQ(co_await t.ask(), "up ready 100%\n");
    EXPECT_EQ(co_await t.ask("state\n"), "100%\n");
    t.node_.draining = true;
    EXPECT_EQ(co_await t.ask(), "drain\n");
    EXPECT_EQ(co_await t.ask(), "drain\n");
    t.node_.draining = false;
    t.node_.slowdown = 4;
    EXPECT_EQ(co_await t.ask(std::string(3000, 'x')), "up ready 25%\n");
    EXPECT_EQ(co_await t.ask(), "25%\n");
  };
  node_.run(story(*this));
}

TEST_F(LoadAgentTest, ListensWhereTheConfigurationSays) {
  auto story = [](LoadAgentTest& t) -> awaitable<void> {
    EXPECT_TRUE(t.agent_.follow());
    EXPECT_EQ(co_await t.ask(), "up ready 100%\n");
    t.node_.desired.mutable_config()->mutable_server()->set_agent_port(0);
    EXPECT_TRUE(t.agent_.follow());
    EXPECT_EQ(co_await t.ask(), make_error_code(Errc::refused).message());
    t.node_.desired.mutable_config()->mutable_server()->set_agent_port(kPort);
    EXPECT_TRUE(t.agent_.follow());
    EXPECT_EQ(co_await t.ask(), "100%\n");
  };
  node_.run(story(*this));
}

}  // namespace
}  // namespace chaos
