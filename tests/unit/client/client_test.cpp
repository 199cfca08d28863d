// The users over real sockets, against a CDN that does as the test says.
#include "client/client.hpp"

#include "runtime/http_server.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace chaos {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

class ClientTest : public testing::Test {
 public:
  ClientTest()
      : address_(test::TestNode::fresh_address()),
        cdn_(node_.ctx, "cdn", HttpLimits(), [this](HttpRequest request) { return answer(std::move(request)); }) {
    EXPECT_TRUE(cdn_.listen(address_, ports::kHttp));
    auto& peer = *node_.desired.add_peers();
    peer.set_name("cdn-1");
    peer.set_role("cdn");
    peer.set_address(address_);
    peer.set_duty(v1::DUTY_ACTIVE);
    node_.desired.set_run("r1");
    auto& traffic = *node_.desired.mutable_traffic();
    traffic.set_think_s(1);
    traffic.set_items(100);
    traffic.set_statics(10);
    traffic.set_open(true);
    set_users(400);
  }
  ~ClientTest() override { node_.stop(); }

  void set_users(double users) {
    auto& traffic = *node_.desired.mutable_traffic();
    traffic.clear_users();
    traffic.add_users()->set_users(users);
  }

  awaitable<HttpResponse> answer(HttpRequest request) {
    ++received_;
    if (service_ > RealDuration::zero()) co_await sleep_real(service_);
    if (request.method == "POST" && status_ == 200) co_return json_response(201, "{\"id\":" + std::to_string(++orders_) + "}");
    co_return text_response(status_, "body");
  }

  // Takes what the client tells, as the controller does.
  void collect() {
    v1::Report report;
    client_->report(report);
    for (const auto& minute : report.minutes()) {
      total_ += minute.total();
      good_ += minute.good();
    }
    latency_.merge(report.user_latency());
    acked_.insert(acked_.end(), report.acked_orders().begin(), report.acked_orders().end());
    retries_ = report.retries_total();
    run_ = report.run();
  }

  awaitable<void> until_total(std::uint64_t wanted) {
    while (total_ < wanted) {
      co_await sleep_real(milliseconds(2));
      collect();
    }
  }

  // Starts the users, waits until so many requests have their outcome, drains.
  awaitable<void> serve(std::uint64_t requests) {
    auto started = co_await client_->start();
    EXPECT_TRUE(started);
    co_await until_total(requests);
    co_await client_->drain();
    collect();
  }

  // Ends every task from within the loop: cancellation reaches them before anything they wait for does.
  awaitable<void> to_the_end(awaitable<void> task) {
    co_await std::move(task);
    const bool ended = co_await node_.tasks.stop(RealClock::now() + std::chrono::seconds(5));
    EXPECT_TRUE(ended);
  }

  void run(awaitable<void> task) {
    test::run(node_.io, to_the_end(std::move(task)));
    EXPECT_THAT(node_.failures, IsEmpty());
  }
  void make() { client_ = std::make_unique<Client>(node_.ctx); }

  test::TestNode node_{"client"};
  std::string address_;
  HttpServer cdn_;
  std::unique_ptr<Client> client_;
  std::uint64_t received_ = 0;
  std::int64_t orders_ = 0;
  unsigned status_ = 200;
  RealDuration service_{};
  std::uint64_t total_ = 0, good_ = 0, retries_ = 0;
  Histogram latency_;
  std::vector<std::int64_t> acked_;
  std::string run_;
};

TEST_F(ClientTest, TellsEveryRequestOnceAndEveryOrder) {
  make();
  run(serve(200));
  EXPECT_EQ(total_, received_);
  EXPECT_EQ(good_, total_);
  EXPECT_EQ(latency_.count(), total_);
  EXPECT_EQ(acked_.size(), static_cast<std::size_t>(orders_));
  EXPECT_GT(orders_, 0);
  EXPECT_EQ(run_, "r1");
}

TEST_F(ClientTest, AnErrorIsAnsweredButNotGood) {
  status_ = 503;
  make();
  run(serve(50));
  EXPECT_EQ(good_, 0u);
  EXPECT_EQ(latency_.count(), total_);
  EXPECT_THAT(acked_, IsEmpty());
}

TEST_F(ClientTest, SendsOnWhileNothingIsAnswered) {
  service_ = std::chrono::seconds(30);
  node_.desired.mutable_config()->mutable_client()->set_timeout_ms(300);
  make();
  run(serve(100));
  EXPECT_EQ(good_, 0u);
  EXPECT_EQ(latency_.count(), 0u);
  EXPECT_GE(received_, 100u);   // open loop: no request waited for another's answer
}

TEST_F(ClientTest, RetriesWithinItsBudget) {
  status_ = 503;
  auto& config = *node_.desired.mutable_config()->mutable_client();
  config.set_retries(3);
  config.set_retry_budget(0.2);
  make();
  run(serve(200));
  EXPECT_GT(retries_, 0u);
  EXPECT_LE(static_cast<double>(retries_), 0.2 * static_cast<double>(total_) + 1);
  EXPECT_EQ(received_, total_ + retries_);
}

TEST_F(ClientTest, ANewProcessTellsTheOrdersOfItsRunAgain) {
  std::ofstream(node_.data / "acks-r1.log") << "901\n902\n";
  node_.desired.mutable_traffic()->set_open(false);
  make();
  run(serve(0));
  EXPECT_THAT(acked_, testing::ElementsAre(901, 902));
}

TEST_F(ClientTest, ClosedTrafficSendsNothingAndOpensAgain) {
  node_.desired.mutable_traffic()->set_open(false);
  make();
  auto story = [](ClientTest& t) -> awaitable<void> {
    co_await t.client_->start();
    co_await sleep_real(milliseconds(100));
    EXPECT_EQ(t.received_, 0u);
    t.node_.desired.mutable_traffic()->set_open(true);
    t.client_->reconfigure();
    co_await t.until_total(10);
    co_await t.client_->drain();
  };
  run(story(*this));
}

// The state is applied first, and the node's phase follows it.
TEST_F(ClientTest, ADrainedClientThatIsActiveAgainSendsAgain) {
  make();
  auto story = [](ClientTest& t) -> awaitable<void> {
    co_await t.client_->start();
    co_await t.until_total(10);
    t.node_.desired.set_duty(v1::DUTY_DRAINING);
    t.client_->reconfigure();
    t.node_.draining = true;
    co_await sleep_real(milliseconds(100));
    t.node_.desired.set_duty(v1::DUTY_ACTIVE);
    t.client_->reconfigure();
    co_await sleep_real(milliseconds(1));
    t.node_.draining = false;
    co_await t.until_total(t.total_ + 10);
    co_await t.client_->drain();
  };
  run(story(*this));
}

TEST_F(ClientTest, ANewRunStartsFromNothing) {
  make();
  auto story = [](ClientTest& t) -> awaitable<void> {
    co_await t.client_->start();
    co_await t.until_total(50);
    t.node_.desired.set_run("r2");
    t.client_->reconfigure();
    t.total_ = 0;
    const std::uint64_t before = t.received_;
    co_await t.until_total(50);
    co_await t.client_->drain();
    t.collect();
    EXPECT_EQ(t.run_, "r2");
    EXPECT_NEAR(static_cast<double>(t.total_), static_cast<double>(t.received_ - before), 5);
  };
  run(story(*this));
}

TEST_F(ClientTest, WithoutACdnEveryRequestFails) {
  node_.desired.clear_peers();
  make();
  run(serve(20));
  EXPECT_EQ(good_, 0u);
  EXPECT_EQ(received_, 0u);
}

}  // namespace
}  // namespace chaos
