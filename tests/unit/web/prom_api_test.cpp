// The record behind Prometheus' API: requests in, answers out, on a record of our own making.
#include "web/prom_api.hpp"

#include "support/loop.hpp"
#include "unit/web/lab_record.hpp"

#include <boost/json.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>

#include <future>

namespace chaos::web {
namespace {

using ::testing::HasSubstr;

namespace json = boost::json;

class PromApiTest : public ::testing::Test {
 protected:
  PromApiTest() {
    record_.begin(1'000'000);
    record_.tell({1'001'400, "fault", "inject", "server-1", false, "latency on \"server-1\" <b>"});
    record_.tell({1'002'000, "fault", "begin", "server-2", true, "the secret"});
    record_.tell({1'005'000, "action", "restart", "server-1"});
    api_.add_to(routes_);
  }

  HttpResponse ask(const std::string& target) {
    HttpRequest request;
    request.target = "/api/v1/" + target;
    return test::run(io_, routes_.answer(request));
  }
  HttpResponse post(const std::string& target, const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/api/v1/" + target;
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = body;
    return test::run(io_, routes_.answer(request));
  }
  json::value data(const HttpResponse& response) {
    EXPECT_EQ(response.status, 200u) << response.body;
    const json::value body = json::parse(response.body);
    EXPECT_EQ(body.at("status").as_string(), "success");
    return body.at("data");
  }
  std::string error(const HttpResponse& response, unsigned status, const std::string& type) {
    EXPECT_EQ(response.status, status) << response.body;
    const json::value body = json::parse(response.body);
    EXPECT_EQ(body.at("status").as_string(), "error");
    EXPECT_EQ(body.at("errorType").as_string(), type);
    return std::string(body.at("error").as_string());
  }

