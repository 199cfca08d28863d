#include "queue/users.hpp"

#include "wire/amqp_bytes.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace chaos::broker {

namespace {

const std::string* text(const amqp::Table& table, std::string_view name) {
  const amqp::Value* value = amqp::find(table, name);
  return value ? std::get_if<std::string>(&value->data) : nullptr;
}

// Authorization identity, NUL, user, NUL, password.
std::optional<Credentials> plain(std::string_view response) {
  const auto first = response.find('\0');
  const auto second = first == std::string_view::npos ? first : response.find('\0', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Credentials{std::string(response.substr(first + 1, second - first - 1)), std::string(response.substr(second + 1))};
}

std::optional<Credentials> amqplain(std::string_view response) {
  std::string wire;
  amqp::Writer(wire).put(amqp::LongString{std::string(response)});   // now with its length: a table
  amqp::Table table;
  amqp::Reader in(wire);
  in.get(table);
  const std::string* login = text(table, "LOGIN");
  const std::string* password = text(table, "PASSWORD");
  if (!in.ok() || !login || !password) return std::nullopt;
  return Credentials{*login, *password};
}

}  // namespace

Users::Users(std::string_view list) {
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    const std::string_view entry = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    const auto colon = entry.find(':');
    if (colon != std::string_view::npos && colon > 0) users_[std::string(entry.substr(0, colon))] = entry.substr(colon + 1);
  }
}

bool Users::accept(const std::string& name, std::string_view password) const {
  const auto at = users_.find(name);
  return at != users_.end() && at->second == password;
}

std::optional<Credentials> read_credentials(std::string_view mechanism, std::string_view response) {
  if (mechanism == "PLAIN") return plain(response);
  if (mechanism == "AMQPLAIN") return amqplain(response);
  return std::nullopt;
}

std::optional<Credentials> read_basic(std::string_view header) {
  constexpr std::string_view kScheme = "Basic ";
  if (!header.starts_with(kScheme)) return std::nullopt;
  const auto pair = base64_decode(header.substr(kScheme.size()));
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

}  // namespace chaos::broker
