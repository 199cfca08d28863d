// The server's parameters: what they are, which values they take, how these are read and shown. Pure.
// Source: PostgreSQL 15 documentation, 20.1 "Setting Parameters", 54.24 "pg_settings"; descriptions as there.
#pragma once

#include "wire/pgwire_backend.hpp"

#include <span>

namespace chaos::pg {

/// Who may change it, and when: not at all; at the next start; at a reload; a superuser or everybody in a session too.
enum class SettingContext { internal, postmaster, sighup, superuser, user };
enum class SettingType { boolean, integer, real, string, enumeration };

struct SettingRule {
  std::string_view name;
  SettingContext context;
  SettingType type;
  std::string_view unit;        // ms, s, B, kB, 8kB: what a number without a unit counts
  std::string_view preset;
  std::string_view min;         // of numbers
  std::string_view max;
  std::string_view values;      // of an enumeration, with commas between them
  std::string_view category;
  std::string_view description;
  bool fixed = false;           // this server has no other value than the preset
  bool hidden = false;          // not in SHOW ALL
};

/// In the order of their names.
std::span<const SettingRule> setting_rules();
/// Without regard to case; null: there is none.
const SettingRule* find_setting(std::string_view name);

/// Only a superuser sees its value (GUC_SUPERUSER_ONLY).
bool for_superusers(const SettingRule& rule);

std::string_view context_word(SettingContext context);
std::string_view type_word(SettingType type);

/// A value as it was given to the value that is kept: numbers in their unit, booleans as on and off. False: 22023, or 0A000
/// when it is a value of PostgreSQL that this server does not have.
bool read_setting(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error);
/// "1min" of 60000 ms, as SHOW prints it.
std::string show_setting(const SettingRule& rule, const std::string& value);

}  // namespace chaos::pg
