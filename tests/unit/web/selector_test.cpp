#include "web/selector.hpp"

#include <gmock/gmock.h>

#include <map>

namespace chaos::web {
namespace {

using ::testing::HasSubstr;

bool holds(const std::string& text, const std::map<std::string, std::string>& labels) {
  const auto selector = parse_selector(text);
  if (!selector) {
    ADD_FAILURE() << text << ": " << selector.error().text;
    return false;
  }
  return selector->matches([&](std::string_view name) {
    const auto found = labels.find(std::string(name));
    return found == labels.end() ? std::string_view{} : std::string_view(found->second);
  });
}

std::string refusal(const std::string& text) {
  const auto selector = parse_selector(text);
  return selector ? "accepted" : selector.error().text;
}

const std::map<std::string, std::string> kFault{{"__name__", "lab_events"}, {"kind", "fault"}, {"subject", "server-2"}, {"text", "say \"hi\" \\ ü"}};

TEST(Selector, MatchesNameAndLabels) {
  EXPECT_TRUE(holds("lab_events", kFault));
  EXPECT_FALSE(holds("lab_runs", kFault));
  EXPECT_TRUE(holds("lab_events{kind=\"fault\"}", kFault));
  EXPECT_FALSE(holds("lab_events{kind='alert'}", kFault));
  EXPECT_TRUE(holds(" lab_events { kind = \"fault\" , subject != `server-1` , } ", kFault));
  EXPECT_TRUE(holds("{__name__=~\"lab_.*\",kind=~\"fault|action\"}", kFault));
  EXPECT_FALSE(holds("{__name__=~\"lab_.*\",kind!~\"fault|action\"}", kFault));
  EXPECT_FALSE(holds("lab_events{}", {{"__name__", "other"}}));
}

TEST(Selector, APatternMustMatchTheWholeValue) {
  EXPECT_FALSE(holds("lab_events{subject=~\"server\"}", kFault));
  EXPECT_TRUE(holds("lab_events{subject=~\"server-[0-9]\"}", kFault));
  EXPECT_FALSE(holds("lab_events{subject=~\"a|server-\"}", kFault));
  EXPECT_TRUE(holds("lab_events{subject!~\"server\"}", kFault));
}

TEST(Selector, AMissingLabelIsAnEmptyOne) {
  EXPECT_TRUE(holds("lab_events{actor=\"\"}", kFault));
  EXPECT_TRUE(holds("lab_events{actor!=\"operator\"}", kFault));
  EXPECT_TRUE(holds("lab_events{actor=~\".*\"}", kFault));
  EXPECT_FALSE(holds("lab_events{actor=~\".+\"}", kFault));
}

TEST(Selector, StringsHaveGosEscapes) {
  EXPECT_TRUE(holds(R"(lab_events{text="say \"hi\" \\ \u00fc"})", kFault));
  EXPECT_TRUE(holds(R"(lab_events{text='say "hi" \\ \xc3\xbc'})", kFault));
  EXPECT_TRUE(holds("lab_events{text=`say \"hi\" \\ ü`}", kFault));
  EXPECT_TRUE(holds(R"(lab_events{text="say \"hi\" \134 \U000000fc"})", kFault));
  EXPECT_THAT(refusal(R"(lab_events{text="\q"})"), HasSubstr("unknown escape"));
  EXPECT_THAT(refusal(R"(lab_events{text="\xff"})"), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal(R"(lab_events{text="\ud800"})"), HasSubstr("unknown escape"));
  EXPECT_THAT(refusal(R"(lab_events{text="\777"})"), HasSubstr("unknown escape"));
  EXPECT_THAT(refusal("lab_events{text=\"a\nb\"}"), HasSubstr("line break"));
  EXPECT_THAT(refusal("lab_events{text=\"a"), HasSubstr("unterminated"));
}

TEST(Selector, ARefusalSaysWhereAndWhatIsAnswered) {
  EXPECT_THAT(refusal("lab_events{kind=fault}"), HasSubstr("1:17: parse error: expected a string"));
  EXPECT_THAT(refusal("count(lab_events)"), HasSubstr("1:6: parse error: unexpected text"));
  EXPECT_THAT(refusal("lab_events[5m]"), HasSubstr("a series selector alone"));
  EXPECT_THAT(refusal("lab_events offset 5m"), HasSubstr("unexpected text"));
  EXPECT_THAT(refusal("lab_events{kind=\"a\" subject=\"b\"}"), HasSubstr("expected , or }"));
  EXPECT_THAT(refusal("lab_events{kind~\"a\"}"), HasSubstr("=, !=, =~, !~"));
  EXPECT_THAT(refusal("lab_events{=\"a\"}"), HasSubstr("a label's name"));
  EXPECT_THAT(refusal("lab_events{"), HasSubstr("a label's name"));
  EXPECT_THAT(refusal(""), HasSubstr("no expression"));
  EXPECT_THAT(refusal("\"text\""), HasSubstr("expected a metric's name"));
  EXPECT_THAT(refusal("{}"), HasSubstr("at least one non-empty matcher"));
  EXPECT_THAT(refusal("{kind=~\".*\"}"), HasSubstr("at least one non-empty matcher"));
  EXPECT_THAT(refusal("{kind=~\"(\"}"), HasSubstr("error parsing regexp"));
}

TEST(Selector, IsBounded) {
  EXPECT_THAT(refusal("lab_events{text=\"" + std::string(kMaxQuery, 'x') + "\"}"), HasSubstr("longer than 4096"));
  std::string many = "lab_events{";
  for (std::size_t i = 0; i <= kMaxMatchers; ++i) many += "a!=\"b\",";
  EXPECT_THAT(refusal(many + "}"), HasSubstr("more than 32 matchers"));
  EXPECT_THAT(refusal("{kind=~\"((a{100}){100}){100}\"}"), HasSubstr("error parsing regexp"));
}

}  // namespace
}  // namespace chaos::web
