#include "server/order_body.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace chaos {
namespace {

constexpr std::size_t kMaxDepth = 4;

using Fields = std::optional<std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>>;   // item, quantity

/// A number that is there and is no whole number reads as 0, which is out of range.
std::optional<std::int64_t> member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value) return std::nullopt;
  return value->is_int64() ? value->get_int64() : 0;
}

Fields from_json(const std::string& body) {
  boost::system::error_code ec;
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  const auto value = boost::json::parse(body, ec, {}, options);
  if (ec || !value.is_object()) return std::nullopt;
  return std::pair(member(value.get_object(), "item"), member(value.get_object(), "quantity"));
}

std::optional<std::int64_t> form_number(const std::string& body, std::string_view name) {
  const auto text = query_value(body, name);
  if (!text) return std::nullopt;
  std::int64_t out = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), out);
  return code == std::errc() && end == text->data() + text->size() ? out : 0;
}

Fields from_form(const std::string& body) { return std::pair(form_number(body, "item"), form_number(body, "quantity")); }

}  // namespace

std::optional<OrderBody> parse_order(std::string_view content_type, const std::string& body, std::string& why) {
  const bool form = content_type.starts_with("application/x-www-form-urlencoded") && !body.starts_with('{');
  const auto fields = form ? from_form(body) : from_json(body);
  if (!fields) {
    why = "the body must be a JSON object such as {\"item\": 5, \"quantity\": 2}\n";
    return std::nullopt;
  }
  const OrderBody order{fields->first.value_or(0), fields->second.value_or(1)};
  if (order.item < 1) {
    why = "item must be a whole number from 1 up\n";
    return std::nullopt;
  }
  if (order.quantity < 1 || order.quantity > kMaxQuantity) {
    why = "quantity must be a whole number from 1 to " + std::to_string(kMaxQuantity) + "\n";
    return std::nullopt;
  }
  return order;
}

}  // namespace chaos
