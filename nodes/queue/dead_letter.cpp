#include "queue/dead_letter.hpp"

#include "queue/message_properties.hpp"

#include <algorithm>

namespace chaos::broker {

using amqp::Table;
using amqp::Value;
using Array = std::vector<Value>;

namespace {

constexpr std::size_t kMostDeaths = 100;   // at most 1 KB each (three names of 255 bytes); a frame has 128 KB

std::string_view text(const Table& table, std::string_view name) {
  const Value* value = amqp::find(table, name);
  const auto* string = value ? std::get_if<std::string>(&value->data) : nullptr;
  return string ? std::string_view(*string) : std::string_view();
}

void set(Table& table, const std::string& name, Value value) {
  std::erase_if(table, [&](const amqp::Field& field) { return field.name == name; });
  table.push_back({name, std::move(value)});
}

Array deaths(const Table& headers) {
  const Value* value = amqp::find(headers, "x-death");
  const auto* array = value ? std::get_if<Array>(&value->data) : nullptr;
  return array ? *array : Array();
}

Table event(const Message& message, const amqp::Properties& properties, const Obituary& o) {
  Array keys;
  keys.push_back(Value{message.routing_key});
  for (std::string& key : copies_in(properties.headers.value_or(Table()))) keys.push_back(Value{std::move(key)});
  Table out{{"count", {std::int64_t{1}}}, {"reason", {std::string(word(o.death))}}, {"queue", {o.queue}},
            {"time", {o.unix_time, 'T'}}, {"exchange", {message.exchange}}, {"routing-keys", {std::move(keys)}}};
  if (properties.expiration) out.push_back({"original-expiration", {*properties.expiration}});
  return out;
}

// The event of this queue and reason comes first, counted once more, or is new.
Array with(Array all, Table fresh, const Obituary& o) {
  const auto same = std::find_if(all.begin(), all.end(), [&](const Value& value) {
    const auto* table = std::get_if<Table>(&value.data);
    return table && text(*table, "queue") == o.queue && text(*table, "reason") == word(o.death);
  });
  if (same != all.end()) {
    fresh = std::get<Table>(same->data);
    const Value* count = amqp::find(fresh, "count");
    const auto* number = count ? std::get_if<std::int64_t>(&count->data) : nullptr;
    set(fresh, "count", {number && *number < INT64_MAX ? *number + 1 : std::int64_t{1}});
    all.erase(same);
  }
  all.insert(all.begin(), Value{std::move(fresh)});
  return all;
}

}  // namespace

std::string_view word(Death death) {
  switch (death) {
    case Death::rejected: return "rejected";
    case Death::expired: return "expired";
    case Death::maxlen: break;
  }
  return "maxlen";
}

std::shared_ptr<Message> dead_letter(const Message& message, const Obituary& o, Table& headers) {
  amqp::Properties properties = amqp::decode_properties(message.properties).value_or(amqp::Properties());
  headers = properties.headers.value_or(Table());
  const bool first = !amqp::find(headers, "x-death");
  set(headers, "x-death", {with(deaths(headers), event(message, properties, o), o)});
  if (first) {
    set(headers, "x-first-death-exchange", {message.exchange});
    set(headers, "x-first-death-queue", {o.queue});
    set(headers, "x-first-death-reason", {std::string(word(o.death))});
  }
  if (o.routing_key) std::erase_if(headers, [](const amqp::Field& field) { return field.name == "CC"; });
  properties.headers = headers;
  properties.expiration.reset();
  auto copy = std::make_shared<Message>(message);
  copy->exchange = o.exchange;
  copy->routing_key = o.routing_key.value_or(message.routing_key);
  copy->properties = amqp::encode_properties(properties);
  copy->ttl.reset();
  return copy;
}

bool cycles(const Table& headers, const std::string& queue, Death death) {
  if (death == Death::rejected) return false;
  for (const Value& value : deaths(headers)) {
    const auto* table = std::get_if<Table>(&value.data);
    if (!table) continue;
    if (text(*table, "reason") == word(Death::rejected)) return false;
    if (text(*table, "queue") == queue) return true;
  }
  return false;
}

bool worn_out(const Table& headers) { return deaths(headers).size() > kMostDeaths; }

std::vector<std::string> copies_in(const Table& headers) {
  std::vector<std::string> keys;
  bool changed = false;
  amqp::Properties properties;
  properties.headers = headers;
  take_copies(properties, keys, changed);
  return keys;
}

}  // namespace chaos::broker
