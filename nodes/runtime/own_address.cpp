#include "runtime/own_address.hpp"

#include "runtime/asio.hpp"
#include "runtime/error.hpp"

#include <boost/asio/ip/udp.hpp>

namespace chaos {

std::optional<std::string> address_towards(const std::string& host_port) {
  const auto colon = host_port.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  asio::io_context io;
  ErrorCode ec;
  const auto found = asio::ip::udp::resolver(io).resolve(host_port.substr(0, colon), host_port.substr(colon + 1), ec);
  if (ec || found.empty()) return std::nullopt;
  const auto remote = found.begin()->endpoint();
  asio::ip::udp::socket socket(io);
  socket.open(remote.protocol(), ec);
  if (!ec) socket.connect(remote, ec);
  if (ec) return std::nullopt;
  const auto local = socket.local_endpoint(ec);
  return ec ? std::nullopt : std::optional(local.address().to_string());
}

}  // namespace chaos
