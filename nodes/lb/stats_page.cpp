#include "lb/stats_page.hpp"

#include "wire/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace chaos {

namespace {

constexpr std::string_view kStyle =
    "body{font:12px arial,sans-serif;background:#fff;color:#000}h1{font-size:x-large;margin:0 0 .3em}h2{font-size:medium;color:#6020a0;margin:0 0 1em}"
    "table.tbl{border-collapse:collapse;width:100%;margin-bottom:1em}table.tbl td,table.tbl th{border:1px solid gray;padding:2px 3px;font-size:10px;"
    "white-space:nowrap}table.tbl td{text-align:right}td.ac{text-align:center}caption{text-align:left;background:#b00040;color:#ffff40;font-weight:bold;padding:2px 6px}"
    ".titre{background:#20d0d0}.frontend,.backend{background:#e8e8d0}.active_down{background:#ff9090}.active_going_up{background:#ffd020}"
    ".active_going_down{background:#ffffa0}.active_up{background:#c0ffc0}.active_nolb,.active_draining{background:#20a0ff}"
    ".active_no_check{background:#e0e0e0}.maintain{background:#c07820}.legend span{padding:1px 8px;margin-right:8px}";

struct Column {
  std::string_view group;
  int span;                  // of the group; 0: it goes on
  std::string_view title;
  std::string_view field;
};

constexpr Column kColumns[] = {
    {"Queue", 3, "Cur", "qcur"},      {"", 0, "Max", "qmax"},           {"", 0, "Limit", "qlimit"},        {"Session rate", 3, "Cur", "rate"}, {"", 0, "Max", "rate_max"},
    {"", 0, "Limit", "rate_lim"},     {"Sessions", 6, "Cur", "scur"},   {"", 0, "Max", "smax"},            {"", 0, "Limit", "slim"},           {"", 0, "Total", "stot"},
    {"", 0, "LbTot", "lbtot"},        {"", 0, "Last", "lastsess"},      {"Bytes", 2, "In", "bin"},         {"", 0, "Out", "bout"},             {"Denied", 2, "Req", "dreq"},
    {"", 0, "Resp", "dresp"},         {"Errors", 3, "Req", "ereq"},     {"", 0, "Conn", "econ"},           {"", 0, "Resp", "eresp"},           {"Warnings", 2, "Retr", "wretr"},
    {"", 0, "Redis", "wredis"},       {"Server", 9, "Status", "status"}, {"", 0, "LastChk", "check_status"}, {"", 0, "Wght", "weight"},        {"", 0, "Act", "act"},
    {"", 0, "Bck", "bck"},            {"", 0, "Chk", "chkfail"},        {"", 0, "Dwn", "chkdown"},         {"", 0, "Dwntme", "downtime"},      {"", 0, "Thrtle", "throttle"},
    {"Times, ms", 4, "Queue", "qtime"}, {"", 0, "Conn", "ctime"},       {"", 0, "Resp", "rtime"},          {"", 0, "Total", "ttime"},          {"Responses", 2, "4xx", "hrsp_4xx"},
    {"", 0, "5xx", "hrsp_5xx"},
};

// "7s", "3m12s", "2h5m", "4d1h".
std::string age(std::string_view seconds) {
  long s = -1;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), s);
  if (s < 0) return seconds.empty() ? "" : "?";
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{}s", s / 60, s % 60);
  if (s < 86400) return fmt::format("{}h{}m", s / 3600, s / 60 % 60);
  return fmt::format("{}d{}h", s / 86400, s / 3600 % 24);
}

bool by_agent(const StatsRow& row) { return row.get("status") == "DOWN (agent)"; }

// What found the server as it is: its agent where that took it out, else its checks.
std::string last_check(const StatsRow& row) {
  const bool agent = by_agent(row);
  const std::string_view status = row.get(agent ? "agent_status" : "check_status");
  const std::string_view code = row.get(agent ? "agent_code" : "check_code");
  if (status.empty()) return {};
  return fmt::format("{}{}{} in {}ms", status, code.empty() ? "" : "/", code, row.get(agent ? "agent_duration" : "check_duration"));
}

std::string with_reason(std::string_view text, std::string_view reason) { return reason.empty() ? std::string(text) : fmt::format("{}: {}", text, reason); }

// What HAProxy's page tells under the mouse.
std::string tip(const StatsRow& row, std::string_view column) {
  const auto of = [&row](std::string_view name) { return row.get(name); };
  if (column == "check_status" && !last_check(row).empty()) {
    const std::string check = with_reason(of("check_desc"), of("last_chk"));
    const std::string agent = with_reason(of("agent_desc"), of("last_agt"));
    if (by_agent(row)) return agent;
    return agent.empty() ? check : check + "; agent: " + agent;
  }
  if (column == "stot" && row.has("hrsp_2xx")) {
    return fmt::format("HTTP responses: {} 1xx, {} 2xx, {} 3xx, {} 4xx, {} 5xx, {} other", of("hrsp_1xx"), of("hrsp_2xx"), of("hrsp_3xx"), of("hrsp_4xx"), of("hrsp_5xx"), of("hrsp_other"));
  }
  if (column == "eresp" && row.has("cli_abrt")) return fmt::format("Connection resets during transfers: {} client, {} server", of("cli_abrt"), of("srv_abrt"));
  if (column == "chkfail" && row.has("chkfail")) return fmt::format("Failed checks: {}; requests that found nothing listening: {}", of("chkfail"), of("hanafail"));
  if (column == "rtime" && row.has("rtime_max")) return fmt::format("Longest: {} ms in the queue, {} ms to connect, {} ms to answer, {} ms in all", of("qtime_max"), of("ctime_max"), of("rtime_max"), of("ttime_max"));
  return {};
}

