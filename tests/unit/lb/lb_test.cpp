// The load balancer over real sockets, with servers that do as the test says.
#include "lb/lb.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"

#include <gmock/gmock.h>

namespace chaos {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

// A server behind the load balancer.
struct Shop {
  Shop(NodeContext& ctx, std::string its_name)
      : name(std::move(its_name)), address(test::TestNode::fresh_address()),
        http(std::make_unique<HttpServer>(ctx, name, HttpLimits(), [this](HttpRequest request) { return answer(std::move(request)); })) {
    EXPECT_TRUE(http->listen(address, ports::kHttp));
  }

  awaitable<HttpResponse> answer(HttpRequest request) {
    if (request.path() == "/readyz") co_return ready;
    seen.push_back(std::move(request));
    if (service > RealDuration::zero()) co_await sleep_real(service);
    co_return text_response(200, name);
  }

  std::string name;
  std::string address;
  HttpResponse ready = text_response(200, "ready\n");
  RealDuration service{};
  std::vector<HttpRequest> seen;
  std::unique_ptr<HttpServer> http;
};

class LbTest : public testing::Test {
 public:
  LbTest() {
    auto& config = *node_.desired.mutable_config()->mutable_lb();
    config.set_check_interval_ms(5);
    config.set_rise(1);
  }
  ~LbTest() override { node_.stop(); }

  Shop& add(v1::Duty duty = v1::DUTY_ACTIVE) {
    shops_.push_back(std::make_unique<Shop>(node_.ctx, "server-" + std::to_string(shops_.size() + 1)));
    auto& peer = *node_.desired.add_peers();
    peer.set_name(shops_.back()->name);
    peer.set_role("server");
    peer.set_address(shops_.back()->address);
    peer.set_duty(duty);
    return *shops_.back();
  }

  void run(awaitable<void> task) {
    lb_ = std::make_unique<LoadBalancer>(node_.ctx);
    users_ = std::make_unique<HttpPool>(node_.ctx, node_.peer("lb"), ports::kHttp, 8);
    test::run(node_.io, to_the_end(std::move(task)));
    EXPECT_THAT(node_.failures, testing::IsEmpty());
  }

  // Ends every task from within the loop: cancellation reaches them before anything they wait for does.
  awaitable<void> to_the_end(awaitable<void> task) {
    co_await std::move(task);
    const bool ended = co_await node_.tasks.stop(RealClock::now() + seconds(5));
    EXPECT_TRUE(ended);
  }

  awaitable<void> start() {
    auto started = co_await lb_->start();
    EXPECT_TRUE(started);
  }

  // Waits for a figure of the report; the test's own bound ends it.
  awaitable<void> until(std::string gauge, double value) {
    while (true) {
      v1::Report report;
      lb_->report(report);
      if (report.gauges().at(gauge) == value) co_return;
      co_await sleep_real(milliseconds(1));
    }
  }

  awaitable<HttpResponse> ask(std::string method = "GET") {
    HttpRequest request;
    request.method = std::move(method);
    request.target = "/items/1";
    auto answer = co_await users_->fetch(std::move(request), RealClock::now() + seconds(5));
    EXPECT_TRUE(answer);
    co_return answer ? std::move(*answer) : HttpResponse{};
  }

  test::TestNode node_{"lb"};
  std::vector<std::unique_ptr<Shop>> shops_;
  std::unique_ptr<LoadBalancer> lb_;
  std::unique_ptr<HttpPool> users_;
};

TEST_F(LbTest, ForwardsAndSaysWhoServed) {
  Shop& shop = add();
  auto story = [](LbTest& t, Shop& shop) -> awaitable<void> {
    co_await t.start();
    co_await t.until("backends_up", 1);
    const HttpResponse answer = co_await t.ask();
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.body, "server-1");
    EXPECT_EQ(answer.headers.get("X-Backend"), "server-1");
    EXPECT_THAT(std::string(shop.seen.at(0).headers.get("X-Forwarded-For").value_or("")), testing::StartsWith("127."));
  };
  run(story(*this, shop));
}

TEST_F(LbTest, WithoutABackendSaysWhy) {
  add().ready = text_response(503, "warming\n");
  add(v1::DUTY_DRAINING);
  auto story = [](LbTest& t) -> awaitable<void> {
    co_await t.start();
    HttpResponse answer;
    while (answer.body != "no backend serves: 1 down, 1 draining\n") {
      answer = co_await t.ask();
      EXPECT_EQ(answer.status, 503u);
    }
  };
  run(story(*this));
}

