#include "lb/stats.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

namespace chaos {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::string> lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

// Positions in HAProxy's management guide, section 9.1: tools use them as numbers.
TEST(StatsCsv, ColumnsStandWhereTheGuideSays) {
  const auto& columns = stats_columns();
  ASSERT_EQ(columns.size(), 100u);
  const std::pair<std::size_t, std::string_view> known[] = {
      {0, "pxname"}, {4, "scur"}, {17, "status"}, {21, "chkfail"}, {32, "type"}, {36, "check_status"},
      {40, "hrsp_2xx"}, {48, "req_tot"}, {60, "rtime"}, {69, "check_health"}, {73, "addr"}, {99, "uweight"}};
  for (const auto& [position, name] : known) EXPECT_EQ(columns[position], name);
}

TEST(StatsCsv, HeaderBeginsWithASharpAndEveryLineHasEveryColumn) {
  StatsRow row;
  row.set("pxname", "be");
  row.set("svname", "server-1");
  row.set("status", "UP 2/3");
  row.set("rtime", 12.6);
  const auto written = lines(stats_csv({row}));
  ASSERT_EQ(written.size(), 2u);
  EXPECT_THAT(written[0], StartsWith("# pxname,svname,qcur,"));
  EXPECT_THAT(written[1], StartsWith("be,server-1,,"));
  EXPECT_THAT(written[1], HasSubstr(",UP 2/3,"));
  EXPECT_THAT(written[1], HasSubstr(",13,"));
  for (const auto& line : written) EXPECT_EQ(std::count(line.begin(), line.end(), ','), 101);
}

TEST(StatsCsv, QuotesWhatWouldBreakTheLine) {
  StatsRow row;
  row.set("check_desc", "a,b\"c");
  EXPECT_THAT(stats_csv({row}), HasSubstr(",\"a,b\"\"c\","));
}

TEST(StatsHtml, ShowsEachRow) {
  StatsRow row;
  row.set("svname", "server-1");
  row.set("status", "DOWN 1/2");
  const std::string page = stats_html("lb-1", {row});
  EXPECT_THAT(page, HasSubstr("<h1>lb-1</h1>"));
  EXPECT_THAT(page, HasSubstr("<td>server-1</td><td>DOWN 1/2</td>"));
}

}  // namespace
}  // namespace chaos
