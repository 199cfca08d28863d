#include "server/answers.hpp"

#include "wire/resp.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace chaos {

namespace {

std::string_view verdict(bool concerns) { return concerns ? "warn" : "pass"; }

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// "1.25"; not negative.
void append_hundredths(std::string& out, double number) {
  const std::int64_t hundredths = std::llround(std::min(number, 1e15) * 100);
  append_number(out, hundredths / 100);
  out.push_back('.');
  if (hundredths % 100 < 10) out.push_back('0');
  append_number(out, hundredths % 100);
}

}  // namespace

std::string row_json(const PgRows& rows) {
  if (rows.rows.empty()) return {};
  const auto& row = rows.rows.front();
  boost::json::object object;
  for (std::size_t i = 0; i < rows.columns.size() && i < row.size(); ++i) {
    std::int64_t number = 0;
    auto& value = object[rows.columns[i]];
    if (row[i] && resp::parse_integer(*row[i], number)) value = number;
    else if (row[i]) value = *row[i];
  }
  return boost::json::serialize(object);
}

std::optional<std::int64_t> returned_id(const PgRows& rows) {
  std::int64_t id = 0;
  if (rows.rows.size() != 1 || rows.rows[0].empty() || !rows.rows[0][0]) return std::nullopt;
  if (!resp::parse_integer(*rows.rows[0][0], id)) return std::nullopt;
  return id;
}

HttpResponse failed_upstream(std::string_view upstream, ErrorCode error) {
  const unsigned status = http_status(error);
  std::string reason(upstream);
  reason.append(": ").append(error_word(error)).append("\n");
  return text_response(status < 500 ? 502 : status, std::move(reason));
}

HttpResponse shop_json(unsigned status, std::string body, std::string source) {
  auto response = json_response(status, std::move(body));
  response.headers.set("Cache-Control", "no-store");
  response.headers.add("X-Source", std::move(source));
  return response;
}

HttpResponse health_json(const HealthFigures& figures) {
  const bool waits = figures.waiting > 0;
  const bool slow = figures.slowdown > 1;
  HttpResponse response;
  response.headers.add("Content-Type", "application/health+json");
  response.headers.add("Cache-Control", "no-store");
  std::string& out = response.body;
  out.reserve(320);    // each load balancer asks all the time: appended, not formatted
  out.append(R"({"status":")").append(verdict(waits || slow)).append(R"(","serviceId":")").append(figures.node);
  append_number(out.append(R"(","checks":{"slots:busy":[{"observedValue":)"), figures.busy);
  append_number(out.append(R"(,"observedUnit":"of )"), figures.slots);
  append_number(out.append(R"("}],"requests:waiting":[{"observedValue":)"), figures.waiting);
  append_hundredths(out.append(R"(,"status":")").append(verdict(waits)).append(R"("}],"pressure:slowdown":[{"observedValue":)"), figures.slowdown);
  out.append(R"(,"status":")").append(verdict(slow)).append("\"}]}}\n");
  return response;
}

}  // namespace chaos
