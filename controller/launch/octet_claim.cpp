#include "launch/octet_claim.hpp"

#include <cstddef>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace chaos {

namespace {

constexpr int kFirst = 42;
constexpr int kLast = 99;

int claim(int octet) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const std::string name = "chaoslab-127." + std::to_string(octet);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());     // a leading NUL: abstract
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

std::optional<OctetClaim> OctetClaim::take(int wanted) {
  const int first = wanted != 0 ? wanted : kFirst;
  const int last = wanted != 0 ? wanted : kLast;
  for (int octet = first; octet <= last; ++octet) {
    const int fd = claim(octet);
    if (fd >= 0) return OctetClaim(fd, octet);
  }
  return std::nullopt;
}

OctetClaim::OctetClaim(OctetClaim&& other) noexcept : fd_(std::exchange(other.fd_, -1)), octet_(other.octet_) {}

OctetClaim::~OctetClaim() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace chaos
