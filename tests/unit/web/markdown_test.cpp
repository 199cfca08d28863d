#include "web/markdown.hpp"

#include <gmock/gmock.h>

namespace chaos::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string html(const std::string& markdown) {
  return markdown_html(markdown, [](std::string_view url) { return url == "gone.md" ? std::string() : std::string(url); });
}

TEST(Markdown, HasHeadingsListsCodeTablesAndLinks) {
  EXPECT_EQ(html("# One"), "<h1>One</h1>\n");
  EXPECT_EQ(html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
  EXPECT_EQ(html("```sh\na < b\n```"), "<pre><code class=\"language-sh\">a &lt; b\n</code></pre>\n");
  EXPECT_THAT(html("| a | b |\n|---|---|\n| 1 | 2 |"), HasSubstr("<td>1</td>"));
  EXPECT_EQ(html("[here](there)"), "<p><a href=\"there\">here</a></p>\n");
}

TEST(Markdown, ALinkThatLeadsNowhereKeepsItsText) {
  EXPECT_EQ(html("see [the *other* page](gone.md) and [this](x)"), "<p>see the <em>other</em> page and <a href=\"x\">this</a></p>\n");
}

TEST(Markdown, NothingOfItBecomesScript) {
  EXPECT_THAT(html("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b"), Not(HasSubstr("alert")));
  EXPECT_THAT(html("[x](javascript:alert(1))"), Not(HasSubstr("javascript")));
  EXPECT_THAT(html("[x](\"onmouseover=alert(1))"), Not(HasSubstr("\"onmouseover")));
  EXPECT_EQ(html("a & b < c"), "<p>a &amp; b &lt; c</p>\n");
}

}  // namespace
}  // namespace chaos::web
