#include "record/gauges.hpp"

#include "runtime/json_text.hpp"

#include <boost/json/parse.hpp>

#include <cmath>

namespace chaos::record {

std::string to_json(const std::map<std::string, double>& gauges) {
  if (gauges.empty()) return "{}";
  boost::json::object object;
  for (const auto& [name, value] : gauges) {
    if (std::isfinite(value)) object[name] = value;
  }
  return json_text(object);
}

std::map<std::string, double> gauges_from_json(const std::string& text) {
  std::map<std::string, double> gauges;
  if (text == "{}") return gauges;
  boost::json::error_code ec;
  const auto value = boost::json::parse(text, ec);
  if (ec || !value.is_object()) return gauges;
  for (const auto& [name, number] : value.get_object()) {
    if (number.is_number()) gauges.emplace(name, number.to_number<double>());
  }
  return gauges;
}

}  // namespace chaos::record
