// The load balancer's statistics, read by curl.
#include "support/compat.hpp"
#include "support/lb_bench.hpp"

#include <gmock/gmock.h>

namespace chaos::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// As HAProxy 2.6.12 writes it, byte by byte.
constexpr const char* kHeader =
    "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,"
    "pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,"
    "hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,agent_status,"
    "agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,"
    "conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,reuse,cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,"
    "idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,uweight,agg_server_status,agg_server_check_status,agg_check_status,-,ssl_sess,ssl_reused_sess,"
    "ssl_failed_handshake,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,h2_goaway_rcvd,h2_detected_conn_protocol_errors,"
    "h2_detected_strm_protocol_errors,h2_rst_stream_resp,h2_goaway_resp,h2_open_connections,h2_backend_open_streams,h2_total_connections,h2_backend_total_streams,"
    "h1_open_connections,h1_open_streams,h1_total_connections,h1_total_streams,h1_bytes_in,h1_bytes_out,h1_spliced_bytes_in,h1_spliced_bytes_out,\n";

TEST(LbStats, TheCsvCountsWhatCurlDid) {
  compat("HAProxy", "Statistics", "/;csv: every column of 2.6, in its order");
  compat("HAProxy", "Statistics", "comp_*, cache_*, ssl_*, h2_* columns", Compat::differs, "0: no compression, no cache, no TLS, no HTTP/2");
  LbBench lb(2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(lb.status_of("/ok"), "200");
  EXPECT_EQ(lb.status_of("/err"), "500");
  EXPECT_EQ(lb.status_of("/close"), "502");
  const std::string csv = lb.stats();
  EXPECT_THAT(csv, StartsWith(kHeader));
  auto rows = csv_rows(csv);
  auto& fe = rows["fe/FRONTEND"];
  auto& be = rows["be/BACKEND"];
  EXPECT_EQ(fe["status"], "OPEN");
  EXPECT_EQ(fe["req_tot"], "7");
  EXPECT_EQ(fe["stot"], "7");
  EXPECT_EQ(fe["hrsp_2xx"], "5");
  EXPECT_EQ(be["hrsp_5xx"], "2");
  EXPECT_GT(std::stoi(fe["bin"]), 7 * 50);
  EXPECT_EQ(fe["bout"], be["bout"]);
  const auto sum = [&](const char* column) { return std::stoi(rows["be/server-1"][column]) + std::stoi(rows["be/server-2"][column]); };
  EXPECT_EQ(sum("hrsp_2xx"), 5);
  EXPECT_EQ(sum("hrsp_5xx"), 1) << "the 502 is the load balancer's own";
  EXPECT_EQ(sum("eresp"), std::stoi(be["eresp"]));
  EXPECT_EQ(sum("wretr"), 1) << "a GET without an answer is tried on the other server";
  EXPECT_EQ(sum("connect") + sum("reuse"), 8);
  EXPECT_GT(sum("reuse"), 0);
  EXPECT_EQ(rows["be/server-1"]["check_status"].substr(rows["be/server-1"]["check_status"].find('L')), "L7OK");
  EXPECT_EQ(rows["be/server-1"]["addr"], lb.server(1) + ":8080");
  EXPECT_TRUE(rows.contains("stats/FRONTEND"));
}

TEST(LbStats, TimesAreThoseOfTheRequests) {
  compat("HAProxy", "Statistics", "qtime, ctime, rtime, ttime and their maxima, rate, req_rate, lastsess");
  LbBench lb(1, R"("timeoutMs":4000)");
  EXPECT_EQ(lb.figure("server-1", "lastsess"), "-1");
  EXPECT_EQ(lb.status_of("/slow"), "200");
  EXPECT_GE(lb.number("server-1", "rtime_max"), 1900);
  EXPECT_GE(lb.number("BACKEND", "ttime_max"), lb.number("server-1", "rtime_max"));
  EXPECT_LT(lb.number("server-1", "ctime_max"), 1500);
  EXPECT_EQ(lb.status_of("/ok"), "200");
  EXPECT_NEAR(lb.number("server-1", "rtime"), lb.number("server-1", "rtime_max") / 2, 300) << "the mean of both";
  EXPECT_LE(lb.number("server-1", "lastsess"), 5);
  EXPECT_GE(lb.number("server-1", "rate_max"), 1);
}

TEST(LbStats, ThePageAndItsOtherForms) {
  compat("HAProxy", "Statistics", "the HTML page: colours by status, Refresh, ;up, ;norefresh", Compat::differs, "columns, colours and what is told under the mouse as HAProxy's, in fewer words; without its scope field");
  compat("HAProxy", "Statistics", "/;json, /;typed, ?stats;csv;norefresh");
  LbBench lb(2);
  lb.cli("disable server be/server-2");
  const std::string head = sh("curl -si http://" + lb.address() + ":8404/").out;
  EXPECT_THAT(head, HasSubstr("Refresh: "));
  EXPECT_THAT(head, HasSubstr("text/html"));
  EXPECT_THAT(head, HasSubstr("<tr class=\"active_up\"><td class=ac title=\"" + lb.server(1) + ":8080\"><a name=\"be/server-1\"></a>server-1</td>"));
  EXPECT_THAT(head, HasSubstr("<tr class=\"maintain\"><td class=ac title=\"" + lb.server(2) + ":8080\"><a name=\"be/server-2\"></a>server-2</td>"));
  EXPECT_THAT(head, testing::ContainsRegex("<td title=\"Layer7 check passed\">(\\* )?L7OK/200 in [0-9]+ms</td>"));
  EXPECT_THAT(sh("curl -si 'http://" + lb.address() + ":8404/;norefresh'").out, Not(HasSubstr("Refresh: ")));
  EXPECT_THAT(lb.stats("/;up"), Not(HasSubstr("be/server-2")));
  EXPECT_THAT(lb.stats("/haproxy?stats;csv;norefresh"), StartsWith("# pxname,"));
  EXPECT_THAT(lb.stats("/;typed"), HasSubstr("S.3.2.17.status.1:SGP:str:MAINT\n"));
  const std::string json = sh("curl -s 'http://" + lb.address() + R"(:8404/;json' | /usr/bin/python3 -c 'import json,sys
for row in json.load(sys.stdin):
  print(*[f["value"]["value"] for f in row if f["field"]["name"] in ("svname", "status", "scur")])')").out;
  EXPECT_EQ(json, "FRONTEND 0 OPEN\nserver-1 0 UP\nserver-2 0 MAINT\nBACKEND 0 UP\nFRONTEND 1 OPEN\n");
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' http://" + lb.address() + ":8404/nothing").out, "404");
}

TEST(LbStats, ChecksSayWhatTheyFound) {
  compat("HAProxy", "Checks", "option httpchk GET /readyz, inter, rise, fall; UP 2/3, DOWN 1/2; L7OK, L7STS, L7TOUT, L7RSP, L4CON");
  compat("HAProxy", "Checks", "a server that answers 503", Compat::differs, "is down at once, not after `fall` checks; \"draining\" in the body is L7OKC: NOLB, as with disable-on-404");
  compat("HAProxy", "Checks", "servers at the start", Compat::differs, "DOWN until `rise` checks passed; HAProxy takes them for UP");
  LbBench lb(2, R"("checkTimeoutMs":300)");
  const std::pair<const char*, const char*> stories[] = {{"500", "L7STS"}, {"hang", "L7TOUT"}, {"close", "L7RSP"}};
  for (const auto& [told, status] : stories) {
    lb.readiness(1, told);
    EXPECT_TRUE(lb.becomes("server-1", "status", "DOWN")) << told;
    EXPECT_TRUE(eventually([&] { return lb.figure("server-1", "check_status").ends_with(status); })) << told;
    lb.readiness(1, "200");
    EXPECT_TRUE(lb.becomes("server-1", "status", "UP")) << told;
  }
  EXPECT_EQ(lb.figure("server-1", "chkdown"), "3");
  EXPECT_GE(lb.number("server-1", "chkfail"), 9);
  EXPECT_EQ(lb.status_of("/ok"), "200");
  lb.readiness(1, "draining");
  EXPECT_TRUE(lb.becomes("server-1", "status", "NOLB"));
  lb.end_servers();
  EXPECT_TRUE(lb.becomes("BACKEND", "status", "DOWN"));
  EXPECT_TRUE(eventually([&] { return lb.figure("server-2", "check_status").ends_with("L4CON"); }));
  EXPECT_EQ(lb.figure("server-2", "last_chk"), "Connection refused");
  EXPECT_THAT(lb.get("/ok").out, HasSubstr("no backend serves: 2 down"));
}

}  // namespace
}  // namespace chaos::test
