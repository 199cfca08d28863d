#include "worker/receipt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaos {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ReceiptJob, TakesAnOrderId) {
  EXPECT_EQ(parse_receipt_job(R"({"order":17})"), 17);
  EXPECT_EQ(parse_receipt_job(R"({"order":17,"trace":"x"})"), 17);
}

TEST(ReceiptJob, RefusesTheRest) {
  for (const char* body : {"", "17", "{", "[]", "{}", R"({"order":"17"})", R"({"order":1.5})", R"({"order":0})",
                           R"({"order":-3})", R"({"order":17}x)"}) {
    EXPECT_EQ(parse_receipt_job(body), std::nullopt) << body;
  }
}

TEST(Receipt, ShowsEveryColumnEscaped) {
  const std::string page = render_receipt(17, {{"item", "a<b>&\"c\""}, {"note", std::nullopt}});
  EXPECT_THAT(page, HasSubstr("Receipt for order 17"));
  EXPECT_THAT(page, HasSubstr("<th>item</th><td>a&lt;b&gt;&amp;&quot;c&quot;</td>"));
  EXPECT_THAT(page, HasSubstr("<th>note</th><td>-</td>"));
  EXPECT_THAT(page, Not(HasSubstr("a<b>")));
}

TEST(Receipt, IsTheSameWhenItIsMadeAgain) {
  EXPECT_EQ(render_receipt(17, {{"id", "17"}, {"state", "new"}}), render_receipt(17, {{"id", "17"}, {"state", "done"}}));
}

TEST(Receipt, StandsUnderItsOrder) { EXPECT_EQ(receipt_path(17), "/receipts/17"); }

}  // namespace
}  // namespace chaos
