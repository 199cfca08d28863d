// SET and SHOW: what a session has changed, over the server's values. Pure.
// Source: PostgreSQL 15 documentation, SET (its transactional part too), SHOW, RESET.
#pragma once

#include "postgres/state/server_config.hpp"

namespace chaos::pg {

/// One value of SHOW and pg_settings.
struct Setting {
  std::string name;
  std::string value;            // as SHOW prints it
};

/// Data thread only.
class SessionSettings {
 public:
  /// config must outlive it.
  explicit SessionSettings(const ServerConfig& config, bool superuser = true) : config_(&config), superuser_(superuser) {}

  /// SET name TO value; "default" resets. False: 42704 (no such setting), 22023 (bad value), 55P02 (cannot be changed by a
  /// session), 42501 (a superuser may), 0A000 (this server has one value alone). Names compare without case.
  bool set(const std::string& name, const std::string& value, ServerError& error);
  /// SET LOCAL: until the transaction ends.
  bool set_local(const std::string& name, const std::string& value, ServerError& error);
  /// The value comes from the startup packet: it is what RESET goes back to.
  bool set_at_start(const std::string& name, const std::string& value, ServerError& error);
  /// An empty name or "all" resets all.
  bool reset(const std::string& name, ServerError& error);

  /// Changes from now on are undone unless end(true) comes.
  void begin();
  void end(bool committed);

  /// As SHOW prints it; nullopt: there is no such setting.
  std::optional<std::string> get(const std::string& name) const;
  /// As it is kept: numbers in their unit.
  std::optional<std::string> value(const std::string& name) const;
  std::int64_t number(const std::string& name) const;
  /// False: 42501, its value is for superusers.
  bool may_see(const std::string& name, ServerError& error) const;
  bool superuser() const { return superuser_; }
  bool show(const std::string& name, std::string& out, ServerError& error) const;
  /// Those that may be seen.
  std::vector<Setting> all() const;
  /// "session", "client", or where the server has it from.
  std::string_view source(const SettingRule& rule) const;
  const ServerConfig& config() const { return *config_; }
  /// Changes whenever a value may have.
  int generation() const { return changes_ + config_->generation(); }

  /// Those that clients are told of in ParameterStatus whenever they change (55.2.7).
  static std::span<const std::string_view> reported();
  /// A time such as "5s", "200ms", "1min", "1500" (ms); nullopt when malformed.
  static std::optional<double> milliseconds(std::string_view text);

 private:
  using Values = std::map<std::string, std::string, std::less<>>;
  bool store(Values& where, const std::string& name, const std::string& value, ServerError& error);
  const std::string* own(std::string_view name) const;

  const ServerConfig* config_;
  bool superuser_;
  Values start_;
  Values session_;
  Values local_;
  std::optional<Values> before_;      // the session's at the transaction's begin
  int changes_ = 0;
};

}  // namespace chaos::pg
