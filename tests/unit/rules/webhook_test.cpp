#include "rules/webhook.hpp"

#include "chaoslab/v1/lab.pb.h"

#include <gmock/gmock.h>

namespace chaos::rules {
namespace {

using testing::HasSubstr;

// As Alertmanager 0.25 sends it, shortened.
constexpr const char* kMessage = R"({"receiver":"record","status":"firing","alerts":[
  {"status":"firing","labels":{"alertname":"BackendDown","node":"lb-1","role":"lb","server":"server-2","severity":"ticket"},
   "annotations":{"summary":"a server does not pass its checks","description":"lb-1 sends server-2 no requests","runbook_url":"http://x/"},
   "startsAt":"2026-01-01T00:00:00.000Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"c5c8a1"},
  {"status":"resolved","labels":{"alertname":"AvailabilityBudgetBurn","sli":"availability","window":"15m","severity":"page"},
   "annotations":{"summary":"users' requests fail"},"fingerprint":"77"},
  {"status":"firing","labels":{"alertname":"Watchdog","severity":"none"},"annotations":{},"fingerprint":"00"}
],"groupLabels":{},"version":"4"})";

TEST(Webhook, ReadsWhatAlertmanagerSends) {
  const auto told = parse_webhook(kMessage);
  ASSERT_TRUE(told);
  ASSERT_EQ(told->size(), 3u);
  EXPECT_EQ((*told)[0].key, "c5c8a1");
  EXPECT_EQ((*told)[0].change.name, "BackendDown lb-1 server-2");
  EXPECT_TRUE((*told)[0].change.firing);
  EXPECT_EQ((*told)[0].change.severity, "ticket");
  EXPECT_EQ((*told)[0].change.text, "a server does not pass its checks: lb-1 sends server-2 no requests");
  EXPECT_EQ((*told)[1].change.name, "AvailabilityBudgetBurn 15m") << "as the controller's own alert is called";
  EXPECT_FALSE((*told)[1].change.firing);
  EXPECT_TRUE((*told)[2].heartbeat);
}

std::string why(const std::string& body) {
  const auto told = parse_webhook(body);
  return told ? "taken" : told.error().text;
}

TEST(Webhook, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(why("{"), HasSubstr("no JSON"));
  EXPECT_THAT(why("[]"), HasSubstr("alerts: a list is wanted"));
  EXPECT_THAT(why(R"({"alerts":{}})"), HasSubstr("alerts: a list is wanted"));
  EXPECT_THAT(why(R"({"alerts":[7]})"), HasSubstr("alerts[0]: an object"));
  EXPECT_THAT(why(R"({"alerts":[{"status":"on"}]})"), HasSubstr("alerts[0].status: \"on\""));
  EXPECT_THAT(why(R"({"alerts":[{"status":"firing"}]})"), HasSubstr("alerts[0].labels.alertname"));
  EXPECT_THAT(why(R"({"alerts":[{"status":"firing","labels":{"alertname":5}}]})"), HasSubstr("alerts[0].labels.alertname"));
  EXPECT_EQ(why(R"({"alerts":[]})"), "taken");
  EXPECT_THAT(why(std::string(100, '[')), HasSubstr("no JSON")) << "nested too deep";
}

TEST(Webhook, IsBounded) {
  std::string many = R"({"alerts":[)";
  for (std::size_t i = 0; i <= kMostTold; ++i) many += std::string(i ? "," : "") + R"({"status":"firing","labels":{"alertname":"A"}})";
  EXPECT_THAT(why(many + "]}"), HasSubstr("too many"));
  const std::string longest(10'000, 'x');
  const auto told = parse_webhook(R"({"alerts":[{"status":"firing","labels":{"alertname":")" + longest + R"("}}]})");
  ASSERT_TRUE(told);
  EXPECT_LE((*told)[0].change.name.size(), 500u);
}

TEST(Webhook, ALongTextIsCutBetweenTwoCharacters) {
  const std::string text = std::string(499, 'x') + "\u00e9 and more";
  const auto told = parse_webhook(R"({"alerts":[{"status":"firing","labels":{"alertname":"A"},"annotations":{"summary":")" + text + R"("}}]})");
  ASSERT_TRUE(told);
  v1::Event event;
  event.set_text((*told)[0].change.text);
  EXPECT_EQ(event.text(), std::string(499, 'x'));
  EXPECT_TRUE(v1::Event().ParseFromString(event.SerializeAsString())) << "or no client could read the run's events any more";
}

TEST(Webhook, TellsApartWhatTheRulesTellApart) {
  const auto told = parse_webhook(R"({"alerts":[
    {"status":"firing","labels":{"alertname":"OriginErrors","role":"cdn","node":"cdn-1","origin":"lb"},"fingerprint":"1"},
    {"status":"firing","labels":{"alertname":"OriginErrors","role":"cdn","node":"cdn-1","origin":"object_store"},"fingerprint":"2"}]})");
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)[0].change.name, "OriginErrors cdn-1 lb");
  EXPECT_EQ((*told)[1].change.name, "OriginErrors cdn-1 object_store");
}

}  // namespace
}  // namespace chaos::rules