  asio::io_context io_;
  test::LabRecord record_;
  Archive archive_{io_.get_executor(), record_.file()};
  CurrentRun current_{"r1", false, 1'010'000};
  PromApi api_{archive_, [this] { return current_; }};
  Routes routes_;
};

TEST_F(PromApiTest, ARangeQueryGivesAnEventOneSampleAtItsStepWithItsTimeAsValue) {
  const HttpResponse response = ask("query_range?query=lab_events%7Bkind%3D%22fault%22%7D&start=1000&end=1010&step=1");
  const json::value answer = data(response);
  EXPECT_EQ(answer.at("resultType").as_string(), "matrix");
  ASSERT_EQ(answer.at("result").as_array().size(), 1u) << json::serialize(answer);
  const json::value& series = answer.at("result").at(0);
  EXPECT_THAT(response.body, HasSubstr("\"values\":[[1002,\"1001400\"]]"));
  EXPECT_EQ(series.at("metric"), (json::value{{"__name__", "lab_events"}, {"kind", "fault"}, {"run", "r1"}, {"seq", "1"}, {"subject", "server-1"}, {"text", "latency on \"server-1\" <b>"}, {"verb", "inject"}}));
}

TEST_F(PromApiTest, PostIsTheSameAsGet) {
  EXPECT_EQ(post("query_range", "query=lab_events&start=1000&end=1010&step=1").body, ask("query_range?query=lab_events&start=1000&end=1010&step=1").body);
  EXPECT_EQ(post("labels", "").body, ask("labels").body);
}

TEST_F(PromApiTest, WhatIsHiddenComesWithTheReveal) {
  const std::string query = "query_range?query=lab_events&start=1000&end=1010&step=1";
  EXPECT_THAT(ask(query).body, Not(HasSubstr("secret")));
  for (const char* path : {"series?match[]=lab_events", "label/text/values", "query?query=lab_events&time=1010"}) EXPECT_THAT(ask(path).body, Not(HasSubstr("secret"))) << path;
  current_.revealed = true;
  EXPECT_THAT(ask(query).body, HasSubstr("secret"));
}

TEST_F(PromApiTest, AnInstantQueryGivesTheLastFiveMinutesAndEveryRun) {
  EXPECT_EQ(data(ask("query?query=lab_events")).at("result").as_array().size(), 2u);
  EXPECT_EQ(data(ask("query?query=lab_events&time=1302")).at("result").as_array().size(), 1u);
  EXPECT_EQ(data(ask("query?query=lab_events&time=1400")).at("result").as_array().size(), 0u);
  const json::value runs = data(ask("query?query=lab_runs&time=5"));
  EXPECT_EQ(runs.at("result").at(0).at("metric").at("to").as_string(), "now");
}

TEST_F(PromApiTest, ARunIsOneWhileItWentOn) {
  record_.end(1'006'000);
  EXPECT_THAT(ask("query_range?query=lab_runs&start=993.5&end=1010&step=4").body, HasSubstr("\"values\":[[1001.500,\"1\"],[1005.500,\"1\"]]"));
}

TEST_F(PromApiTest, AnswersWhatGrafanaLooksFor) {
  EXPECT_THAT(ask("query?query=1%2B1&time=1764000000.25").body, HasSubstr("{\"resultType\":\"scalar\",\"result\":[1764000000.250,\"2\"]}"));
  EXPECT_EQ(data(ask("query_range?query=1%2B1&start=0&end=4&step=2")).at("result").at(0).at("values").as_array().size(), 3u);
  EXPECT_EQ(json::serialize(data(ask("label/kind/values"))), "[\"action\",\"fault\"]");
  EXPECT_EQ(json::serialize(data(ask("label/run/values?match[]=lab_runs&start=5&end=6"))), "[\"r1\"]");
  EXPECT_EQ(data(ask("series?match[]=lab_runs&match[]=lab_events")).as_array().size(), 3u);
  EXPECT_TRUE(data(ask("status/buildinfo")).at("version").is_string());
  EXPECT_TRUE(data(ask("metadata")).at("lab_events").is_array());
}

TEST_F(PromApiTest, RefusesInPrometheusForm) {
  EXPECT_THAT(error(ask("query_range?query=rate(lab_events[5m])&start=1&end=2&step=1"), 400, "bad_data"), HasSubstr("parse error"));
  EXPECT_THAT(error(ask("query_range?query=lab_events&start=0&end=20000&step=1"), 400, "bad_data"), HasSubstr("11,000 points"));
  EXPECT_THAT(error(ask("query_range?query=lab_events"), 400, "bad_data"), HasSubstr("\"start\""));
  EXPECT_THAT(error(ask("query?query=lab_events&time=soon"), 400, "bad_data"), HasSubstr("\"time\""));
  EXPECT_THAT(error(ask("query"), 400, "bad_data"), HasSubstr("no expression"));
  EXPECT_THAT(error(ask("series"), 400, "bad_data"), HasSubstr("match[]"));
  EXPECT_THAT(error(ask("labels?match[]=%7B"), 400, "bad_data"), HasSubstr("match[]"));
  EXPECT_THAT(error(ask("label/a-b/values"), 400, "bad_data"), HasSubstr("label name"));
  EXPECT_THAT(error(ask("label/kind"), 404, "not_found"), HasSubstr("values"));
  EXPECT_THAT(error(ask("rules"), 404, "not_found"), HasSubstr("query_range"));
  EXPECT_EQ(post("label/kind/values", "").status, 404u);
}

TEST_F(PromApiTest, ABrokenRecordIsAnInternalError) {
  Archive none(io_.get_executor(), record_.file().string() + ".none");
  Routes routes;
  PromApi api(none, [this] { return current_; });
  api.add_to(routes);
  HttpRequest request;
  request.target = "/api/v1/labels";
  EXPECT_THAT(error(test::run(io_, routes.answer(request)), 500, "internal"), HasSubstr("cannot be opened"));
}

TEST(Archive, AsksBeyondItsBoundAreRefusedAndTheOthersAreAnswered) {
  test::LabRecord record;
  record.begin(1000);
  asio::io_context io;
  Archive archive(io.get_executor(), record.file());
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  std::vector<Archive::Answer> answers;
  const auto ask = [&]() -> awaitable<void> {
    answers.push_back(co_await archive.ask([opened](RecordReader&) -> Archive::Answer {
      opened.wait();
      return std::string("read");
    }));
    if (answers.size() == 2) gate.set_value();      // two were turned away: let the rest through
  };
  for (int i = 0; i < 66; ++i) asio::co_spawn(io, ask, asio::use_future);
  io.run_for(std::chrono::seconds(10));
  ASSERT_EQ(answers.size(), 66u);
  EXPECT_EQ(answers[0].error().kind, ArchiveFailure::Kind::overloaded);
  EXPECT_EQ(answers[1].error().kind, ArchiveFailure::Kind::overloaded);
  EXPECT_EQ(answers[65].value(), "read");
}

}  // namespace
}  // namespace chaos::web
