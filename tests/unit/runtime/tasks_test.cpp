// Wait lists, task groups, pools and stations on a live io_context.
#include "runtime/pool.hpp"
#include "runtime/sleep.hpp"
#include "runtime/station.hpp"
#include "support/test_node.hpp"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using test::TestNode;

TEST(WaitList, ANotificationWakesOneAndADeadlineEndsTheOther) {
  TestNode node("worker");
  WaitList list;
  int woken = 0;
  int timed_out = 0;
  auto waiter = [&](RealDuration within) -> awaitable<void> {
    if (co_await list.wait(RealClock::now() + within)) ++woken;
    else ++timed_out;
  };
  node.tasks.spawn("a", waiter(10s));
  node.tasks.spawn("b", waiter(20ms));
  auto main = [&]() -> awaitable<bool> {
    co_await sleep_real(1ms);
    list.notify_one();
    co_return co_await node.tasks.join(RealClock::now() + 5s);
  };
  EXPECT_TRUE(node.run(main()));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(timed_out, 1);
}

TEST(WaitList, ANotificationOfACancelledWaiterGoesToTheNext) {
  TestNode node("worker");
  WaitList list;
  bool second_woken = false;
  TaskGroup first(node.io.get_executor(), [](const auto&, const auto&) {});
  auto wait_first = [&]() -> awaitable<void> { co_await list.wait(RealTime::max()); };
  auto wait_second = [&]() -> awaitable<void> { second_woken = co_await list.wait(RealClock::now() + 5s); };
  first.spawn("first", wait_first());
  node.tasks.spawn("second", wait_second());
  auto main = [&]() -> awaitable<bool> {
    co_await sleep_real(1ms);
    list.notify_one();     // to the first, which is cancelled in the same turn
    first.cancel();
    co_return co_await node.tasks.join(RealClock::now() + 5s);
  };
  EXPECT_TRUE(node.run(main()));
  EXPECT_TRUE(second_woken);
}

TEST(TaskGroup, CancellationIsNoFailureAndAnExceptionIs) {
  TestNode node("worker");
  auto sleeper = []() -> awaitable<void> { co_await sleep_real(1h); };
  auto thrower = []() -> awaitable<void> {
    co_await sleep_real(1ms);
    throw std::runtime_error("as asked");
  };
  node.tasks.spawn("sleeper", sleeper());
  node.tasks.spawn("thrower", thrower());
  auto main = [&]() -> awaitable<bool> {
    co_await sleep_real(20ms);
    co_return co_await node.tasks.stop(RealClock::now() + 5s);
  };
  EXPECT_TRUE(node.run(main()));
  ASSERT_EQ(node.failures.size(), 1u);
  EXPECT_EQ(node.failures[0], "thrower: as asked");
}

TEST(Pool, NeverMoreThanItsLimitAndEveryLeaseComesBack) {
  TestNode node("server");
  int made = 0;
  Pool<int> pool(2, [&](RealTime) -> awaitable<Result<std::unique_ptr<int>>> {
    co_await sleep_real(1ms);
    co_return std::make_unique<int>(++made);
  });
  std::size_t most = 0;
  auto user = [&]() -> awaitable<void> {
    auto lease = co_await pool.acquire(RealClock::now() + 5s);
    if (!lease) co_return;
    most = std::max(most, pool.in_use());
    co_await sleep_real(2ms);
  };
  for (int i = 0; i < 10; ++i) node.tasks.spawn("user", user());
  EXPECT_TRUE(node.run(node.tasks.join(RealClock::now() + 5s)));
  EXPECT_EQ(most, 2u);
  EXPECT_EQ(made, 2);
  EXPECT_EQ(pool.in_use(), 0u);
  EXPECT_EQ(pool.idle(), 2u);
  EXPECT_GT(pool.waits(), 0u);
}

