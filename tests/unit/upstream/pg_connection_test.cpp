// The client against a server that says what the test tells it to say.
#include "upstream/pg_connection.hpp"

#include "runtime/listener.hpp"
#include "runtime/ports.hpp"
#include "support/test_node.hpp"
#include "wire/pgwire_frontend.hpp"

namespace chaos {
namespace {

RealTime soon() { return RealClock::now() + std::chrono::seconds(5); }

class PgConnectionTest : public testing::Test {
 protected:
  ~PgConnectionTest() override {
    auto end = [this]() -> awaitable<void> {
      listener_.close_all();
      node_.tasks.cancel();
      co_return;
    };
    node_.run(end());
    node_.stop();
    EXPECT_EQ(node_.failures, std::vector<std::string>{});
  }
  void listen() { ASSERT_TRUE(listener_.listen(node_.ctx.address, ports::kPostgres)); }

  awaitable<void> serve(std::shared_ptr<EdgeStream> stream) {
    pg::MessageDecoder decoder;
    decoder.expect_startup(true);
    std::array<char, 4096> chunk;
    while (true) {
      const auto got = co_await stream->read_some(asio::buffer(chunk));
      if (!got) co_return;
      decoder.feed({chunk.data(), *got});
      std::string out;
      pg::Message message;
      while (decoder.next(message) == pg::Progress::ready) {
        decoder.expect_startup(false);
        out += answer(message);
      }
      if (!out.empty() && !co_await stream->write(asio::buffer(out))) co_return;
      if (hang_up_) co_return;
    }
  }

  std::string answer(const pg::Message& message) {
    std::string out;
    types_.push_back(message.type == 0 ? '0' : message.type);
    if (message.type == 0) return greeting_;
    if (message.type == 'P') pg::append_empty(out, '1');
    if (message.type == 'C') pg::append_empty(out, '3');
    if (message.type == 'D') pg::append_row_description(out, {{"id"}});
    if (message.type == 'B') pg::append_empty(out, '2');
    if (message.type == 'E') out = execute_;
    if (message.type == 'S' && !hang_up_) pg::append_ready(out, pg::TransactionState::idle);
    return out;
  }

  static std::string welcome() {
    std::string out;
    pg::append_authentication_ok(out);
    pg::append_parameter_status(out, "server_version", "15.0");
    pg::append_ready(out, pg::TransactionState::idle);
    return out;
  }
  static std::string error(const std::string& severity, const std::string& sqlstate) {
    std::string out;
    pg::append_error(out, {severity, sqlstate, "because", "", "", 0});
    return out;
  }
  awaitable<Result<std::unique_ptr<PgConnection>>> open() {
    PgLogin login{"app", "shop", "test", false};
    co_return co_await PgConnection::open(node_.ctx, node_.peer("postgres"), std::move(login), soon());
  }
  static awaitable<Result<PgRows>> ask(PgConnection& client, RealDuration within = std::chrono::seconds(5)) {
    std::vector<std::optional<std::string>> params{"7"};
    co_return co_await client.query("select $1", std::move(params), RealClock::now() + within);
  }

  test::TestNode node_{"server"};
  Listener listener_{node_.ctx, "postgres", 0, [this](std::shared_ptr<EdgeStream> stream) { return serve(std::move(stream)); }};
  std::string greeting_ = welcome();
  std::string execute_ = std::string("D\0\0\0\x0b\0\1\0\0\0\1" "7", 12) + std::string("C\0\0\0\x0dSELECT 1\0", 14);
  std::string types_;
  bool hang_up_ = false;
};

TEST_F(PgConnectionTest, AStatementIsPreparedOnceAndGivesItsRows) {
  listen();
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    for (int i = 0; i < 2; ++i) {
      const auto rows = co_await ask(**client);
      EXPECT_EQ(rows->columns, std::vector<std::string>{"id"});
      EXPECT_EQ(rows->rows.at(0).at(0), "7");
      EXPECT_EQ(rows->tag, "SELECT 1");
    }
    EXPECT_EQ(types_, "0PDBESBES");
  };
  node_.run(script());
}

TEST_F(PgConnectionTest, AnErrorOfTheStatementLeavesTheConnectionUsable) {
  listen();
  execute_ = error("ERROR", "23505");
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    EXPECT_EQ((co_await ask(**client)).error(), Errc::rejected);
    EXPECT_EQ((*client)->sqlstate(), "23505");
    EXPECT_EQ((*client)->error_text(), "because");
    EXPECT_TRUE((*client)->usable());
    execute_ = std::string("C\0\0\0\x0dSELECT 0\0", 14);
    EXPECT_TRUE(co_await ask(**client));
    EXPECT_EQ((*client)->sqlstate(), "");
  };
  node_.run(script());
}

TEST_F(PgConnectionTest, AServerThatEndsTheSessionSaysWhy) {
  listen();
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    hang_up_ = true;
    execute_ = error("FATAL", "57P01");
    EXPECT_EQ((co_await ask(**client)).error(), Errc::rejected);
    EXPECT_EQ((*client)->sqlstate(), "57P01");
    EXPECT_FALSE((*client)->usable());
  };
  node_.run(script());
}

TEST_F(PgConnectionTest, ARefusedLoginIsARejection) {
  listen();
  greeting_ = error("FATAL", "53300");
  auto script = [this]() -> awaitable<void> { EXPECT_EQ((co_await open()).error(), Errc::rejected); };
  node_.run(script());
}

TEST_F(PgConnectionTest, SilenceIsATimeOutAndEndsTheConnectionsUse) {
  listen();
  auto script = [this]() -> awaitable<void> {
    auto client = co_await open();
    execute_ = std::string("D\0\0", 3);   // and then nothing that fits
    EXPECT_EQ((co_await ask(**client, std::chrono::milliseconds(50))).error(), Errc::timeout);
    EXPECT_FALSE((*client)->usable());
  };
  node_.run(script());
}

}  // namespace
}  // namespace chaos
