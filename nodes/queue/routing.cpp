#include "queue/routing.hpp"

#include "queue/equivalence.hpp"

#include <vector>

namespace chaos::broker {

namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto dot = text.find('.');
    out.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    text.remove_prefix(dot + 1);
    if (text.empty()) out.emplace_back();   // after a dot at the end
  }
  return out;
}

std::string_view x_match(const amqp::Table& wanted) {
  const amqp::Value* value = amqp::find(wanted, "x-match");
  const auto* text = value ? std::get_if<std::string>(&value->data) : nullptr;
  if (!value) return "all";
  return text ? std::string_view(*text) : std::string_view();
}

bool holds(const amqp::Field& field, const amqp::Table& headers) {
  const amqp::Value* there = amqp::find(headers, field.name);
  if (!there) return false;
  return std::holds_alternative<std::monostate>(field.value.data) || *there == field.value;
}

}  // namespace

// matches[k]: the pattern so far takes the first k words of the key.
bool topic_matches(std::string_view pattern, std::string_view routing_key) {
  const auto key = words(routing_key);
  std::vector<char> matches(key.size() + 1, 0);
  matches[0] = 1;
  for (const std::string_view word : words(pattern)) {
    std::vector<char> next(key.size() + 1, 0);
    if (word == "#") {
      bool any = false;
      for (std::size_t k = 0; k <= key.size(); ++k) next[k] = any = any || matches[k];
    } else {
      for (std::size_t k = 0; k < key.size(); ++k) next[k + 1] = matches[k] && (word == "*" || word == key[k]);
    }
    matches.swap(next);
  }
  return matches[key.size()];
}

std::string headers_binding_fault(const amqp::Table& wanted) {
  const amqp::Value* value = amqp::find(wanted, "x-match");
  if (value && !std::holds_alternative<std::string>(value->data)) {
    return "Invalid x-match field type " + std::string(type_name(*value)) + "; expected longstr";
  }
  const std::string_view match = x_match(wanted);
  if (match == "all" || match == "any" || match == "all-with-x" || match == "any-with-x") return {};
  return "Invalid x-match field value <<\"" + std::string(match) + "\">>; expected all, any, all-with-x, or any-with-x";
}

bool headers_match(const amqp::Table& wanted, const amqp::Table& headers) {
  const std::string_view match = x_match(wanted);
  const bool any = match.starts_with("any");
  const bool with_x = match.ends_with("-with-x");
  for (const amqp::Field& field : wanted) {
    if (field.name == "x-match" || (!with_x && field.name.starts_with("x-"))) continue;
    if (holds(field, headers) == any) return any;
  }
  return !any;
}

}  // namespace chaos::broker