TEST_F(LbTest, MovesARequestOnWhenNothingListens) {
  Shop& dead = add();
  add();
  node_.desired.mutable_config()->mutable_lb()->set_check_interval_ms(60000);   // only requests find out
  node_.desired.mutable_config()->mutable_lb()->set_balance("roundrobin");
  auto story = [](LbTest& t, Shop& dead) -> awaitable<void> {
    co_await t.start();
    co_await t.until("backends_up", 2);
    dead.http->close_all();
    for (const char* method : {"GET", "POST", "GET", "POST", "GET", "POST", "GET", "POST"}) {
      const HttpResponse answer = co_await t.ask(method);
      EXPECT_EQ(answer.status, 200u) << method;
      EXPECT_EQ(answer.body, "server-2");
    }
    co_await t.until("backends_up", 1);   // each refusal counted as a failed check
    co_await t.until("retries", 3);
  };
  run(story(*this, dead));
}

TEST_F(LbTest, ABackendThatDrainsGetsNoNewWork) {
  Shop& leaving = add();
  add();
  auto story = [](LbTest& t, Shop& leaving) -> awaitable<void> {
    co_await t.start();
    co_await t.until("backends_up", 2);
    leaving.ready = text_response(503, "draining\n");
    co_await t.until("backends_up", 1);
    leaving.seen.clear();
    for (int i = 0; i < 10; ++i) EXPECT_EQ((co_await t.ask()).body, "server-2");
    EXPECT_TRUE(leaving.seen.empty());
    leaving.ready = text_response(200, "ready\n");
    co_await t.until("backends_up", 2);
  };
  run(story(*this, leaving));
}

TEST_F(LbTest, AnswersGatewayTimeoutWhenABackendIsSlow) {
  add().service = seconds(30);
  node_.desired.mutable_config()->mutable_lb()->set_timeout_ms(50);
  auto story = [](LbTest& t) -> awaitable<void> {
    co_await t.start();
    co_await t.until("backends_up", 1);
    const HttpResponse answer = co_await t.ask();
    EXPECT_EQ(answer.status, 504u);
    EXPECT_EQ(answer.headers.get("X-Backend"), "server-1");
  };
  run(story(*this));
}

TEST_F(LbTest, FollowsItsPeers) {
  Shop& first = add();
  auto story = [](LbTest& t, Shop& first) -> awaitable<void> {
    co_await t.start();
    co_await t.until("backends_up", 1);
    t.add();
    t.lb_->reconfigure();
    co_await t.until("backends_up", 2);
    t.node_.desired.mutable_peers()->DeleteSubrange(0, 1);
    t.lb_->reconfigure();
    co_await t.until("backends_total", 1);
    first.seen.clear();
    EXPECT_EQ((co_await t.ask()).body, "server-2");
    EXPECT_TRUE(first.seen.empty());
  };
  run(story(*this, first));
}

TEST_F(LbTest, ShowsTheSameStateAsCsvAndTakesOrdersOnTheRuntimeApi) {
  add();
  auto story = [](LbTest& t) -> awaitable<void> {
    co_await t.start();
    co_await t.until("backends_up", 1);
    EXPECT_EQ((co_await t.ask()).status, 200u);
    auto stream = co_await dial(t.node_.ctx, t.node_.peer("lb"), ports::kLbRuntime, RealClock::now() + seconds(5));
    if (!stream) throw std::runtime_error("no runtime API");
    (*stream)->expires_after(seconds(5));
    std::string command = "set server be/server-1 state maint\n";
    auto sent = co_await (*stream)->write(asio::buffer(command));
    EXPECT_TRUE(sent);
    char end[1];
    auto answered = co_await (*stream)->read_exact(asio::buffer(end));
    EXPECT_TRUE(answered);
    EXPECT_EQ((co_await t.ask()).body, "no backend serves: 1 in maintenance\n");

    HttpPool stats(t.node_.ctx, t.node_.peer("lb"), ports::kLbStats, 1);
    HttpRequest request;
    request.target = "/;csv";
    auto csv = co_await stats.fetch(std::move(request), RealClock::now() + seconds(5));
    if (!csv) throw std::runtime_error("no statistics");
    EXPECT_THAT(csv->body, HasSubstr("\nbe,server-1,0,0,0,1,128,1,"));
    EXPECT_THAT(csv->body, HasSubstr("\nfe,FRONTEND,,,1,1,4096,1,"));
    EXPECT_THAT(csv->body, HasSubstr(",MAINT,"));
  };
  run(story(*this));
}

}  // namespace
}  // namespace chaos
