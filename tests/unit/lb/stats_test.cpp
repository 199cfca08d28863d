#include "lb/stats.hpp"
#include "lb/stats_page.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
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

StatsRow server(std::string name = "server-1") { return {StatsRow::Kind::server, 3, 1, "be", std::move(name)}; }

// Positions in HAProxy's management guide, section 9.1: tools use them as numbers.
TEST(StatsCsv, ColumnsStandWhereTheGuideSays) {
  const auto& fields = stats_fields();
  ASSERT_EQ(fields.size(), 127u);
  const std::pair<std::size_t, std::string_view> known[] = {
      {0, "pxname"}, {4, "scur"}, {17, "status"}, {21, "chkfail"}, {32, "type"}, {36, "check_status"}, {40, "hrsp_2xx"}, {48, "req_tot"},
      {60, "rtime"}, {69, "check_health"}, {73, "addr"}, {99, "uweight"}, {102, "agg_check_status"}, {103, "ssl_sess"}, {123, "h1_bytes_in"}};
  for (const auto& [position, name] : known) EXPECT_EQ(fields[position].name, name);
}

TEST(StatsCsv, HeaderBeginsWithASharpAndEveryLineHasEveryColumn) {
  StatsRow row = server();
  row.set("status", "UP 2/3");
  row.set("rtime", 12.6);
  const auto written = lines(stats_csv({row}));
  ASSERT_EQ(written.size(), 2u);
  EXPECT_THAT(written[0], StartsWith("# pxname,svname,qcur,"));
  EXPECT_THAT(written[0], HasSubstr(",agg_check_status,-,ssl_sess,"));
  EXPECT_THAT(written[1], StartsWith("be,server-1,,"));
  EXPECT_THAT(written[1], HasSubstr(",UP 2/3,"));
  EXPECT_THAT(written[1], HasSubstr(",13,"));
  for (const auto& line : written) EXPECT_EQ(std::count(line.begin(), line.end(), ','), 128);
}

TEST(StatsCsv, QuotesWhatWouldBreakTheLine) {
  StatsRow row = server();
  row.set("check_desc", "a,b\"c");
  EXPECT_THAT(stats_csv({row}), HasSubstr(",\"a,b\"\"c\","));
}

TEST(StatsTyped, SaysPlaceNatureAndTypeOfWhatIsSet) {
  StatsRow row = server();
  row.set("rate", std::uint64_t{7});
  const std::string text = stats_typed({row, StatsRow(StatsRow::Kind::backend, 3, 0, "be", "BACKEND")});
  EXPECT_THAT(text, HasSubstr("S.3.1.1.svname.1:KNS:str:server-1\n"));
  EXPECT_THAT(text, HasSubstr("S.3.1.33.rate.1:MRP:u32:7\n"));
  EXPECT_THAT(text, HasSubstr("B.3.0.32.type.1:CGS:u32:1\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("qcur")));
}

TEST(StatsJson, HasARowsFieldsWithTheirTags) {
  StatsRow row = server();
  row.set("scur", std::uint64_t{3});
  const auto rows = boost::json::parse(stats_json({row})).as_array();
  ASSERT_EQ(rows.size(), 1u);
  for (const auto& field : rows[0].as_array()) {
    if (field.at("field").at("name") != "scur") continue;
    EXPECT_EQ(boost::json::serialize(field), R"({"objType":"Server","proxyId":3,"id":1,"field":{"pos":4,"name":"scur"},"processNum":1,)"
                                             R"("tags":{"origin":"Metric","nature":"Gauge","scope":"Process"},"value":{"type":"u32","value":3}})");
    return;
  }
  ADD_FAILURE() << "no scur";
}

TEST(StatsRows, AreSelectedByProxyKindAndServer) {
  const StatsRows all{{StatsRow::Kind::frontend, 2, 0, "fe", "FRONTEND"}, server(), {StatsRow::Kind::server, 3, 2, "be", "server-2"}, {StatsRow::Kind::backend, 3, 0, "be", "BACKEND"}};
  EXPECT_EQ(select_rows(all, -1, -1, -1).size(), 4u);
  EXPECT_EQ(select_rows(all, 2, -1, -1).size(), 1u);
  EXPECT_EQ(select_rows(all, 3, 4, -1).size(), 2u);
  EXPECT_EQ(select_rows(all, -1, 3, -1).size(), 2u);
  EXPECT_EQ(select_rows(all, 3, 4, 2).at(0).get("svname"), "server-2");
}

TEST(StatsRows, UpLeavesOutWhatIsDown) {
  StatsRows rows{server("a"), server("b"), server("c"), server("d")};
  rows[0].set("status", "UP 1/3");
  rows[1].set("status", "DOWN 1/2");
  rows[2].set("status", "MAINT");
  rows[3].set("status", "DRAIN");
  EXPECT_EQ(only_up(rows).size(), 2u);
  EXPECT_EQ(without_maintenance(rows).size(), 3u);
}

TEST(StatsPage, TellsMoreUnderTheMouse) {
  StatsRow row = server("server-1");
  row.set("addr", "127.42.40.1:8080");
  row.set("status", "UP");
  row.set("check_status", "L7OK");
  row.set("check_duration", std::uint64_t{2});
  row.set("check_desc", "Layer7 check passed");
  row.set("stot", std::uint64_t{7});
  row.set("hrsp_2xx", std::uint64_t{7});
  row.set("agent_status", "L7STS");
  row.set("agent_code", std::uint64_t{0});
  row.set("agent_duration", std::uint64_t{3});
  row.set("agent_desc", "Layer7 wrong status");
  row.set("last_agt", "via agent : down (<full>)");
  const auto page = [&row] { return stats_page("lb-1", {}, {row}, true); };
  EXPECT_THAT(page(), HasSubstr("<td class=ac title=\"127.42.40.1:8080\">"));
  EXPECT_THAT(page(), HasSubstr("<td title=\"Layer7 check passed; agent: Layer7 wrong status: via agent : down (&lt;full&gt;)\">L7OK in 2ms</td>"));
  EXPECT_THAT(page(), HasSubstr("<td title=\"HTTP responses:  1xx, 7 2xx,  3xx,  4xx,  5xx,  other\">7</td>"));
  row.set("status", "DOWN (agent)");
  EXPECT_THAT(page(), HasSubstr("<td title=\"Layer7 wrong status: via agent : down (&lt;full&gt;)\">L7STS/0 in 3ms</td>")) << "what took it out";
}

TEST(StatsPage, ShowsEachRowInItsColourAndEscapes) {
  StatsRow row = server("<b>");
  row.set("status", "DOWN 1/2");
  row.set("lastchg", std::uint64_t{75});
  row.set("check_status", "L7STS");
  row.set("check_code", std::uint64_t{503});
  row.set("check_duration", std::uint64_t{2});
  const std::string page = stats_page("lb-1", {{6, "Pid", "SGP", "u32", "17"}}, {row}, true);
  EXPECT_THAT(page, HasSubstr("Statistics Report for pid 17 on lb-1"));
  EXPECT_THAT(page, HasSubstr("<tr class=\"active_going_up\">"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;</td>"));
  EXPECT_THAT(page, HasSubstr("<td>1m15s DOWN 1/2</td><td>L7STS/503 in 2ms</td>"));
  EXPECT_THAT(page, HasSubstr("/;norefresh"));
}

}  // namespace
}  // namespace chaos