std::string titled(const std::string& tip) { return tip.empty() ? "" : " title=\"" + xml_escape(tip) + "\""; }

std::string cell(const StatsRow& row, const Column& column) {
  const std::string_view value = row.get(column.field);
  if (column.field == "status") return row.has("lastchg") ? age(row.get("lastchg")) + " " + xml_escape(value) : xml_escape(value);
  if (column.field == "check_status") return xml_escape(last_check(row));
  if (column.field == "lastsess" || column.field == "downtime") return age(value);
  if (column.field == "throttle" && !value.empty()) return std::string(value) + "%";
  if (column.title == "Limit" && value.empty()) return "-";
  return xml_escape(value);
}

std::string_view colour(const StatsRow& row) {
  if (row.kind() == StatsRow::Kind::frontend) return "frontend";
  if (row.kind() == StatsRow::Kind::backend) return "backend";
  const std::string_view status = row.get("status");
  const bool between = status.find('/') != std::string_view::npos;
  if (status == "MAINT") return "maintain";
  if (status == "no check") return "active_no_check";
  if (status.starts_with("DOWN")) return between ? "active_going_up" : "active_down";
  if (status.starts_with("DRAIN")) return "active_draining";
  if (status.starts_with("NOLB")) return "active_nolb";
  return between ? "active_going_down" : "active_up";
}

std::string head_of_table(std::string_view proxy) {
  std::string groups = "<tr class=\"titre\"><th rowspan=2></th>";
  std::string titles = "<tr class=\"titre\">";
  for (const Column& column : kColumns) {
    if (column.span > 0) groups += fmt::format("<th colspan={}>{}</th>", column.span, column.group);
    titles += fmt::format("<th>{}</th>", column.title);
  }
  return fmt::format("<table class=\"tbl\"><caption><a name=\"{0}\"></a>{0}</caption>\n{1}</tr>\n{2}</tr>\n", xml_escape(proxy), groups, titles);
}

std::string line(const StatsRow& row) {
  const std::string name = row.kind() == StatsRow::Kind::frontend ? "Frontend" : row.kind() == StatsRow::Kind::backend ? "Backend" : xml_escape(row.get("svname"));
  std::string out = fmt::format("<tr class=\"{}\"><td class=ac{}><a name=\"{}/{}\"></a>{}</td>", colour(row), titled(std::string(row.get("addr"))), xml_escape(row.get("pxname")), name, name);
  for (const Column& column : kColumns) out += "<td" + titled(tip(row, column.field)) + ">" + cell(row, column) + "</td>";
  return out + "</tr>\n";
}

std::string_view value_of(const std::vector<InfoField>& info, std::string_view name) {
  for (const InfoField& field : info) {
    if (field.name == name) return field.value;
  }
  return {};
}

constexpr std::string_view kLegend =
    "<p class=\"legend\"><span class=\"active_up\">UP</span><span class=\"active_going_down\">UP, going down</span><span class=\"active_going_up\">DOWN, going up</span>"
    "<span class=\"active_down\">DOWN</span><span class=\"active_no_check\">not checked</span><span class=\"maintain\">MAINT</span>"
    "<span class=\"active_draining\">DRAIN, NOLB: up, without new users</span></p>\n";

}  // namespace

std::string stats_page(std::string_view node, const std::vector<InfoField>& info, const StatsRows& rows, bool refresh) {
  const auto of = [&info](std::string_view name) { return value_of(info, name); };
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html><head><title>Statistics Report for HAProxy on {0}</title>\n<style>{1}</style></head>\n<body><h1>HAProxy version {2}</h1>\n"
      "<h2>Statistics Report for pid {3} on {0}</h2>\n<p><b>pid = </b> {3} (process #1, nbproc = 1, nbthread = 1)<br>\n<b>uptime = </b> {4}<br>\n"
      "<b>system limits:</b> ulimit-n = {5}; <b>maxconn = </b> {6}<br>\ncurrent conns = {7}; conn rate = {8}/sec<br>\nRunning tasks: {9}</p>\n",
      xml_escape(node), kStyle, of("Version"), of("Pid"), of("Uptime"), of("Ulimit-n"), of("Maxconn"), of("CurrConns"), of("ConnRate"), of("Tasks"));
  out += kLegend;
  out += fmt::format("<p><a href=\"/;up\">Hide 'DOWN' servers</a> | <a href=\"/{}\">{}</a> | <a href=\"/\">Refresh now</a> | <a href=\"/;csv;norefresh\">CSV export</a> | "
                     "<a href=\"/;json;norefresh\">JSON export</a></p>\n",
                     refresh ? ";norefresh" : "", refresh ? "Disable refresh" : "Enable refresh");
  std::string_view proxy;
  for (const StatsRow& row : rows) {
    if (row.get("pxname") != proxy) {
      if (!proxy.empty()) out += "</table>\n";
      proxy = row.get("pxname");
      out += head_of_table(proxy);
    }
    out += line(row);
  }
  return out + "</table>\n</body></html>\n";
}

}  // namespace chaos
