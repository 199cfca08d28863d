// Who may log in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::broker {

class Users {
 public:
  /// "NAME:PASSWORD" of each, separated by spaces; what has no colon is left out.
  explicit Users(std::string_view text);
  bool accept(const std::string& name, std::string_view password) const;
  /// By name, with the password.
  const std::map<std::string, std::string>& all() const { return users_; }

 private:
  std::map<std::string, std::string> users_;
};

struct Credentials {
  std::string name, password;
};
/// The response of connection.start-ok. PLAIN: RFC 4616; AMQPLAIN: a field table without its length, with LOGIN and
/// PASSWORD. nullopt: malformed, or another mechanism.
std::optional<Credentials> read_credentials(std::string_view mechanism, std::string_view response);
/// The header Authorization (RFC 7617).
std::optional<Credentials> read_basic(std::string_view header);

}  // namespace chaos::broker
