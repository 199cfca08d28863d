// Which second octet of 127/8 a lab has: claimed for as long as it lives, so that two labs never share addresses.
#pragma once

#include <optional>

namespace chaos {

/// Held by a name in the kernel (an abstract Unix socket, unix(7)): gone with the process, no file.
class OctetClaim {
 public:
  /// wanted: 1 to 254, or 0 for the first free from 42 to 99. None when it is taken, or none is free.
  static std::optional<OctetClaim> take(int wanted);
  OctetClaim(OctetClaim&& other) noexcept;
  OctetClaim& operator=(OctetClaim&&) = delete;
  ~OctetClaim();
  int octet() const { return octet_; }

 private:
  OctetClaim(int fd, int octet) : fd_(fd), octet_(octet) {}
  int fd_;
  int octet_;
};

}  // namespace chaos
