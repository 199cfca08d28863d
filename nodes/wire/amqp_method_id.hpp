// What the methods' structs are made of.
#pragma once

#include "wire/amqp_bytes.hpp"

#include <tuple>

namespace chaos::amqp {

struct MethodId {
  std::uint16_t class_id = 0;
  std::uint16_t method_id = 0;
  bool operator==(const MethodId&) const = default;
};

/// Arguments that the specification reserves: read and dropped, written as zero or empty.
struct ReservedShort {};
struct ReservedBit {};
struct ReservedString {};
struct ReservedLongString {};

}  // namespace chaos::amqp
