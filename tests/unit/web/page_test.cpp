#include "web/page.hpp"

#include "web/files.hpp"

#include <gmock/gmock.h>

namespace chaos::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  const auto end = begin == std::string::npos ? begin : text.find(to, begin);
  if (end == std::string::npos) return "nothing between";
  return text.substr(begin + from.size(), end - begin - from.size());
}

TEST(Policy, NamesScriptAndStyleByTheirDigest) {
  const std::string policy = policy_of({.script = "alert(1)", .style = "a{}", .connects = true});
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"));      // openssl dgst -sha256 -binary | base64
  EXPECT_THAT(policy, HasSubstr("connect-src 'self'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy_of({}), Not(HasSubstr("script-src")));
}

TEST(Page, TheConsoleIsOnePageWhoseScriptAndStyleAreTheOnesThatItsPolicyAllows) {
  EXPECT_EQ(between(console_page(), "<style>", "</style>"), files::kStyle);
  EXPECT_EQ(between(console_page(), "<script>", "</script>"), files::kScript);
  EXPECT_EQ(console_policy(), policy_of({.script = files::kScript, .style = files::kStyle, .connects = true}));
  const std::string markup = between(console_page(), "</style>", "<script>");
  for (const char* attribute : {" onclick=", " style=", " src="}) EXPECT_THAT(markup, Not(HasSubstr(attribute)));      // the policy would stop them
}

TEST(Page, TheScriptNeverTakesTextForMarkup) {
  for (const char* sink : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"}) EXPECT_THAT(std::string(files::kScript), Not(HasSubstr(sink)));
}

TEST(Page, APlainPageEscapesItsTitle) {
  const std::string page = plain_page("<b>&", "<p>body</p>");
  EXPECT_THAT(page, HasSubstr("<title>&lt;b&gt;&amp; ·"));
  EXPECT_THAT(page, HasSubstr("<p>body</p>"));
  EXPECT_EQ(between(page, "<style>", "</style>"), files::kStyle);
}

TEST(Page, AnAnswerKeepsItsPageToItself) {
  const HttpResponse response = html_response(200, "<p>", plain_policy());
  EXPECT_EQ(response.headers.get("Content-Security-Policy"), plain_policy());
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.headers.get("Content-Type"), "text/html; charset=utf-8");
}

}  // namespace
}  // namespace chaos::web
