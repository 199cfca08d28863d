// AMQP field tables as values (specification section 4.2.5.5; type letters as RabbitMQ reads them:
// https://www.rabbitmq.com/amqp-0-9-1-errata section 3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chaos::amqp {

struct Field;
using Table = std::vector<Field>;

/// Integers of every width are kept as 64 bits, floats as double, timestamps as seconds; a byte array is a string.
struct Value {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<Field>, std::vector<Value>> data;
  char letter = 0;   // the type letter on the wire ('I', 'T', 'x'); 0: the widest of its kind. Not compared
  bool operator==(const Value& other) const;
};

struct Field {
  std::string name;
  Value value;
  bool operator==(const Field& other) const;
};

/// Nested tables and arrays deeper than this are malformed.
inline constexpr int kMaxTableDepth = 16;

/// The value under `name`, or null.
const Value* find(const Table& table, std::string_view name);

}  // namespace chaos::amqp
