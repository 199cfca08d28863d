#include "lab/address_plan.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace chaos {

namespace {

constexpr std::array<std::pair<std::string_view, int>, 10> kOctets{{
    {"client", 10}, {"cdn", 20}, {"lb", 30}, {"server", 40}, {"redis", 50},
    {"replica", 55}, {"postgres", 60}, {"queue", 70}, {"worker", 80}, {"object_store", 90},
}};

}  // namespace

std::optional<int> role_octet(std::string_view role) {
  for (const auto& [name, octet] : kOctets) {
    if (name == role) return octet;
  }
  return std::nullopt;
}

std::string node_name(std::string_view role, int index) { return fmt::format("{}-{}", role, index); }

std::optional<int> second_octet(std::string_view address) {
  constexpr std::string_view kLoopback = "127.";
  if (!address.starts_with(kLoopback)) return std::nullopt;
  address.remove_prefix(kLoopback.size());
  int octet = 0;
  const auto [end, error] = std::from_chars(address.data(), address.data() + address.size(), octet);
  const bool whole = error == std::errc{} && end != address.data() + address.size() && *end == '.';
  return whole && octet >= 1 && octet <= 254 ? std::optional(octet) : std::nullopt;
}

std::string AddressPlan::node(std::string_view role, int index) const {
  const auto third = role_octet(role);
  if (!third || index < 1 || index > 254) return {};
  return fmt::format("127.{}.{}.{}", octet_, *third, index);
}

std::string AddressPlan::controller() const { return fmt::format("127.{}.1.1", octet_); }

}  // namespace chaos
