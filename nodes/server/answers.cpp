#include "server/answers.hpp"

#include "wire/resp.hpp"

#include <boost/json.hpp>

namespace chaos {

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

}  // namespace chaos
