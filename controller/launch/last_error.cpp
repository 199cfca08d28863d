#include "launch/last_error.hpp"

#include <boost/json.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace chaos {

namespace {

constexpr std::array<std::string_view, 5> kText{"message", "why", "error", "what", "text"};

std::string_view field(const boost::json::object& line, std::string_view name) {
  const auto* value = line.if_contains(name);
  return value && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

struct Said {
  std::string text;
  bool repeats = false;      // what was said before it
};

// An address that could not be had stands beside the error.
std::string place(const boost::json::object& line) {
  const auto* port = line.if_contains("port");
  if (!port || !port->is_int64()) return {};
  return std::string(field(line, "address")) + ":" + std::to_string(port->as_int64()) + ": ";
}

std::optional<Said> failure_in(const std::string& line) {
  boost::system::error_code ec;
  const auto parsed = boost::json::parse(line, ec);
  if (ec || !parsed.is_object()) return line.empty() ? std::nullopt : std::optional(Said{line});
  const auto& object = parsed.as_object();
  const std::string event(field(object, "event"));
  if (field(object, "level") != "error") return std::nullopt;
  for (const std::string_view name : kText) {
    if (const auto text = field(object, name); !text.empty()) return Said{place(object) + std::string(text), event == "start_failed"};
  }
  return Said{event};
}

}  // namespace

std::string last_error(const std::vector<std::string>& lines) {
  std::string repeated;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const auto said = failure_in(*line);
    if (!said) {
      if (!repeated.empty()) break;
      continue;
    }
    if (!said->repeats) return said->text;
    if (!repeated.empty()) break;
    repeated = said->text;
  }
  return repeated;
}

}  // namespace chaos
