#include "web/routes.hpp"

#include "support/loop.hpp"

#include <gmock/gmock.h>

namespace chaos::web {
namespace {

using ::testing::HasSubstr;

HttpResponse ask(const Routes& routes, const std::string& method, const std::string& target) {
  HttpRequest request;
  request.method = method;
  request.target = target;
  asio::io_context io;
  return test::run(io, routes.answer(request));
}

Routes table() {
  Routes routes;
  routes.get("/", [](const HttpRequest&) { return text_response(200, "home"); });
  routes.get("/runs/*", [](const HttpRequest& request) { return text_response(200, "run " + std::string(below("/runs/*", request.path()))); });
  routes.get("/runs/last", [](const HttpRequest&) { return text_response(200, "the last one"); });
  routes.get("/query", [](HttpRequest request) -> asio::awaitable<HttpResponse> { co_return text_response(200, "get " + std::string(request.query())); });
  routes.post("/query", [](HttpRequest request) -> asio::awaitable<HttpResponse> { co_return text_response(200, "post " + request.body); });
  return routes;
}

TEST(Routes, FindTheHandlerOfPathAndMethod) {
  const Routes routes = table();
  EXPECT_EQ(ask(routes, "GET", "/").body, "home");
  EXPECT_EQ(ask(routes, "HEAD", "/?x=1").body, "home");
  EXPECT_EQ(ask(routes, "GET", "/query?a=b").body, "get a=b");
  EXPECT_EQ(ask(routes, "POST", "/query").body, "post ");
}

TEST(Routes, ATreeTakesWhatHasNoRouteOfItsOwn) {
  const Routes routes = table();
  EXPECT_EQ(ask(routes, "GET", "/runs/r3").body, "run r3");
  EXPECT_EQ(ask(routes, "GET", "/runs/").body, "run ");
  EXPECT_EQ(ask(routes, "GET", "/runs/last").body, "the last one");
  EXPECT_EQ(ask(routes, "GET", "/runs").status, 404u);
}

TEST(Routes, ARefusalNamesWhatThereIs) {
  const Routes routes = table();
  const HttpResponse lost = ask(routes, "GET", "/lost");
  EXPECT_EQ(lost.status, 404u);
  EXPECT_THAT(lost.body, HasSubstr("/query, /runs/*, /runs/last"));
  const HttpResponse method = ask(routes, "DELETE", "/query");
  EXPECT_EQ(method.status, 405u);
  EXPECT_EQ(method.headers.get("Allow"), "GET, HEAD, POST");
  EXPECT_EQ(ask(routes, "POST", "/runs/r3").headers.get("Allow"), "GET, HEAD");
}

}  // namespace
}  // namespace chaos::web
