#include "server/route.hpp"

#include <charconv>

namespace chaos {
namespace {

constexpr std::string_view kRead = "GET, HEAD";

bool reads(std::string_view method) { return method == "GET" || method == "HEAD"; }

Route refuse(unsigned status, std::string_view reason, std::string_view allow = {}) {
  return {Ask::none, 0, status, reason, allow};
}

Route read_only(Ask ask, std::string_view method) {
  if (!reads(method)) return refuse(405, "method not allowed\n", kRead);
  return {ask};
}

Route with_id(Ask ask, std::string_view method, std::string_view text) {
  if (!reads(method)) return refuse(405, "method not allowed\n", kRead);
  Route out{ask};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out.id);
  if (code != std::errc() || end != text.data() + text.size() || out.id < 1) {
    return refuse(400, "the id must be a whole number from 1 up\n");
  }
  return out;
}

}  // namespace

Route route(std::string_view method, std::string_view path) {
  constexpr std::string_view kItems = "/items/";
  constexpr std::string_view kOrders = "/orders/";
  if (path.starts_with(kItems)) return with_id(Ask::item, method, path.substr(kItems.size()));
  if (path.starts_with(kOrders)) return with_id(Ask::order, method, path.substr(kOrders.size()));
  if (path == "/orders") return method == "POST" ? Route{Ask::place_order} : refuse(405, "method not allowed\n", "POST");
  if (path == "/healthz") return read_only(Ask::health, method);
  if (path == "/readyz") return read_only(Ask::readiness, method);
  return refuse(404, "not found\n");
}

std::string_view ask_name(Ask ask) {
  switch (ask) {
    case Ask::item: return "item";
    case Ask::place_order: return "place_order";
    case Ask::order: return "order";
    case Ask::health: return "healthz";
    case Ask::readiness: return "readyz";
    case Ask::none: break;
  }
  return "none";
}

}  // namespace chaos
