#include "postgres/base/json_text.hpp"
#include "postgres/sql/column_clauses.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

std::string detail(std::string_view text) {
  const auto error = json_error(text);
  return error ? error->detail : "good";
}

TEST(JsonText, TellsWhatIsWrong) {
  for (const char* good : {"{}", " [ ] ", "null", "-0.5e+3", "\"\\u00e9\\n\"", "[1, {\"a\": [true, false]}]"}) EXPECT_EQ(detail(good), "good") << good;
  EXPECT_EQ(detail(""), "The input string ended unexpectedly.");
  EXPECT_EQ(detail("{bad"), "Token \"bad\" is invalid.");
  EXPECT_EQ(detail("01"), "Token \"01\" is invalid.");
  EXPECT_EQ(detail("1 2"), "Expected end of input, but found \"2\".");
  EXPECT_EQ(detail("[1 2]"), "Expected \",\" or \"]\", but found \"2\".");
  EXPECT_EQ(detail("[1,]"), "Expected JSON value, but found \"]\".");
  EXPECT_EQ(detail("{\"a\":1,}"), "Expected string, but found \"}\".");
  EXPECT_EQ(detail("{\"a\":1 \"b\"}"), "Expected \",\" or \"}\", but found \"\"b\"\".");
  EXPECT_EQ(detail("\"a\tb\""), "Character with value 0x09 must be escaped.");
  EXPECT_EQ(detail("\"\\q\""), "Escape sequence \"\\q\" is invalid.");
  EXPECT_EQ(json_error(std::string(5000, '['))->sqlstate, "54001");
  EXPECT_EQ(json_error("[1,\n x]")->context, "JSON data, line 2:  x...");
}

TEST(ColumnClauses, ChecksGetTheirNamesAndAreShown) {
  const auto checks = checks_of("create table t(a int check (a > 0) check (a < 9), b int constraint mine check (b <> 1 or a is not null), check (a < b), check (b > 0))", "t");
  ASSERT_EQ(checks.size(), 5U);
  const char* names[] = {"t_a_check", "t_a_check1", "mine", "t_check", "t_b_check"};
  for (std::size_t i = 0; i < checks.size(); ++i) EXPECT_EQ(checks[i].name, names[i]);
  EXPECT_EQ(check_text(checks[2], false), "CHECK (((b <> 1) OR (a IS NOT NULL)))");
  EXPECT_EQ(check_text(checks[2], true), "CHECK (b <> 1 OR a IS NOT NULL)");
  EXPECT_TRUE(checks_of("create table", "t").empty());
  EXPECT_TRUE(checks_of("create table t(a int check (", "t").size() < 2);
}

}  // namespace
}  // namespace chaos::pg
