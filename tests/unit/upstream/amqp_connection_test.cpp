// The client against a peer that says what the test tells it to say.
#include "upstream/amqp_connection.hpp"

#include "runtime/listener.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"
#include "wire/amqp_content.hpp"
#include "wire/amqp_method.hpp"

namespace chaos {
namespace {

using namespace amqp;

RealTime soon() { return RealClock::now() + std::chrono::seconds(5); }

// Answers the handshake; `on_publish` says what comes back for the n-th whole message.
class AmqpConnectionTest : public testing::Test {
 protected:
  using OnPublish = std::function<std::string(std::uint64_t number, const std::string& header)>;

  ~AmqpConnectionTest() override {
    auto end = [this]() -> awaitable<void> {   // in the loop, where cancellation takes effect at once
      listener_.close_all();
      node_.tasks.cancel();
      co_return;
    };
    node_.run(end());
    node_.stop();
    EXPECT_EQ(node_.failures, std::vector<std::string>{});
  }
  void listen() { ASSERT_TRUE(listener_.listen(node_.ctx.address, ports::kAmqp)); }

  awaitable<void> serve(std::shared_ptr<EdgeStream> stream) {
    FrameDecoder decoder(1 << 20);
    std::uint64_t published = 0;
    std::array<char, 4096> chunk;
    while (true) {
      const auto got = co_await stream->read_some(asio::buffer(chunk));
      if (!got) co_return;
      std::string_view bytes(chunk.data(), *got);
      std::string out;
      if (bytes.starts_with("AMQP")) {
        bytes.remove_prefix(kProtocolHeader.size());
        append_method(out, 0, ConnectionStart{});
      }
      decoder.feed(bytes);
      Frame frame;
      while (decoder.next(frame) == FrameDecoder::Progress::ready) {
        if (frame.type == FrameType::method) out += answer(frame);
        if (frame.type == FrameType::heartbeat) ++heartbeats_;
        if (frame.type == FrameType::header) header_ = frame.payload;
        if (frame.type == FrameType::body) out += on_publish_(++published, header_);
      }
      if (!out.empty() && !co_await stream->write(asio::buffer(out))) co_return;
    }
  }

  std::string answer(const Frame& frame) {
    Method method;
    std::string out;
    if (decode_method(frame.payload, method) != Decoded::ok) return out;
    if (std::holds_alternative<ConnectionStartOk>(method)) append_method(out, 0, ConnectionTune{0, 4096, heartbeat_s_});
    if (std::holds_alternative<ConnectionOpen>(method)) append_method(out, 0, ConnectionOpenOk{});
    if (std::holds_alternative<ChannelOpen>(method)) append_method(out, 1, ChannelOpenOk{});
    if (std::holds_alternative<ConfirmSelect>(method)) append_method(out, 1, ConfirmSelectOk{});
    return out;
  }

  awaitable<Result<std::unique_ptr<AmqpConnection>>> open() {
    co_return co_await AmqpConnection::open(node_.ctx, node_.peer("queue"), soon());
  }
  static awaitable<ErrorCode> publish(AmqpConnection& client, RealDuration within = std::chrono::seconds(5)) {
    AmqpPublish message{"", "receipts", "body"};
    auto done = co_await client.publish(std::move(message), RealClock::now() + within);
    co_return done ? ErrorCode{} : done.error();
  }
  static std::string ack(std::uint64_t tag, bool multiple) {
    std::string out;
    append_method(out, 1, BasicAck{tag, multiple});
    return out;
  }

  test::TestNode node_{"worker"};
  Listener listener_{node_.ctx, "amqp", 0, [this](std::shared_ptr<EdgeStream> stream) { return serve(std::move(stream)); }};
  OnPublish on_publish_ = [](std::uint64_t number, const std::string&) { return ack(number, false); };
  std::string header_;
  std::uint16_t heartbeat_s_ = 60;
  int heartbeats_ = 0;
};

TEST_F(AmqpConnectionTest, NobodyListens) {
  auto script = [this]() -> awaitable<void> { EXPECT_EQ((co_await open()).error(), Errc::refused); };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, AnAckForTheMessageIsASuccess) {
  listen();
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_FALSE(co_await publish(**client));
    EXPECT_FALSE(co_await publish(**client));
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, AHeartbeatOfOneSecondIsTwoASecond) {
  listen();
  heartbeat_s_ = 1;
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    const RealTime begin = RealClock::now();
    while (heartbeats_ < 3) co_await sleep_real(std::chrono::milliseconds(10));   // run() bounds it
    EXPECT_GE(RealClock::now() - begin, std::chrono::milliseconds(900));
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, ANackIsARejection) {
  listen();
  on_publish_ = [](std::uint64_t number, const std::string&) {
    std::string out;
    append_method(out, 1, BasicNack{number, false, false});
    return out;
  };
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_EQ(co_await publish(**client), Errc::rejected);
    EXPECT_TRUE((*client)->is_open());
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, OneAckMayCoverSeveralMessagesAndATimeOutLosesNoOther) {
  listen();
  on_publish_ = [](std::uint64_t number, const std::string&) { return number == 2 ? ack(2, true) : std::string(); };
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_EQ(co_await publish(**client, std::chrono::milliseconds(20)), Errc::timeout);
    EXPECT_FALSE(co_await publish(**client));
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, AReturnedMessageIsKnownByItsNumber) {
  listen();
  on_publish_ = [](std::uint64_t number, const std::string& header) {
    std::string out;
    append_method(out, 1, BasicReturn{312, "NO_ROUTE", "", "receipts"});
    append_frame(out, FrameType::header, 1, header);
    append_body(out, 1, "body", 4096);
    return out + ack(number, false);
  };
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_EQ(co_await publish(**client), Errc::not_found);
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, AClosedChannelEndsEveryCall) {
  listen();
  on_publish_ = [](std::uint64_t, const std::string&) {
    std::string out;
    append_method(out, 1, ChannelClose{541, "INTERNAL_ERROR", 60, 40});
    return out;
  };
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_EQ(co_await publish(**client), Errc::rejected);
    EXPECT_FALSE((*client)->is_open());
    EXPECT_EQ((co_await (*client)->next(soon())).error(), Errc::rejected);
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, AnUnansweredCallTimesOutAndThenTheConnectionIsDead) {
  listen();
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    const RealTime deadline = RealClock::now() + std::chrono::milliseconds(20);
    EXPECT_EQ((co_await (*client)->declare_queue("receipts", true, deadline)).error(), Errc::timeout);
    EXPECT_FALSE((*client)->is_open());
    EXPECT_EQ((co_await (*client)->next(soon())).error(), Errc::reset) << "a loop over time-outs would never end";
  };
  node_.run(script());
}

TEST_F(AmqpConnectionTest, GarbageIsAProtocolError) {
  listen();
  on_publish_ = [](std::uint64_t, const std::string&) { return std::string("not a frame at all"); };
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_EQ(co_await publish(**client), Errc::protocol);
  };
  node_.run(script());
}

}  // namespace
}  // namespace chaos
