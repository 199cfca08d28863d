// By which address the other nodes of a lab reach this one.
#pragma once

#include <optional>
#include <string>

namespace chaos {

/// The local address of a packet to `host_port` ("controller:7000"), by the routes of this host; nothing is sent. None when
/// the host has no address (yet). Blocks for as long as the name service takes.
std::optional<std::string> address_towards(const std::string& host_port);

}  // namespace chaos