TEST(Pool, ConnectionsThatLieIdleForTooLongAreClosed) {
  TestNode node("server");
  Pool<int> pool(4, [](RealTime) -> awaitable<Result<std::unique_ptr<int>>> { co_return std::make_unique<int>(1); });
  pool.set_max_idle(20ms);
  auto main = [&]() -> awaitable<void> {
    {
      std::vector<Pool<int>::Lease> leases;
      for (int i = 0; i < 3; ++i) {
        auto lease = co_await pool.acquire(RealClock::now() + 1s);
        if (lease) leases.push_back(std::move(*lease));
      }
    }
    EXPECT_EQ(pool.idle(), 3u);
    co_await sleep_real(40ms);
    { auto one = co_await pool.acquire(RealClock::now() + 1s); }
    EXPECT_EQ(pool.idle(), 1u) << "the one that was used last";
  };
  test::run(node.io, main());
}

TEST(Pool, ADiscardedConnectionIsNotKeptAndAFailedOneFreesItsPlace) {
  TestNode node("server");
  bool fail = true;
  Pool<int> pool(1, [&](RealTime) -> awaitable<Result<std::unique_ptr<int>>> {
    if (fail) co_return Errc::refused;
    co_return std::make_unique<int>(1);
  });
  auto main = [&]() -> awaitable<void> {
    auto first = co_await pool.acquire(RealClock::now() + 1s);
    EXPECT_FALSE(first);
    fail = false;
    {
      auto second = co_await pool.acquire(RealClock::now() + 1s);
      EXPECT_TRUE(second && second->fresh());
      if (second) second->discard();
    }
    auto third = co_await pool.acquire(RealClock::now() + 1s);
    EXPECT_TRUE(third && third->fresh());
    auto fourth = co_await pool.acquire(RealClock::now() + 10ms);
    EXPECT_FALSE(fourth);
  };
  test::run(node.io, main());
}

TEST(Station, SlotsPassInOrderOverloadIsRefusedAndADeadlineLeavesTheQueue) {
  TestNode node("server");
  Station station({{1, 2}, 0, 0}, Rng(1), [] { return 1.0; });
  std::string order;
  auto user = [&](char name, RealDuration within) -> awaitable<void> {
    auto slot = co_await station.enter(RealClock::now() + within);
    if (!slot) {
      order += slot.error() == Errc::timeout ? 't' : 'o';
      co_return;
    }
    order += name;
    co_await sleep_real(30ms);
  };
  node.tasks.spawn("a", user('a', 5s));
  node.tasks.spawn("b", user('b', 5ms));
  node.tasks.spawn("c", user('c', 5s));
  node.tasks.spawn("d", user('d', 5s));
  EXPECT_TRUE(node.run(node.tasks.join(RealClock::now() + 5s)));
  EXPECT_EQ(order, "aotc");
  EXPECT_EQ(station.busy(), 0);
  EXPECT_EQ(station.waiting(), 0);
}

TEST(Station, SlotsThatAreAddedStartThoseWhoWait) {
  TestNode node("server");
  Station station({{1, 8}, 0, 0}, Rng(1), [] { return 1.0; });
  int served = 0;
  auto visitor = [&]() -> awaitable<void> {
    const auto slot = co_await station.enter(RealClock::now() + 10s);
    if (slot) ++served;
    co_await sleep_real(1h);
  };
  for (int n = 0; n < 6; ++n) node.tasks.spawn("visitor", visitor());
  auto main = [&]() -> awaitable<void> {
    co_await sleep_real(1ms);
    EXPECT_EQ(served, 1);
    station.set({{3, 2}, 0, 0});     // the shorter queue turns nobody away who waits already
    co_await sleep_real(1ms);
    EXPECT_EQ(served, 3);
    EXPECT_EQ(station.busy(), 3);
    EXPECT_EQ(station.waiting(), 3);
  };
  node.run(main());
  node.stop();
  EXPECT_EQ(station.busy(), 0);
  EXPECT_EQ(station.waiting(), 0);
}

}  // namespace
}  // namespace chaos
