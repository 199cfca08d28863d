// The client against a peer that says what the test tells it to say.
#include "upstream/redis_connection.hpp"

#include "runtime/listener.hpp"
#include "runtime/ports.hpp"
#include "support/test_node.hpp"

namespace chaos {
namespace {

RealTime soon() { return RealClock::now() + std::chrono::seconds(5); }

class RedisConnectionTest : public testing::Test {
 protected:
  RedisConnectionTest()
      : node_("server"), listener_(node_.ctx, "resp", 0, [this](std::shared_ptr<EdgeStream> stream) { return serve(std::move(stream)); }) {
    EXPECT_TRUE(listener_.listen(node_.ctx.address, ports::kRedis));
  }
  ~RedisConnectionTest() override {
    listener_.close_all();
    node_.stop();
    EXPECT_EQ(node_.failures, std::vector<std::string>{});
  }

  /// Answers the n-th read with the n-th text; an empty one closes the connection, none stays silent.
  awaitable<void> serve(std::shared_ptr<EdgeStream> stream) {
    std::array<char, 1024> chunk;
    for (std::size_t n = 0;; ++n) {
      const auto got = co_await stream->read_some(asio::buffer(chunk));
      if (!got) co_return;
      seen_.append(chunk.data(), *got);
      if (n >= says_.size()) continue;
      if (says_[n].empty()) co_return;
      co_await stream->write(asio::buffer(says_[n]));
    }
  }
  Result<std::unique_ptr<RedisConnection>> open() { return node_.run(RedisConnection::open(node_.ctx, node_.peer("redis"), soon())); }
  Result<resp::Value> ask(RedisConnection& connection, RealTime deadline = soon()) {
    return node_.run(connection.command({"GET", "a"}, deadline));
  }

  test::TestNode node_;
  Listener listener_;
  std::vector<std::string> says_{"+OK\r\n"};
  std::string seen_;
};

TEST_F(RedisConnectionTest, NamesItselfAndSendsCommands) {
  says_.push_back(">2\r\n+x\r\n+y\r\n$2\r\nhi\r\n");   // a push is not an answer
  auto connection = open();
  ASSERT_TRUE(connection);
  EXPECT_EQ(ask(**connection)->text, "hi");
  EXPECT_NE(seen_.find("SETNAME"), std::string::npos);
  EXPECT_NE(seen_.find("*2\r\n$3\r\nGET\r\n$1\r\na\r\n"), std::string::npos);
}

TEST_F(RedisConnectionTest, AnErrorThatRedisAnswersIsAValue) {
  says_.push_back("-OOM full\r\n");
  says_.push_back("$-1\r\n");
  auto connection = open();
  ASSERT_TRUE(connection);
  EXPECT_EQ(ask(**connection)->text, "OOM full");
  EXPECT_TRUE(ask(**connection)->is_nil());
}

TEST_F(RedisConnectionTest, ARefusedConnectionIsRejected) {
  says_ = {"-ERR max number of clients reached\r\n"};
  EXPECT_EQ(open().error(), Errc::rejected);
}

TEST_F(RedisConnectionTest, SilenceEndsAtTheDeadline) {
  auto connection = open();
  ASSERT_TRUE(connection);
  const auto answer = ask(**connection, RealClock::now() + std::chrono::milliseconds(50));
  EXPECT_EQ(answer.error(), Errc::timeout);
}

TEST_F(RedisConnectionTest, APeerThatClosesOrTalksNonsense) {
  says_.push_back("");
  auto connection = open();
  ASSERT_TRUE(connection);
  EXPECT_EQ(ask(**connection).error(), Errc::closed);
  says_[1] = "hello\r\n";
  connection = open();
  ASSERT_TRUE(connection);
  EXPECT_EQ(ask(**connection).error(), Errc::protocol);
}

}  // namespace
}  // namespace chaos
