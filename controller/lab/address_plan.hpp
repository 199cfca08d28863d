// Names and addresses of a lab without containers: one address of 127/8 a node, standard ports on each. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chaos {

/// The third octet of a role's addresses; none for an unknown role.
std::optional<int> role_octet(std::string_view role);

/// "server-2"; indexes begin at 1.
std::string node_name(std::string_view role, int index);

/// The second octet of an address of 127/8; none for any other text.
std::optional<int> second_octet(std::string_view address);

class AddressPlan {
 public:
  /// octet: the second one, 1 to 254; labs on one machine differ in it.
  explicit AddressPlan(int octet) : octet_(octet) {}
  /// "127.42.40.2" for server 2; empty for an unknown role or an index outside of 1 to 254.
  std::string node(std::string_view role, int index) const;
  std::string controller() const;

 private:
  int octet_;
};

}  // namespace chaos
