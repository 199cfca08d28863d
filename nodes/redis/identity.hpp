// Who the node says it is, and what a client may call itself.
#pragma once

#include <string_view>

namespace chaos::redis {

/// The Redis release whose answers and error texts this node gives.
inline constexpr std::string_view kRedisVersion = "7.0.15";

inline constexpr std::string_view kBadClientName =
    "ERR Client names cannot contain spaces, newlines or special characters.";
/// Printable ASCII without blanks; the empty name takes the name away.
bool is_client_name(std::string_view name);

}  // namespace chaos::redis
