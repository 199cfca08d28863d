#include "server/answers.hpp"
#include "server/failure_log.hpp"
#include "server/order_body.hpp"
#include "server/read_order.hpp"
#include "server/route.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(Route, KnowsTheShop) {
  EXPECT_EQ(route("GET", "/items/42").ask, Ask::item);
  EXPECT_EQ(route("GET", "/items/42").id, 42);
  EXPECT_EQ(route("HEAD", "/orders/7").ask, Ask::order);
  EXPECT_EQ(route("POST", "/orders").ask, Ask::place_order);
  EXPECT_EQ(route("GET", "/healthz").ask, Ask::health);
  EXPECT_EQ(route("GET", "/readyz").ask, Ask::readiness);
}

TEST(Route, RefusesWithTheRightStatus) {
  for (const char* path : {"/items/", "/items/x", "/items/0", "/items/-1", "/items/1x", "/items/1/2", "/items/99999999999999999999", "/orders/+1"}) {
    EXPECT_EQ(route("GET", path).status, 400u) << path;
  }
  EXPECT_EQ(route("GET", "/").status, 404u);
  EXPECT_EQ(route("GET", "/itemsx").status, 404u);
  EXPECT_EQ(route("DELETE", "/items/1").status, 405u);
  EXPECT_EQ(route("GET", "/orders").status, 405u);
  EXPECT_EQ(route("GET", "/orders").allow, "POST");
}

std::optional<OrderBody> json(const std::string& body) {
  std::string why;
  auto out = parse_order("application/json", body, why);
  EXPECT_EQ(out.has_value(), why.empty()) << body;
  return out;
}

TEST(OrderBody, TakesJsonAndForms) {
  const auto order = json(R"({"item": 5, "quantity": 2, "note": "x"})");
  ASSERT_TRUE(order);
  EXPECT_EQ(order->item, 5);
  EXPECT_EQ(order->quantity, 2);
  EXPECT_EQ(json(R"({"item": 5})")->quantity, 1);
  std::string why;
  const auto form = parse_order("application/x-www-form-urlencoded; charset=utf-8", "item=7&quantity=3", why);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->item, 7);
  EXPECT_EQ(form->quantity, 3);
  EXPECT_EQ(parse_order("application/x-www-form-urlencoded", R"({"item":5})", why)->item, 5);   // curl -d
}

TEST(OrderBody, RefusesWhatIsMalformedOrOutOfRange) {
  for (const char* bad : {"", "[]", "5", "{", R"({"quantity": 1})", R"({"item": 0})", R"({"item": -1})", R"({"item": "5"})",
                          R"({"item": 1.5})", R"({"item": 5, "quantity": 0})", R"({"item": 5, "quantity": 1001})",
                          R"({"item": 99999999999999999999})", R"({"a":{"a":{"a":{"a":{"a":1}}}}})"}) {
    EXPECT_FALSE(json(bad)) << bad;
  }
  std::string why;
  EXPECT_FALSE(parse_order("application/x-www-form-urlencoded", "item=x", why));
}

v1::Peer replica(const char* name, v1::Duty duty) {
  v1::Peer peer;
  peer.set_name(name);
  peer.set_duty(duty);
  return peer;
}

TEST(ReadOrder, DrainingReplicasServeOnlyWhenNoneIsActive) {
  const auto a = replica("a", v1::DUTY_ACTIVE), b = replica("b", v1::DUTY_DRAINING);
  const auto active = reading_replicas({b, a});
  ASSERT_EQ(active.size(), 1u);
  EXPECT_EQ(active[0].name(), "a");
  EXPECT_EQ(reading_replicas({b}).size(), 1u);
}

TEST(ReadOrder, GoesRoundTheReplicasThenToThePrimary) {
  EXPECT_EQ(replica_for(0, 2), 0u);
  EXPECT_EQ(replica_for(1, 2), 1u);
  EXPECT_EQ(replica_for(2, 2), 0u);
  EXPECT_EQ(replica_for(5, 0), std::nullopt);
  EXPECT_TRUE(falls_back(Errc::refused));
  EXPECT_FALSE(falls_back(Errc::timeout));
  EXPECT_FALSE(looks_stale(Errc::refused));
}

TEST(Answers, ARowBecomesJson) {
  const PgRows rows{{"id", "name", "stock"}, {{"42", "Item \"42\"", std::nullopt}}, "SELECT 1"};
  EXPECT_EQ(row_json(rows), R"({"id":42,"name":"Item \"42\"","stock":null})");
  EXPECT_EQ(row_json({{"id"}, {}, "SELECT 0"}), "");
}

TEST(Answers, HealthWarnsWhileRequestsWaitOrPressureSlows) {
  auto status = [](int waiting, double slowdown) {
    const auto answer = health_json({"server-1", 3, 4, waiting, slowdown});
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.headers.get("content-type").value_or(""), "application/health+json");
    return std::string(boost::json::parse(answer.body).at("status").as_string());
  };
  EXPECT_EQ(status(0, 1), "pass");
  EXPECT_EQ(status(1, 1), "warn");
  EXPECT_EQ(status(0, 1.4), "warn");
  const auto told = boost::json::parse(health_json({"server-1", 3, 4, 2, 1.25}).body);
  EXPECT_EQ(told.at("serviceId").as_string(), "server-1");
  EXPECT_EQ(told.at_pointer("/checks/slots:busy/0/observedValue").as_int64(), 3);
  EXPECT_EQ(told.at_pointer("/checks/slots:busy/0/observedUnit").as_string(), "of 4");
  EXPECT_EQ(told.at_pointer("/checks/requests:waiting/0/observedValue").as_int64(), 2);
  EXPECT_EQ(told.at_pointer("/checks/pressure:slowdown/0/observedValue").as_double(), 1.25);
  EXPECT_THAT(health_json({"server-1", 3, 4, 2, 12.058}).body, testing::HasSubstr("\"observedValue\":12.06,"));
}

TEST(Answers, TheIdThatAnInsertReturned) {
  EXPECT_EQ(returned_id({{"id"}, {{"7"}}, "INSERT 0 1"}), 7);
  EXPECT_EQ(returned_id({{"id"}, {}, "INSERT 0 0"}), std::nullopt);
  EXPECT_EQ(returned_id({{"id"}, {{std::nullopt}}, "INSERT 0 1"}), std::nullopt);
}

TEST(Answers, AFailedUpstreamIsNamedAndIsTheServersFault) {
  EXPECT_EQ(failed_upstream("postgres", Errc::timeout).status, 504u);
  EXPECT_EQ(failed_upstream("postgres", Errc::timeout).body, "postgres: timeout\n");
  EXPECT_EQ(failed_upstream("queue", Errc::refused).status, http_status(Errc::refused));
  for (const auto error : {Errc::rejected, Errc::not_found, Errc::invalid, Errc::too_large, Errc::no_backend}) {
    EXPECT_GE(failed_upstream("x", error).status, 500u);
  }
}

TEST(FailureLog, WritesABoundedRateAndCountsTheRest) {
  FailureLog log;
  RealTime now{std::chrono::hours(1)};
  std::uint64_t written = 0;
  for (int i = 0; i < 100; ++i) written += log.lines_for(now) > 0;
  EXPECT_EQ(written, FailureLog::kPerSecond);
  now += std::chrono::seconds(1);
  EXPECT_EQ(log.lines_for(now), 81u);
  EXPECT_EQ(log.lines_for(now), 1u);
}

}  // namespace
}  // namespace chaos
