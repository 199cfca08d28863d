// What the users ask for: the shop's four kinds of request, by weight, with Zipf keys.
#pragma once

#include "runtime/http.hpp"
#include "runtime/random.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace chaos::v1 { class Traffic; }

namespace chaos {

enum class RequestKind { static_file, item, order, order_status };
inline constexpr std::size_t kRequestKinds = 4;
/// "static", "item", "order", "order_status": the names in RequestMix and in metrics.
std::string_view request_kind_name(RequestKind kind);

struct ShopRequest {
  RequestKind kind = RequestKind::item;
  HttpRequest http;
};

/// Ids of orders that were answered with 201, the newest 64. Pure.
class RecentOrders {
 public:
  void add(std::int64_t id);
  void clear() { ids_.clear(); }
  /// Any of them with equal chance; nullopt when there is none.
  std::optional<std::int64_t> draw(Rng& rng) const;

 private:
  std::deque<std::int64_t> ids_;
};

/// Draws the next request. Pure but for the Rng that comes in.
class RequestRule {
 public:
  /// A mix without any weight is 50, 35, 10, 5; a key space below 1 is 1.
  explicit RequestRule(const v1::Traffic& traffic);
  /// The state of an order is asked for only when one is known: an item otherwise. Headers hold a traceparent.
  ShopRequest draw(Rng& rng, const RecentOrders& orders) const;

 private:
  RequestKind draw_kind(Rng& rng) const;

  std::array<double, kRequestKinds> cumulative_{};
  Zipf items_;
  Zipf statics_;
};

/// A sampled trace context drawn from `rng` (W3C Trace Context, section 3.2): "00-<32 hex>-<16 hex>-01".
std::string traceparent(Rng& rng);

/// The id in the answer to POST /orders: {"id": 17, ...}; nullopt when there is none.
std::optional<std::int64_t> order_id(std::string_view body);

}  // namespace chaos
