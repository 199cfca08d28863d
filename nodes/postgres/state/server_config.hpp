// The server's parameters in force: presets, what the node says of itself, and what ALTER SYSTEM wrote. Pure.
//   As in PostgreSQL postgresql.auto.conf goes over postgresql.conf. The place of the latter is taken by what the node knows
//   (its address, its name) and what the controller says (max_connections): that counts at once, without a restart, unless
//   ALTER SYSTEM says otherwise. Source: PostgreSQL 15 documentation, 20.1.2.
#pragma once

#include "postgres/state/setting_rule.hpp"

#include <map>
#include <optional>
#include <string>

namespace chaos::pg {

/// Data thread only.
class ServerConfig {
 public:
  static constexpr std::size_t kMaxFile = 64 * 1024;

  /// The node's own value; the name must be known and the value one that the setting takes.
  void set_own(std::string_view name, std::string value);

  /// ALTER SYSTEM SET; value "default": RESET. Changes the file's text alone. False: 42704, 22023, 55P02 (cannot be changed).
  bool alter(std::string_view name, std::string_view value, ServerError& error);
  void alter_reset_all() { file_.clear(); }
  std::string file_text() const;
  /// Takes over a file's text; the lines that cannot be read are left out. How many those are.
  int read_file(std::string_view text);

  /// All of the file comes into force, as at a start; reload(): what may change while the server runs.
  void start(std::int64_t now_us);
  void reload(std::int64_t now_us);
  std::int64_t loaded_us() const { return loaded_us_; }
  /// Changes whenever a value in force may have changed.
  int generation() const { return generation_; }

  /// In force, as read_setting() leaves it; nullopt: there is no such setting.
  std::optional<std::string> value(std::string_view name) const;
  /// Of a number, in its unit.
  std::int64_t number(std::string_view name) const;
  bool pending_restart(const SettingRule& rule) const;
  /// "default", "configuration file" (ALTER SYSTEM's) or "override" (the node's own).
  std::string_view source(const SettingRule& rule) const;

 private:
  using Values = std::map<std::string, std::string, std::less<>>;   // by the name in the table
  Values own_;
  Values file_;          // as ALTER SYSTEM left it
  Values seen_;          // as the last start or reload read it
  Values in_force_;      // of what it read, what may count now
  std::int64_t loaded_us_ = 0;
  int generation_ = 0;
};

}  // namespace chaos::pg
