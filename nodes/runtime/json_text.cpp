#include "runtime/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <charconv>
#include <cmath>

namespace chaos {

namespace json = boost::json;

namespace {

void append(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out.append("null");
    return;
  }
  const double size = std::abs(number);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e15);
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, number, plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
  const std::string_view digits(text, static_cast<std::size_t>(end - text));
  out.append(digits);
  if (digits.find_first_of(".e") == std::string_view::npos) out.append(".0");
}

void append(std::string& out, const json::value& value) {
  if (value.is_double()) return append(out, value.get_double());
  if (!value.is_structured()) {
    out.append(json::serialize(value));
    return;
  }
  std::string_view comma;
  if (const auto* list = value.if_array()) {
    out.push_back('[');
    for (const auto& one : *list) {
      out.append(comma);
      append(out, one);
      comma = ",";
    }
    out.push_back(']');
    return;
  }
  out.push_back('{');
  for (const auto& [key, one] : value.get_object()) {
    out.append(comma).append(json::serialize(json::string_view(key.data(), key.size()))).push_back(':');
    append(out, one);
    comma = ",";
  }
  out.push_back('}');
}

}  // namespace

std::string json_text(const json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace chaos
