// The HTTP server and client against each other and against raw bytes, over loopback.
#include "runtime/http_client.hpp"
#include "runtime/http_server.hpp"
#include "runtime/http_wire.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using test::TestNode;

constexpr unsigned short kPort = 8080;

awaitable<HttpResponse> echo(HttpRequest request) {
  if (request.path() == "/throw") throw std::runtime_error("as asked");
  if (request.path() == "/slow") co_await sleep_real(50ms);
  auto response = text_response(200, request.method + " " + request.target + " " + request.body);
  if (request.path() == "/dated") response.headers.add("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  co_return response;
}

HttpRequest make(std::string method, std::string target, std::string body = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.body = std::move(body);
  return request;
}

// What the server answers to raw bytes until it closes.
awaitable<std::string> raw(TestNode& node, std::string bytes) {
  auto stream = co_await dial(node.ctx, node.peer("cdn"), kPort, RealClock::now() + 5s);
  std::string answer;
  co_await (*stream)->write(asio::buffer(bytes));
  (*stream)->expires_after(5s);
  char buffer[4096];
  while (true) {
    auto got = co_await (*stream)->read_some(asio::buffer(buffer));
    if (!got) break;
    answer.append(buffer, *got);
  }
  co_return answer;
}

class HttpOverTcp : public testing::Test {
 protected:
  HttpOverTcp() : node("cdn"), server(node.ctx, "http", limits(), &echo), pool(node.ctx, node.peer("cdn"), kPort, 2) {
    EXPECT_TRUE(server.listen(node.ctx.address, kPort));
  }
  ~HttpOverTcp() override { node.stop(); }   // sessions end before what they refer to

  static HttpLimits limits() {
    HttpLimits limits;
    limits.max_header = 1024;
    limits.max_body = 2048;
    limits.request = 200ms;
    return limits;
  }
  Result<HttpResponse> fetch(HttpRequest request, RealDuration within = 5s) {
    return node.run(pool.fetch(std::move(request), RealClock::now() + within));
  }

  TestNode node;
  HttpServer server;
  HttpPool pool;
};

TEST_F(HttpOverTcp, AnExchangeCarriesMethodTargetAndBody) {
  const auto response = fetch(make("POST", "/a?b=c", "body"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200u);
  EXPECT_EQ(response->body, "POST /a?b=c body");
}

TEST_F(HttpOverTcp, AnAnswerSaysWhenItWasMadeUnlessItBringsADateOfItsOwn) {
  const auto before = wall_s();
  const auto made = http::parse_date(fetch(make("GET", "/"))->headers.get("Date").value_or(""));
  ASSERT_TRUE(made);
  EXPECT_GE(*made, before);
  EXPECT_LE(*made, wall_s());
  EXPECT_EQ(fetch(make("GET", "/dated"))->headers.get("Date"), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_F(HttpOverTcp, AHandlerThatThrowsAnswers500AndTheServerLives) {
  EXPECT_EQ(fetch(make("GET", "/throw"))->status, 500u);
  EXPECT_EQ(fetch(make("GET", "/"))->status, 200u);
}

TEST_F(HttpOverTcp, HeadHasTheLengthAndNoBody) {
  const auto response = fetch(make("HEAD", "/x"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(response->head_length, std::string("HEAD /x ").size());
}

TEST_F(HttpOverTcp, TheDeadlineEndsTheExchange) {
  const auto response = fetch(make("GET", "/slow"), 10ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error(), Errc::timeout);
}

TEST_F(HttpOverTcp, AKeptConnectionThatDiedIsReplacedEvenForAPost) {
  ASSERT_TRUE(fetch(make("GET", "/")));
  server.close_all();
  HttpServer second(node.ctx, "http2", limits(), &echo);
  ASSERT_TRUE(second.listen(node.ctx.address, kPort));
  const auto response = fetch(make("POST", "/", "x"));
  ASSERT_TRUE(response) << response.error().message();
  node.stop();
}

TEST_F(HttpOverTcp, NothingListeningIsRefused) {
  server.close_all();
  EXPECT_EQ(fetch(make("GET", "/")).error(), Errc::refused);
}

TEST_F(HttpOverTcp, MalformedInputGetsItsStatusAndClosesThatConnectionOnly) {
  EXPECT_TRUE(node.run(raw(node, "\x16\x03\x01garbage\r\n\r\n")).starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(node.run(raw(node, "GET / HTTP/1.1\r\nA: " + std::string(4000, 'a') + "\r\n\r\n")).starts_with("HTTP/1.1 431 "));
  EXPECT_TRUE(node.run(raw(node, "POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n")).starts_with("HTTP/1.1 413 "));
  EXPECT_TRUE(node.run(raw(node, "GET / HTTP/1.1\r\nHost: x\r\n")).starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(fetch(make("GET", "/"))->status, 200u);
}

// The parser bounds headers and bodies, not what follows a chunk's size.
TEST_F(HttpOverTcp, AChunkExtensionWithoutAnEndIsRefusedAndTheServerDrains) {
  const std::string endless = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(64 * 1024, 'x');
  node.run(raw(node, endless));
  EXPECT_TRUE(node.failures.empty()) << node.failures.front();
  node.run(server.drain(RealClock::now() + 5s));
}

TEST_F(HttpOverTcp, BytesBehindAnAnswerAreNotTheNextAnswer) {
  server.close_all();
  int answered = 0;
  const auto chatter = [&answered](std::shared_ptr<EdgeStream> stream) -> awaitable<void> {
    char request[1024];
    while (co_await stream->read_some(asio::buffer(request))) {
      const std::string number = std::to_string(++answered);
      const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
      co_await stream->write(asio::buffer(bytes));
    }
  };
  Listener listener(node.ctx, "chatter", 0, chatter);
  ASSERT_TRUE(listener.listen(node.ctx.address, kPort));
  EXPECT_EQ(fetch(make("GET", "/"))->body, "1");
  EXPECT_EQ(fetch(make("GET", "/"))->body, "2");
  node.stop();
}

TEST_F(HttpOverTcp, MethodsThatNobodyKnowsAreOneLabel) {
  node.seams.call_verdict.status = 503;
  for (const char* method : {"BREW", "FROB", "GET"}) EXPECT_EQ(fetch(make(method, "/"))->status, 503u);
  std::set<std::string> operations;
  for (const auto& family : node.registry.Collect()) {
    if (family.name != "node_requests_total") continue;
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) {
        if (label.name == "operation") operations.insert(label.value);
      }
    }
  }
  EXPECT_EQ(operations, (std::set<std::string>{"GET", "other"}));
}

TEST_F(HttpOverTcp, AFaultAnswersHealthChecksTooAndCountsThemAsNobodysRequests) {
  HttpLimits asked = limits();
  asked.probes = true;
  HttpServer second(node.ctx, "http", asked, &echo);
  server.close_all();
  server.pause();
  ASSERT_TRUE(second.listen(node.ctx.address, kPort));
  node.seams.call_verdict.status = 503;
  for (const char* target : {"/readyz", "/healthz?x=1"}) EXPECT_EQ(fetch(make("GET", target))->status, 503u);
  EXPECT_EQ(node.ctx.stats.requests(), 0u);
  EXPECT_EQ(fetch(make("GET", "/items/1"))->status, 503u);
  EXPECT_EQ(node.ctx.stats.errors(), 1u);
  node.stop();
}

TEST_F(HttpOverTcp, ACallFaultAnswersInsteadOfTheHandler) {
  node.seams.call_verdict.status = 503;
  EXPECT_EQ(fetch(make("GET", "/"))->status, 503u);
  node.seams.call_verdict.status.reset();
  EXPECT_EQ(fetch(make("GET", "/"))->status, 200u);
}

TEST_F(HttpOverTcp, EdgeDelayIsFeltAndGoesAway) {
  ASSERT_TRUE(fetch(make("GET", "/")));
  node.seams.edge_verdict.delay = 30ms;
  const RealTime begin = RealClock::now();
  ASSERT_TRUE(fetch(make("GET", "/")));
  EXPECT_GE(RealClock::now() - begin, 60ms);   // there and back, on both ends of this one process
  node.seams.edge_verdict.delay = {};
  ASSERT_TRUE(fetch(make("GET", "/")));
}

TEST_F(HttpOverTcp, ABlackholeEndsByTimeoutAndItsConnectionsAreReset) {
  ASSERT_TRUE(fetch(make("GET", "/")));
  node.seams.edge_verdict.hold = true;
  EXPECT_EQ(fetch(make("GET", "/"), 60ms).error(), Errc::timeout);
  node.seams.edge_verdict.hold = false;
  EXPECT_TRUE(fetch(make("GET", "/")));
}

TEST_F(HttpOverTcp, DrainAnswersWhatIsInFlightThenCloses) {
  auto both = [this]() -> awaitable<unsigned> {
    auto drain = [](HttpServer* s) -> awaitable<void> {
      co_await sleep_real(10ms);
      co_await s->drain(RealClock::now() + 5s);
    };
    auto task = drain(&server);
    node.tasks.spawn("drain", std::move(task));
    auto response = co_await pool.fetch(make("GET", "/slow"), RealClock::now() + 5s);
    co_return response ? response->status : 0;
  };
  EXPECT_EQ(node.run(both()), 200u);
  EXPECT_FALSE(fetch(make("GET", "/")));
}

HttpRequest received(const std::string& text) {
  http_wire::Buffer buffer;
  buffer.commit(asio::buffer_copy(buffer.prepare(text.size()), asio::buffer(text)));
  http_wire::RequestParser parser;
  boost::system::error_code ec;
  EXPECT_TRUE(http_wire::feed(parser, buffer, ec)) << ec.message();
  return http_wire::take(parser);
}

TEST(HttpWire, WhatConnectionNamesGoesNoFurther) {
  const HttpRequest request = received("GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nConnection: keep-alive, x-one\r\nX-Two: 2\r\nConnection: X-Two\r\nX-Three: 3\r\n\r\n");
  EXPECT_FALSE(request.headers.has("X-One") || request.headers.has("X-Two") || request.headers.has("Connection"));
  EXPECT_TRUE(request.headers.has("X-Three") && request.headers.has("Host"));
}

TEST(HttpWire, ConditionsOverSeveralLinesAreOneList) {
  const HttpRequest request = received("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\"\r\nif-none-match: \"y\"\r\nAccept: a\r\nAccept: b\r\n\r\n");
  EXPECT_EQ(request.headers.get("If-None-Match"), "\"x\", \"y\"");
  EXPECT_EQ(std::count_if(request.headers.begin(), request.headers.end(), [](const auto& field) { return field.first == "Accept"; }), 2);
}

TEST(HttpWire, AnAbsoluteTargetIsItsPath) {
  for (const auto& [target, path, host] : {std::tuple("http://shop:8080/a?b", "/a?b", "shop:8080"), std::tuple("HTTP://shop", "/", "shop"),
                                           std::tuple("http://shop?b", "/?b", "shop"), std::tuple("/http://x/", "/http://x/", "a"), std::tuple("*", "*", "a")}) {
    const HttpRequest request = received("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(request.target, path);
    EXPECT_EQ(request.headers.get("Host"), host);
  }
}

}  // namespace
}  // namespace chaos
