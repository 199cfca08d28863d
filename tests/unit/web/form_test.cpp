#include "web/form.hpp"

#include <gmock/gmock.h>

namespace chaos::web {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

HttpRequest get(const std::string& query) {
  HttpRequest request;
  request.target = "/api/v1/query_range?" + query;
  return request;
}

HttpRequest post(const std::string& body, const std::string& type) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/api/v1/query_range";
  request.headers.add("Content-Type", type);
  request.body = body;
  return request;
}

template <class T>
std::string refusal(const Parsed<T>& parsed) {
  return parsed ? "accepted" : parsed.error().text;
}

std::int64_t time_of(const std::string& text) { return parse_time("time", text).value(); }
std::int64_t duration_of(const std::string& text) { return parse_duration("step", text).value(); }

TEST(Form, ReadsTheQueryAndAFormEncodedBody) {
  const Form form = Form::of(get("query=lab_events%7Bkind%3D%22a+b%22%7D&match[]=a&match%5B%5D=b&empty=&bare")).value();
  EXPECT_EQ(form.get("query"), "lab_events{kind=\"a b\"}");
  EXPECT_THAT(form.all("match[]"), ElementsAre("a", "b"));
  EXPECT_EQ(form.get("bare"), "");
  EXPECT_EQ(Form::of(post("query=a%2Bb", "application/x-www-form-urlencoded; charset=utf-8")).value().get("query"), "a+b");
}

TEST(Form, RefusesWhatItCannotRead) {
  EXPECT_THAT(refusal(Form::of(get("query=%7"))), HasSubstr("percent-encoded"));
  EXPECT_THAT(refusal(Form::of(post("query=a", "application/json"))), HasSubstr("form-encoded"));
  std::string many;
  for (std::size_t i = 0; i <= kMaxParameters; ++i) many += "a=b&";
  EXPECT_THAT(refusal(Form::of(get(many))), HasSubstr("more than 64 parameters"));
}

TEST(Form, TimesAreUnixSecondsOrRfc3339) {
  EXPECT_EQ(time_of("1764000000"), 1'764'000'000'000);
  EXPECT_EQ(time_of("1764000000.5"), 1'764'000'000'500);
  EXPECT_EQ(time_of("1.764e9"), 1'764'000'000'000);
  EXPECT_EQ(time_of("2025-11-24T16:00:00Z"), 1'764'000'000'000);
  EXPECT_EQ(time_of("2025-11-24T18:00:00.25+02:00"), 1'764'000'000'250);
  EXPECT_EQ(time_of("2024-02-29T00:00:00-01:30"), 1'709'170'200'000);
  EXPECT_EQ(time_of("1e300"), 253'402'300'799'000);
  for (const char* bad : {"", "now", "nan", "inf", "2025-02-29T00:00:00Z", "2025-11-24", "2025-11-24T16:00Z", "2025-11-24T24:00:00Z", "2025-11-24T16:00:00", "2025-11-24T16:00:00+2"}) {
    EXPECT_THAT(refusal(parse_time("start", bad)), HasSubstr("invalid parameter \"start\"")) << bad;
  }
}

TEST(Form, DurationsAreSecondsOrPrometheusOwn) {
  EXPECT_EQ(duration_of("15"), 15'000);
  EXPECT_EQ(duration_of("0.25"), 250);
  EXPECT_EQ(duration_of("15s"), 15'000);
  EXPECT_EQ(duration_of("1h30m"), 5'400'000);
  EXPECT_EQ(duration_of("500ms"), 500);
  EXPECT_EQ(duration_of("1w2d"), 777'600'000);
  for (const char* bad : {"", "s", "1m1h", "1s1s", "5 s", "-5s", "1h1", "9999999999999999999h"}) {
    EXPECT_THAT(refusal(parse_duration("step", bad)), HasSubstr("invalid parameter \"step\"")) << bad;
  }
}

TEST(Form, ARangeQueryHasAGridOfElevenThousandPointsAtMost) {
  const auto grid = [](const std::string& query) { return grid_of(Form::of(get(query)).value()); };
  EXPECT_EQ(grid("start=10&end=20&step=5").value().step_ms, 5000);
  EXPECT_TRUE(grid("start=0&end=11000&step=1"));
  EXPECT_THAT(refusal(grid("start=0&end=11001&step=1")), HasSubstr("exceeded maximum resolution of 11,000 points"));
  EXPECT_THAT(refusal(grid("start=20&end=10&step=5")), HasSubstr("must not be before start"));
  EXPECT_THAT(refusal(grid("start=10&end=20&step=0")), HasSubstr("zero or negative"));
  EXPECT_THAT(refusal(grid("start=10&end=20&step=-1")), HasSubstr("zero or negative"));
  EXPECT_THAT(refusal(grid("end=20&step=1")), HasSubstr("\"start\""));
  EXPECT_THAT(refusal(grid("start=-1e300&end=1e300&step=1e11")), "accepted");
}

TEST(Grid, AnEventBelongsToTheFirstStepAtOrAfterIt) {
  const Grid grid{10'000, 25'000, 5000};
  EXPECT_EQ(grid.step_at(5000), std::nullopt);
  EXPECT_EQ(grid.step_at(5001), 10'000);
  EXPECT_EQ(grid.step_at(10'000), 10'000);
  EXPECT_EQ(grid.step_at(10'001), 15'000);
  EXPECT_EQ(grid.step_at(25'000), 25'000);
  EXPECT_EQ(grid.step_at(25'001), std::nullopt);
  EXPECT_EQ((Grid{10'000, 12'000, 5000}.step_at(11'000)), std::nullopt);
}

TEST(Sum, IsWhatADataSourceIsTestedWith) {
  EXPECT_EQ(parse_sum("1+1"), 2);
  EXPECT_EQ(parse_sum(" 1.5 + 2 + -3 "), 0.5);
  EXPECT_EQ(parse_sum("7"), 7);
  for (const char* none : {"", "1+", "+", "lab_events", "1+lab_events", "1 1", "nan"}) EXPECT_EQ(parse_sum(none), std::nullopt) << none;
}

}  // namespace
}  // namespace chaos::web
