// What commands do to clients: transactions, waits, subscriptions, passwords, replies kept back.
#include "unit/redis/desk.hpp"

#include <gmock/gmock.h>

namespace chaos::redis {
namespace {

using testing::HasSubstr;

class SessionCommands : public testing::Test {
 protected:
  SessionCommands() {
    other.close = [this] { closed = true; };
    other.wake = [this] { ++woken; };
    desk.engine.join(other);
  }
  ~SessionCommands() override { desk.engine.leave(other); }
  /// A command of the other client that gives no answer yet.
  Outcome start(std::vector<std::string> words) {
    const std::vector<std::string_view> args(words.begin(), words.end());
    resp::Writer out(other.out, other.protocol);
    return desk.engine.execute(other, desk.engine.find(args), args, out);
  }
  Desk desk;
  Client other;
  bool closed = false;
  int woken = 0;
};

TEST_F(SessionCommands, WatchSeesEveryKindOfChange) {
  for (const std::vector<std::string>& change : {std::vector<std::string>{"SET", "a", "2"}, {"DEL", "a"}, {"EXPIRE", "a", "10"}, {"FLUSHALL"}, {"RENAME", "b", "a"}}) {
    desk.run({"MSET", "a", "1", "b", "1"});
    desk.run({"WATCH", "a"});
    desk.run_as(other, change);
    desk.run({"MULTI"});
    desk.run({"GET", "a"});
    EXPECT_TRUE(desk.run({"EXEC"}).is_nil()) << change[0];
  }
  desk.run({"WATCH", "a"});
  desk.run_as(other, {"GET", "a"});
  desk.run({"MULTI"});
  EXPECT_EQ(desk.run({"EXEC"}).kind, resp::Kind::array) << "a read is no change";
}

TEST_F(SessionCommands, AWaitingClientGetsWhatComesFirst) {
  EXPECT_EQ(start({"BLPOP", "x", "jobs", "0"}), Outcome::waits);
  EXPECT_EQ(desk.engine.blocked(), 1u);
  desk.run({"SET", "unrelated", "1"});
  EXPECT_TRUE(other.out.empty());
  EXPECT_EQ(desk.number({"RPUSH", "jobs", "work", "more"}), 2);
  EXPECT_EQ(other.out, "*2\r\n$4\r\njobs\r\n$4\r\nwork\r\n");
  EXPECT_EQ(desk.number({"LLEN", "jobs"}), 1);
  EXPECT_EQ(desk.engine.blocked(), 0u);
  EXPECT_EQ(woken, 1);
}

TEST_F(SessionCommands, AWaitForSeveralTakesFromTheFirstKeyThatHasSome) {
  EXPECT_EQ(start({"BZMPOP", "0", "2", "x", "scores", "MAX", "COUNT", "2"}), Outcome::waits);
  desk.run({"ZADD", "unrelated", "1", "a"});
  EXPECT_TRUE(other.out.empty());
  desk.run({"ZADD", "scores", "1", "a", "2", "b", "3", "c"});
  EXPECT_EQ(other.out, "*2\r\n$6\r\nscores\r\n*2\r\n*2\r\n$1\r\nc\r\n$1\r\n3\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n");
  EXPECT_EQ(desk.number({"ZCARD", "scores"}), 1);
  other.out.clear();
  EXPECT_EQ(start({"BLMPOP", "0", "1", "jobs", "LEFT"}), Outcome::waits);
  desk.run({"RPUSH", "jobs", "work"});
  EXPECT_EQ(other.out, "*2\r\n$4\r\njobs\r\n*1\r\n$4\r\nwork\r\n");
}

TEST_F(SessionCommands, AWaitEndsByTimeOrByForce) {
  EXPECT_EQ(start({"BLPOP", "jobs", "1.5"}), Outcome::waits);
  EXPECT_EQ(other.blocked->until, desk.clock.now() + std::chrono::milliseconds(1500));
  desk.engine.unblock(other);
  EXPECT_EQ(other.out, "*-1\r\n");
  other.out.clear();
  EXPECT_EQ(start({"XREAD", "BLOCK", "0", "STREAMS", "s", "$"}), Outcome::waits);
  EXPECT_EQ(desk.number({"CLIENT", "UNBLOCK", std::to_string(other.id), "ERROR"}), 1);
  EXPECT_THAT(other.out, HasSubstr("-UNBLOCKED client unblocked"));
}

TEST_F(SessionCommands, AWaitForAStreamRemembersWhereItBegan) {
  desk.run({"XADD", "s", "1-1", "f", "old"});
  EXPECT_EQ(start({"XREAD", "BLOCK", "0", "STREAMS", "s", "$"}), Outcome::waits);
  desk.run({"XADD", "s", "2-1", "f", "new"});
  EXPECT_THAT(other.out, HasSubstr("2-1"));
  EXPECT_THAT(other.out, testing::Not(HasSubstr("1-1")));
}

TEST_F(SessionCommands, WhoServesOneServesTheNext) {
  Client third;
  third.close = [] {};
  desk.engine.join(third);
  EXPECT_EQ(start({"BLMOVE", "a", "b", "LEFT", "LEFT", "0"}), Outcome::waits);
  {
    const std::vector<std::string_view> args{"BLPOP", "b", "0"};
    resp::Writer out(third.out, 2);
    EXPECT_EQ(desk.engine.execute(third, desk.engine.find(args), args, out), Outcome::waits);
  }
  desk.run({"RPUSH", "a", "v"});
  EXPECT_EQ(third.out, "*2\r\n$1\r\nb\r\n$1\r\nv\r\n");
  desk.engine.leave(third);
}

TEST_F(SessionCommands, MessagesReachSubscribersAndOverLongOnesAreClosed) {
  desk.run({"CONFIG", "SET", "client-output-buffer-limit", "pubsub 1000 0 0"});
  start({"SUBSCRIBE", "news"});
  other.out.clear();
  EXPECT_EQ(desk.number({"PUBLISH", "news", "hello"}), 1);
  EXPECT_EQ(other.out, "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n");
  desk.run({"PUBLISH", "news", std::string(2000, 'x')});
  EXPECT_TRUE(closed);
  EXPECT_EQ(desk.engine.totals.output_closes, 1u);
  EXPECT_THAT(desk.run_as(other, {"GET", "a"}).text, HasSubstr("Can't execute 'get': only (P|S)SUBSCRIBE"));
}

TEST_F(SessionCommands, ASoftLimitGivesItsSeconds) {
  desk.run({"CONFIG", "SET", "client-output-buffer-limit", "pubsub 0 100 2"});
  start({"SUBSCRIBE", "news"});
  desk.run({"PUBLISH", "news", std::string(200, 'x')});
  desk.engine.tick();
  EXPECT_FALSE(closed);
  desk.clock.advance(std::chrono::seconds(3));
  desk.engine.tick();
  EXPECT_TRUE(closed);
}

TEST_F(SessionCommands, IdleClientsAreClosedByTimeout) {
  desk.run({"CONFIG", "SET", "timeout", "10"});
  desk.clock.advance(std::chrono::seconds(11));
  desk.engine.tick();
  EXPECT_TRUE(closed);
}

TEST_F(SessionCommands, RepliesAreKeptBack) {
  start({"CLIENT", "REPLY", "OFF"});
  start({"PING"});
  EXPECT_EQ(other.out, "");
  start({"CLIENT", "REPLY", "ON"});
  EXPECT_EQ(other.out, "+OK\r\n");
  other.out.clear();
  start({"CLIENT", "REPLY", "SKIP"});
  start({"PING"});
  start({"ECHO", "x"});
  EXPECT_EQ(other.out, "$1\r\nx\r\n");
}

TEST_F(SessionCommands, APauseHoldsWritesOrAll) {
  const auto now = desk.clock.now();
  const std::vector<std::string_view> get{"GET", "a"}, set{"SET", "a", "1"};
  desk.run({"CLIENT", "PAUSE", "1000", "WRITE"});
  EXPECT_LE(desk.engine.gate(desk.engine.find(get)), now);
  EXPECT_EQ(desk.engine.gate(desk.engine.find(set)), now + std::chrono::seconds(1));
  desk.run({"CLIENT", "UNPAUSE"});
  EXPECT_LE(desk.engine.gate(desk.engine.find(set)), now);
}

TEST_F(SessionCommands, APasswordIsForThoseWhoComeAfterIt) {
  desk.run({"CONFIG", "SET", "requirepass", "secret"});
  EXPECT_TRUE(desk.run({"GET", "a"}).is_nil());
  Client fresh;
  desk.engine.join(fresh);
  EXPECT_EQ(desk.run_as(fresh, {"GET", "a"}).text, "NOAUTH Authentication required.");
  EXPECT_EQ(desk.run_as(fresh, {"AUTH", "secre"}).text, "WRONGPASS invalid username-password pair or user is disabled.");
  EXPECT_EQ(desk.run_as(fresh, {"AUTH", "default", "secret"}).text, "OK");
  EXPECT_TRUE(desk.run_as(fresh, {"GET", "a"}).is_nil());
  desk.engine.leave(fresh);
}

TEST_F(SessionCommands, AReplyIsBounded) {
  desk.run({"CONFIG", "SET", "client-output-buffer-limit", "normal 10000 0 0"});
  desk.run({"SET", "a", std::string(4000, 'x')});
  start({"MGET", "a", "a", "a", "a", "a"});
  EXPECT_TRUE(other.closing);
  EXPECT_LT(other.out.size(), 10'000u);
}

}  // namespace
}  // namespace chaos::redis
