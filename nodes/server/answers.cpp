#include "server/answers.hpp"

#include "wire/resp.hpp"

#include <boost/json.hpp>
#include <fmt/compile.h>

namespace chaos {

namespace {

std::string_view verdict(bool concerns) { return concerns ? "warn" : "pass"; }

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
  fmt::memory_buffer body;
  fmt::format_to(fmt::appender(body), FMT_COMPILE(R"({{"status":"{}","serviceId":"{}","checks":{{)"
                                          R"("slots:busy":[{{"observedValue":{},"observedUnit":"of {}"}}],)"
                                          R"("requests:waiting":[{{"observedValue":{},"status":"{}"}}],)"
                                          R"("pressure:slowdown":[{{"observedValue":{:.2f},"status":"{}"}}]}}}})"
                                          "\n"),
                              verdict(waits || slow), figures.node, figures.busy, figures.slots, figures.waiting, verdict(waits), figures.slowdown, verdict(slow));
  response.body.assign(body.data(), body.size());
  return response;
}

}  // namespace chaos
