#include "client/requests.hpp"

#include "chaoslab/v1/node.pb.h"

#include <boost/json.hpp>

#include <algorithm>

namespace chaos {

namespace {

constexpr std::array<std::string_view, kRequestKinds> kNames{"static", "item", "order", "order_status"};
constexpr std::array<double, kRequestKinds> kDefaultMix{50, 35, 10, 5};
constexpr std::size_t kRecent = 64;
constexpr std::uint64_t kMaxQuantity = 3;

std::uint32_t keys(std::int32_t n) { return static_cast<std::uint32_t>(std::max(1, n)); }

void append_hex(std::string& out, Rng& rng, int words) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (int w = 0; w < words; ++w) {
    const bool last = w + 1 == words;
    const std::uint64_t word = last ? 1 + rng.below(0xffffffff) : rng.below(0x100000000);   // not all zero
    for (int shift = 28; shift >= 0; shift -= 4) out.push_back(kDigits[(word >> shift) & 0xf]);
  }
}

}  // namespace

std::string_view request_kind_name(RequestKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

void RecentOrders::add(std::int64_t id) {
  ids_.push_back(id);
  if (ids_.size() > kRecent) ids_.pop_front();
}

std::optional<std::int64_t> RecentOrders::draw(Rng& rng) const {
  if (ids_.empty()) return std::nullopt;
  return ids_[rng.below(ids_.size())];
}

RequestRule::RequestRule(const v1::Traffic& traffic)
    : items_(keys(traffic.items()), traffic.zipf()), statics_(keys(traffic.statics()), traffic.zipf()) {
  const auto& mix = traffic.mix();
  std::array<double, kRequestKinds> weights{mix.static_(), mix.item(), mix.order(), mix.order_status()};
  if (std::all_of(weights.begin(), weights.end(), [](double w) { return w <= 0; })) weights = kDefaultMix;
  double sum = 0;
  for (std::size_t k = 0; k < kRequestKinds; ++k) cumulative_[k] = sum += std::max(0.0, weights[k]);
}

RequestKind RequestRule::draw_kind(Rng& rng) const {
  const double at = rng.uniform() * cumulative_.back();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
  return static_cast<RequestKind>(std::min<std::ptrdiff_t>(found - cumulative_.begin(), kRequestKinds - 1));
}

ShopRequest RequestRule::draw(Rng& rng, const RecentOrders& orders) const {
  ShopRequest request;
  request.kind = draw_kind(rng);
  std::optional<std::int64_t> order;
  if (request.kind == RequestKind::order_status && !(order = orders.draw(rng))) request.kind = RequestKind::item;
  HttpRequest& http = request.http;
  switch (request.kind) {
    case RequestKind::static_file: http.target = "/static/" + std::to_string(statics_.draw(rng)); break;
    case RequestKind::item: http.target = "/items/" + std::to_string(items_.draw(rng)); break;
    case RequestKind::order_status: http.target = "/orders/" + std::to_string(*order); break;
    case RequestKind::order:
      http.method = "POST";
      http.target = "/orders";
      http.body = R"({"item":)" + std::to_string(items_.draw(rng)) + R"(,"quantity":)" +
                  std::to_string(1 + rng.below(kMaxQuantity)) + "}";
      http.headers.add("Content-Type", "application/json");
      break;
  }
  http.headers.add("traceparent", traceparent(rng));
  return request;
}

std::string traceparent(Rng& rng) {
  std::string out = "00-";
  out.reserve(55);
  append_hex(out, rng, 4);
  out.push_back('-');
  append_hex(out, rng, 2);
  out.append("-01");
  return out;
}

std::optional<std::int64_t> order_id(std::string_view body) {
  boost::system::error_code ec;
  const boost::json::value value = boost::json::parse(body, ec);
  if (ec || !value.is_object()) return std::nullopt;
  const auto* id = value.get_object().if_contains("id");
  if (!id || !id->is_int64()) return std::nullopt;
  return id->get_int64();
}

}  // namespace chaos
