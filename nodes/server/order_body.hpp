// The body of POST /orders. Pure.
#pragma once

#include "runtime/http.hpp"

#include <cstdint>

namespace chaos {

struct OrderBody {
  std::int64_t item = 0;       // 1 up
  std::int64_t quantity = 1;   // 1 to kMaxQuantity
};

inline constexpr std::int64_t kMaxQuantity = 1000;

/// JSON {"item": 5, "quantity": 2}, or a form item=5&quantity=2 when the content type says so and no '{' begins it
/// (curl -d calls everything a form); quantity is 1 when it is left out, other members are ignored. Nothing when it is malformed or out of range; `why` says what.
std::optional<OrderBody> parse_order(std::string_view content_type, const std::string& body, std::string& why);

}  // namespace chaos
