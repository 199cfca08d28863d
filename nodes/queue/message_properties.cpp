#include "queue/message_properties.hpp"

#include "queue/equivalence.hpp"

#include <algorithm>
#include <charconv>

namespace chaos::broker {

using amqp::Reply;

namespace {

constexpr std::int64_t kMostMs = std::int64_t{1} << 50;   // far beyond any life; the sum with a time must not overflow

std::optional<std::int64_t> milliseconds(const std::string& text) {
  std::int64_t ms = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, ms);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return std::min(ms, kMostMs);
}

// Why it is none, in RabbitMQ's words.
std::string no_number(const std::string& text) {
  const auto digits = text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0);
  if (digits == std::string::npos || digits == 0 || (digits == 1 && text[0] == '-')) return "no_integer";
  return "{leftover_string,\"" + text.substr(digits) + "\"}";
}

// The strings of a list under `name`. False: it is no list.
bool strings(const amqp::Table& headers, std::string_view name, std::vector<std::string>& out) {
  const amqp::Value* value = amqp::find(headers, name);
  if (!value) return true;
  const auto* list = std::get_if<std::vector<amqp::Value>>(&value->data);
  if (!list) return false;
  for (const amqp::Value& item : *list) {
    if (const auto* text = std::get_if<std::string>(&item.data)) out.push_back(*text);
  }
  return true;
}

}  // namespace

void take_properties(const amqp::Properties& properties, Message& message) {
  message.persistent = properties.delivery_mode == amqp::kPersistent;
  message.priority = properties.priority.value_or(0);
  const auto ms = properties.expiration ? milliseconds(*properties.expiration) : std::nullopt;
  if (ms) message.ttl = LabDuration{*ms * 1000};
}

Outcome check_properties(const amqp::Properties& properties, const std::string& user) {
  if (properties.user_id && *properties.user_id != user) {
    return refuse(Reply::precondition_failed, "user_id property set to '" + *properties.user_id + "' but authenticated user was '" + user + "'");
  }
  if (!properties.expiration) return {};
  const std::string& text = *properties.expiration;
  const auto ms = milliseconds(text);
  std::string why;
  if (!ms) why = no_number(text);
  if (ms && *ms < 0) why = "{value_negative," + std::to_string(*ms) + "}";
  if (why.empty()) return {};
  return refuse(Reply::precondition_failed, "invalid expiration '" + text + "': " + why);
}

Outcome take_copies(amqp::Properties& properties, std::vector<std::string>& keys, bool& changed) {
  if (!properties.headers) return {};
  for (const std::string_view name : {"CC", "BCC"}) {
    if (!strings(*properties.headers, name, keys)) {
      const std::string type(type_name(*amqp::find(*properties.headers, name)));
      return refuse(Reply::precondition_failed, "invalid message: {unacceptable_type_in_header,\"" + std::string(name) + "\"," + type + "}");
    }
  }
  changed = std::erase_if(*properties.headers, [](const amqp::Field& field) { return field.name == "BCC"; }) > 0;
  return {};
}

}  // namespace chaos::broker
