#include "server/peer_pool.hpp"

#include "support/loop.hpp"

namespace chaos {
namespace {

/// What the next calls on connections of the test say, in order; then success.
struct Script {
  std::vector<ErrorCode> answers;
  int opened = 0;
  int called = 0;
};

struct Line {
  Script& script;
  awaitable<Result<int>> ask() {
    const auto at = static_cast<std::size_t>(script.called++);
    if (at < script.answers.size() && script.answers[at]) co_return script.answers[at];
    co_return script.called;
  }
};

bool survives(const Line&, ErrorCode error) { return error == Errc::rejected; }
bool not_taken(const Line&, ErrorCode error) { return error == Errc::draining; }

class CallUpstream : public testing::Test {
 protected:
  CallUpstream() : metrics(registry, "redis"), pools(metrics, [this](v1::Peer, RealTime) { return open(); }) { follow({"a"}, 2); }

  awaitable<Result<std::unique_ptr<Line>>> open() {
    ++script.opened;
    co_return std::make_unique<Line>(Line{script});
  }
  void follow(const std::vector<std::string>& names, std::size_t limit) {
    std::vector<v1::Peer> peers;
    for (const auto& name : names) peers.emplace_back().set_name(name);
    pools.follow(peers, limit);
  }
  Result<int> call(Stale stale) {
    auto ask = [](Line& line) { return line.ask(); };
    return test::run(io, call_upstream<int>(pools.first(), ask, stale, RealClock::now() + std::chrono::seconds(5)));
  }

  asio::io_context io{1};
  prometheus::Registry registry;
  UpstreamMetrics metrics;
  Script script;
  RolePools<Line> pools;
};

TEST_F(CallUpstream, ACallCountsItsTimeHoweverItEnds) {
  { const UpstreamMetrics::Call timed(metrics); }
  for (const auto& family : registry.Collect()) {
    if (family.name != "server_upstream_seconds") continue;
    ASSERT_EQ(family.metric.size(), 1u);
    EXPECT_EQ(family.metric[0].label.at(0).value, "redis");
    EXPECT_EQ(family.metric[0].histogram.sample_count, 1u);
    return;
  }
  FAIL() << "no such metric";
}

TEST_F(CallUpstream, KeepsAConnection) {
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_EQ(script.opened, 1);
}

TEST_F(CallUpstream, AStaleConnectionIsReplacedOnce) {
  script.answers = {{}, Errc::closed};
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_EQ(script.opened, 2);
  EXPECT_EQ(script.called, 3);
}

TEST_F(CallUpstream, AWriteIsNeverSentTwice) {
  script.answers = {{}, Errc::reset};
  EXPECT_TRUE(call(Stale::fail));
  EXPECT_EQ(call(Stale::fail).error(), Errc::reset);
  EXPECT_EQ(script.called, 2);
  EXPECT_TRUE(call(Stale::fail));
  EXPECT_EQ(script.opened, 2);
}

TEST_F(CallUpstream, AWriteThatWasSurelyNotTakenIsSentAgain) {
  script.answers = {{}, Errc::draining};
  EXPECT_TRUE(call(Stale::fail));
  EXPECT_TRUE(call(Stale::fail));
  EXPECT_EQ(script.opened, 2);
  script.answers = {{}, {}, {}, Errc::draining, Errc::draining};
  EXPECT_EQ(call(Stale::fail).error(), Errc::draining);   // the fresh one too: then it stays refused
}

TEST_F(CallUpstream, AFreshConnectionThatFailsIsNotTriedAgain) {
  script.answers = {Errc::closed};
  EXPECT_EQ(call(Stale::retry).error(), Errc::closed);
  EXPECT_EQ(script.called, 1);
}

TEST_F(CallUpstream, ATimeOutIsNotTriedAgainAndClosesTheConnection) {
  script.answers = {{}, Errc::timeout};
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_EQ(call(Stale::retry).error(), Errc::timeout);
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_EQ(script.opened, 2);
}

TEST_F(CallUpstream, AnAnswerThatSaysNoKeepsTheConnection) {
  script.answers = {Errc::rejected};
  EXPECT_EQ(call(Stale::retry).error(), Errc::rejected);
  EXPECT_TRUE(call(Stale::retry));
  EXPECT_EQ(script.opened, 1);
}

TEST_F(CallUpstream, PoolsFollowThePeers) {
  follow({"a", "b"}, 2);
  const auto a = pools.pools()[0];
  follow({"b", "a"}, 3);
  EXPECT_EQ(pools.pools()[1], a);
  follow({"b"}, 3);
  EXPECT_EQ(pools.pools().size(), 1u);
  EXPECT_EQ(a.use_count(), 1);   // lives on with those who still use it
}

}  // namespace
}  // namespace chaos
