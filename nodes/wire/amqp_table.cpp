#include "wire/amqp_table.hpp"

namespace chaos::amqp {

bool Value::operator==(const Value& other) const { return data == other.data; }
bool Field::operator==(const Field& other) const { return name == other.name && value == other.value; }

const Value* find(const Table& table, std::string_view name) {
  for (const Field& field : table) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

}  // namespace chaos::amqp
