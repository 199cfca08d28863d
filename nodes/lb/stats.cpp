#include "lb/stats.hpp"

namespace chaos {

namespace {

std::string quoted(std::string_view value) {
  if (value.find_first_of(",\"") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (char c : value) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  return out + "\"";
}

constexpr std::string_view kShown[] = {"pxname", "svname", "status", "qcur", "scur", "smax", "stot",
                                       "rate", "hrsp_2xx", "hrsp_4xx", "hrsp_5xx", "econ", "eresp", "wretr",
                                       "wredis", "rtime", "check_status", "chkfail", "chkdown", "lastchg", "addr"};

std::string html_line(std::string_view cell, const auto& text_of) {
  std::string line = "<tr>";
  for (std::string_view column : kShown) {
    line.append("<").append(cell).append(">").append(text_of(column)).append("</").append(cell).append(">");
  }
  return line + "</tr>\n";
}

}  // namespace

std::string_view StatsRow::get(std::string_view column) const {
  const auto found = values_.find(column);
  return found == values_.end() ? std::string_view{} : std::string_view(found->second);
}

const std::vector<std::string_view>& stats_columns() {
  static const std::vector<std::string_view> columns{
      "pxname", "svname", "qcur", "qmax", "scur", "smax", "slim", "stot", "bin", "bout", "dreq", "dresp", "ereq", "econ",
      "eresp", "wretr", "wredis", "status", "weight", "act", "bck", "chkfail", "chkdown", "lastchg", "downtime", "qlimit",
      "pid", "iid", "sid", "throttle", "lbtot", "tracked", "type", "rate", "rate_lim", "rate_max", "check_status",
      "check_code", "check_duration", "hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other", "hanafail",
      "req_rate", "req_rate_max", "req_tot", "cli_abrt", "srv_abrt", "comp_in", "comp_out", "comp_byp", "comp_rsp",
      "lastsess", "last_chk", "last_agt", "qtime", "ctime", "rtime", "ttime", "agent_status", "agent_code",
      "agent_duration", "check_desc", "agent_desc", "check_rise", "check_fall", "check_health", "agent_rise", "agent_fall",
      "agent_health", "addr", "cookie", "mode", "algo", "conn_rate", "conn_rate_max", "conn_tot", "intercepted", "dcon",
      "dses", "wrew", "connect", "reuse", "cache_lookups", "cache_hits", "srv_icur", "src_ilim", "qtime_max", "ctime_max",
      "rtime_max", "ttime_max", "eint", "idle_conn_cur", "safe_conn_cur", "used_conn_cur", "need_conn_est", "uweight"};
  return columns;
}

std::string stats_csv(const std::vector<StatsRow>& rows) {
  std::string out = "# ";
  for (std::string_view column : stats_columns()) out.append(column).append(",");
  out.append("-,\n");
  for (const StatsRow& row : rows) {
    for (std::string_view column : stats_columns()) out.append(quoted(row.get(column))).append(",");
    out.append("-,\n");
  }
  return out;
}

std::string stats_html(std::string_view node, const std::vector<StatsRow>& rows) {
  std::string out = "<!DOCTYPE html>\n<html><head><title>Statistics of ";
  out.append(node).append("</title><meta http-equiv=\"refresh\" content=\"2\"><style>body{font:13px sans-serif}"
                          "td,th{padding:2px 8px;text-align:right;border-bottom:1px solid #ccc}</style></head><body>\n<h1>");
  out.append(node).append("</h1>\n<table>\n");
  out += html_line("th", [](std::string_view column) { return column; });
  for (const StatsRow& row : rows) {
    out += html_line("td", [&row](std::string_view column) { return row.get(column); });
  }
  return out + "</table>\n<p><a href=\"/;csv\">CSV</a></p>\n</body></html>\n";
}

}  // namespace chaos
