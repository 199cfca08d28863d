// What a request asks of the shop. Pure.
#pragma once

#include "runtime/http.hpp"

#include <cstdint>

namespace chaos {

enum class Ask { item, place_order, order, health, readiness, none };

struct Route {
  Ask ask = Ask::none;          // none: answer `status` with `reason`
  std::int64_t id = 0;          // item, order: 1 or more
  unsigned status = 0;
  std::string_view reason;
  std::string_view allow;       // 405: the methods that fit
};

/// GET and HEAD /items/{id}, POST /orders, GET and HEAD /orders/{id}, GET and HEAD /healthz and /readyz.
/// 400: an id that is not a whole number from 1 up; 404: no such path; 405: not with this method.
Route route(std::string_view method, std::string_view path);

/// The fixed word of a route for metrics ("item", "place_order", ...).
std::string_view ask_name(Ask ask);

}  // namespace chaos
