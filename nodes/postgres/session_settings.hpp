// SET and SHOW: what a session may change, with the server's values behind it. Pure.
#pragma once

#include "postgres/facts.hpp"
#include "wire/pgwire_backend.hpp"

#include <map>

namespace chaos::pg {

class SessionSettings {
 public:
  explicit SessionSettings(std::vector<Setting> server) : server_(std::move(server)) {}

  /// SET name TO value; an empty or "default" value resets. False: 42704 (no such setting), 22023 (bad value), 55P02
  /// (cannot be changed by a session). Names compare without case.
  bool set(const std::string& name, std::string value, ServerError& error);
  /// An empty name resets all.
  void reset(const std::string& name);
  std::optional<std::string> get(const std::string& name) const;
  bool show(const std::string& name, std::string& out, ServerError& error) const;
  std::vector<Setting> all() const;
  /// The name as clients are told it in ParameterStatus ("TimeZone"), empty when they are not told (55.2.7).
  static std::string_view reported(const std::string& name);
  /// A time such as "5s", "200ms", "1min", "1500" (ms); nullopt when malformed.
  static std::optional<double> milliseconds(std::string_view text);

 private:
  std::vector<Setting> server_;
  std::map<std::string, std::string> own_;
};

}  // namespace chaos::pg
