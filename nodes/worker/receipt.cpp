#include "worker/receipt.hpp"

#include "wire/text.hpp"

#include <boost/json.hpp>

namespace chaos {

namespace {

}  // namespace

std::optional<std::int64_t> parse_receipt_job(std::string_view body) {
  boost::system::error_code ec;
  const boost::json::value value = boost::json::parse({body.data(), body.size()}, ec);
  if (ec || !value.is_object()) return std::nullopt;
  const boost::json::value* order = value.as_object().if_contains("order");
  const std::int64_t* id = order ? order->if_int64() : nullptr;
  if (!id || *id <= 0) return std::nullopt;
  return *id;
}

std::string render_receipt(std::int64_t order, const OrderRow& row) {
  const std::string id = std::to_string(order);
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Receipt " + id +
                     "</title></head>\n<body><h1>Receipt for order " + id + "</h1>\n<table>\n";
  for (const auto& [column, value] : row) {
    if (column == "state") continue;   // a receipt that is made again must be the same
    page += "<tr><th>";
    page += xml_escape(column);
    page += "</th><td>";
    page += xml_escape(value.value_or("-"));
    page += "</td></tr>\n";
  }
  page += "</table></body></html>\n";
  return page;
}

std::string receipt_path(std::int64_t order) { return "/receipts/" + std::to_string(order); }

}  // namespace chaos
