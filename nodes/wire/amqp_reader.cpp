#include "wire/amqp_bytes.hpp"

#include <bit>
#include <cmath>

namespace chaos::amqp {

std::string_view Reader::take(std::size_t size) {
  bits_ = 0;
  if (!ok_ || in_.size() < size) {
    ok_ = false;
    in_ = {};
    return {};
  }
  const std::string_view taken = in_.substr(0, size);
  in_.remove_prefix(size);
  return taken;
}

std::uint64_t Reader::number(int octets) {
  std::uint64_t value = 0;
  for (const char c : take(static_cast<std::size_t>(octets))) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

void Reader::get(std::uint8_t& value) { value = static_cast<std::uint8_t>(number(1)); }
void Reader::get(std::uint16_t& value) { value = static_cast<std::uint16_t>(number(2)); }
void Reader::get(std::uint32_t& value) { value = static_cast<std::uint32_t>(number(4)); }
void Reader::get(std::uint64_t& value) { value = number(8); }

void Reader::get(bool& bit) {
  if (bits_ == 0) octet_ = static_cast<std::uint8_t>(number(1));
  bit = (octet_ >> bits_ & 1) != 0;
  bits_ = (bits_ + 1) % 8;
}

void Reader::get(std::string& short_string) {
  const auto size = number(1);
  short_string = take(size);
}

void Reader::get(LongString& value) {
  const auto size = number(4);
  value.text = take(size);
}

Table Reader::table(int depth) {
  const auto size = number(4);
  Reader inner(take(size));
  Table table;
  while (ok_ && inner.ok() && !inner.at_end()) {
    Field& field = table.emplace_back();
    inner.get(field.name);
    field.value = inner.value(depth + 1);
  }
  ok_ = ok_ && inner.ok();
  return table;
}

std::vector<Value> Reader::array(int depth) {
  const auto size = number(4);
  Reader inner(take(size));
  std::vector<Value> items;
  while (ok_ && inner.ok() && !inner.at_end()) items.push_back(inner.value(depth + 1));
  ok_ = ok_ && inner.ok();
  return items;
}

Value Reader::value(int depth) {
  if (depth > kMaxTableDepth) {
    ok_ = false;
    return {};
  }
  const auto tag = static_cast<char>(number(1));
  switch (tag) {
    case 'V': return {};
    case 't': return {number(1) != 0};
    case 'b': return {std::int64_t{static_cast<std::int8_t>(number(1))}, tag};
    case 'B': return {static_cast<std::int64_t>(number(1)), tag};
    case 's': return {std::int64_t{static_cast<std::int16_t>(number(2))}, tag};
    case 'u': return {static_cast<std::int64_t>(number(2)), tag};
    case 'I': return {std::int64_t{static_cast<std::int32_t>(number(4))}, tag};
    case 'i': return {static_cast<std::int64_t>(number(4)), tag};
    case 'l': case 'L': case 'T': return {static_cast<std::int64_t>(number(8)), tag};
    case 'f': return {double{std::bit_cast<float>(static_cast<std::uint32_t>(number(4)))}, tag};
    case 'd': return {std::bit_cast<double>(number(8))};
    case 'D': {
      const auto scale = static_cast<int>(number(1));
      return {static_cast<double>(static_cast<std::int32_t>(number(4))) / std::pow(10.0, scale)};
    }
    case 'S': case 'x': {
      const auto size = number(4);
      return {std::string(take(size)), tag};
    }
    case 'F': return {table(depth)};
    case 'A': return {array(depth)};
    default: ok_ = false; return {};
  }
}

}  // namespace chaos::amqp
